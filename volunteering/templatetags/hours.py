"""Minutes as people say them."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def hours(minutes, sign=""):
    """90 → “1 h 30 min”, -60 → “−1 h”; with `signed` a plus stands before what came in."""
    whole, rest = divmod(abs(minutes), 60)
    parts = [*([_("%(number)d h") % {"number": whole}] if whole or not rest else [])]
    parts += [_("%(number)d min") % {"number": rest}] if rest else []
    before = "−" if minutes < 0 else "+" if sign and minutes else ""
    # A number and its unit stay together.
    return before + " ".join(part.replace(" ", "\u00a0") for part in parts)
