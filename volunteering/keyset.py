"""Pages of long lists by key instead of by number: page 450 costs what page 1 costs.

A cursor names the row at the edge of a page by the values it is sorted by. It is opaque to people, harmless to forge
(it only says where to start) and a broken one simply starts at the beginning.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q

SIZE = 20
COUNT_CAP = 1000
# Rows that are looked at for a page of which only some belong there.
SIFTED = 100
# The largest key that either database can be asked for.
MOST = 1 << 63


@dataclass(frozen=True)
class Page:
    """Rows of one page; cursors of its neighbours, "" where there is none."""

    rows: list = field(default_factory=list)
    next: str = ""
    previous: str = ""


def page(queryset, params, *, order, size=SIZE, sift=None):
    """The page of a list that the address asks for by `after` or `before`.

    `order`: names of fields, "-" for descending, together unique; nullable fields do not belong there. `sift`: what
    keeps, of a list of rows, those that belong here, where a query cannot say it. Then SIFTED rows are looked at for
    one page: it may be short, or empty, and still have neighbours.
    """
    backwards = bool(params.get("before")) and not params.get("after")
    edge = _read(params.get("before") if backwards else params.get("after", ""), len(order))
    directed = [_turned(name) for name in order] if backwards else list(order)
    try:
        looked_at = list(_beyond(queryset, directed, edge).order_by(*directed)[: SIFTED if sift else size + 1])
    except (ValidationError, ValueError, TypeError):
        return page(queryset, {}, order=order, size=size, sift=sift)
    rows = sift(looked_at) if sift else looked_at
    has_more, rows = len(rows) > size, rows[:size]
    # The next page begins after the last row shown; where everything looked at was sifted, after all of that.
    edges = rows if has_more or not sift else looked_at
    has_more = has_more or (sift is not None and len(looked_at) == SIFTED)
    if backwards:
        rows, edges = rows[::-1], edges[::-1]
    has_next, has_previous = (bool(edge), has_more) if backwards else (has_more, bool(edge))
    return Page(
        rows,
        next=cursor(edges[-1], order) if edges and has_next else "",
        previous=cursor(edges[0], order) if edges and has_previous else "",
    )


def capped_count(queryset, cap=COUNT_CAP):
    """How many rows there are, as words: exact up to the cap, "1000+" beyond it. Counting all of a big list costs a
    hundred pages."""
    count = queryset.order_by()[: cap + 1].count()
    return f"{cap}+" if count > cap else str(count)


def _turned(name):
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(queryset, order, edge):
    """Rows after the edge: (a, b) beyond (x, y) means a beyond x, or a = x and b beyond y."""
    if not edge:
        return queryset
    condition, same = Q(), Q()
    for name, value in zip(order, edge, strict=True):
        field_name, comparison = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= same & Q(**{f"{field_name}__{comparison}": value})
        same &= Q(**{field_name: value})
    # Says nothing new, but lets both databases begin in the index at the edge: of an "or" they read all that is before.
    field_name, comparison = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    return queryset.filter(condition, **{f"{field_name}__{comparison}": edge[0]})


def cursor(row, order):
    """Names this row as the edge of a page."""
    values = []
    for name in order:
        value = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        values.append(value.isoformat() if hasattr(value, "isoformat") else value)
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(text, length):
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, UnicodeEncodeError, TypeError):
        return None
    is_sound = isinstance(values, list) and len(values) == length and all(_is_sound(value) for value in values)
    return values if is_sound else None


def _is_sound(value):
    return isinstance(value, str) or (type(value) is int and abs(value) < MOST)
