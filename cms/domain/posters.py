"""Posters of initiatives: one sheet of paper as PDF/UA, with a QR code of the page.

Made by Typst from a template of ours, with the fonts that it brings along (they hold the letters of all three
languages), so that it looks alike on every machine and asks no network. A poster is kept under a digest of everything
that stands on it: it is made once for each version of its words.
"""

import json
import tempfile
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from django.core.cache import caches

from cms.models import SiteLook

TEMPLATE = Path(__file__).with_name("poster.typ")
LIFE = 24 * 3600
SIZES = ("a4", "a5")
# Letters that fit at full size; more are set smaller, so that one sheet is enough.
ROOMY, FULL = 480, 900


@dataclass(frozen=True)
class Fact:
    """A heading and its lines: When, Where, For whom."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class Poster:
    """All that stands on it, in the reader's language."""

    title: str
    summary: str
    facts: list[Fact]
    invitation: str
    phone: str
    address: str
    qr: str
    centre: str
    colour: str
    language: str
    size: str = "a4"

    @property
    def scale(self):
        letters = sum(len(text) for text in (self.title, self.summary, *self._lines()))
        return 1 if letters <= ROOMY else 0.82 if letters <= FULL else 0.68

    def _lines(self):
        for fact in self.facts:
            yield from fact.lines


def look_of(municipality):
    """Colour, logo and phone of the centre's site; what nobody has set is as at the beginning."""
    look = SiteLook.objects.filter(site=municipality.site_id).select_related("logo").first()
    return look or SiteLook()


def pdf(poster, *, logo=None):
    """The poster as bytes. `logo`: a PNG, or None."""
    words = {**asdict(poster), "scale": poster.scale, "logo": "logo.png" if logo else ""}
    source = json.dumps(words, sort_keys=True)
    key = f"poster:{_digest(source, logo or b'', TEMPLATE.read_text())}"
    made = caches["pages"].get(key)
    if made is None:
        made = _compile(source, poster.address, logo)
        caches["pages"].set(key, made, LIFE)
    return made


def _digest(source, logo, template):
    digest = blake2b(digest_size=16)
    for part in (source.encode(), logo, template.encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _compile(source, address, logo):
    import typst  # noqa: PLC0415 -- slow import: 80 MB that most processes never need

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        (root / "qr.svg").write_text(qr_code(address), encoding="utf-8")
        if logo:
            (root / "logo.png").write_bytes(logo)
        return typst.compile(
            str(root / TEMPLATE.name),
            root=folder,
            ignore_system_fonts=True,
            sys_inputs={"words": source},
            pdf_standards=["ua-1"],
            # Equal words give equal bytes.
            timestamp=0,
        )


def qr_code(address):
    """The code of an address as SVG, with the white margin that readers need."""
    import qrcode  # noqa: PLC0415 -- slow import

    code = qrcode.QRCode(border=4)
    code.add_data(address)
    code.make()
    matrix = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark)
    side = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{dark}"/></svg>'
    )
