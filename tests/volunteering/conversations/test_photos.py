"""What becomes of a photo: nothing but the picture is kept, and what is made to break readers is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from volunteering.domain import photos
from volunteering.domain.photos import redraw
from volunteering.errors import Refused


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width, height):
    """A small PNG whose header promises a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 100_000, 9)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return SimpleUploadedFile("bomba.png", data)


def test_where_it_was_taken_is_gone(picture):
    file = picture(gps=True)
    assert b"Kanarek" in file.read()
    file.seek(0)

    redrawn = redraw(file)

    drawn = Image.open(BytesIO(redrawn.content))
    assert (drawn.format, dict(drawn.getexif()), drawn.info.get("exif")) == ("JPEG", {}, None)
    assert b"Kanarek" not in redrawn.content
    assert b"Exif" not in redrawn.content


def test_words_and_colours_beside_the_picture_are_gone():
    target = BytesIO()
    Image.new("RGB", (9, 9)).save(target, "JPEG", comment=b"Kanarek", icc_profile=b"Kanarek" * 50)

    redrawn = redraw(SimpleUploadedFile("a.jpg", target.getvalue()))

    assert b"Kanarek" not in redrawn.content


def test_a_photo_stands_upright(picture):
    notes = Image.Exif()
    notes[274] = 6  # lies on its side

    redrawn = redraw(picture((40, 30), exif=notes))

    assert (redrawn.width, redrawn.height) == (30, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_photos_become_smaller(picture, kind):
    redrawn = redraw(picture((3200, 1600), kind))

    assert (redrawn.width, redrawn.height) == (1600, 800)
    assert len(redrawn.content) < 100_000


def test_what_is_clear_becomes_white(picture):
    file = picture((4, 4), "PNG", mode="LA")
    file = SimpleUploadedFile("a.png", file.read())
    target = BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(target, "PNG")

    redraw(file)
    redrawn = redraw(SimpleUploadedFile("b.png", target.getvalue()))

    assert min(Image.open(BytesIO(redrawn.content)).getpixel((1, 1))) > 250


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"GIF89a" + b"\x00" * 50,
        b"\xff\xd8\xff\xe0" + b"\x00" * 20,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ],
)
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(Refused, match=r"JPEG, PNG"):
        redraw(SimpleUploadedFile("zdjecie.jpg", content))


def test_half_a_photo_is_refused(picture):
    whole = picture((900, 900), "PNG").read()

    with pytest.raises(Refused):
        redraw(SimpleUploadedFile("a.png", whole[: len(whole) // 2]))


@pytest.mark.parametrize("size", [(5000, 5000), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 2)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    with pytest.raises(Refused):
        redraw(bomb(*size))


def test_a_file_of_many_megabytes_is_refused(monkeypatch, picture):
    monkeypatch.setattr(photos, "LARGEST_FILE", 100)

    with pytest.raises(Refused, match="10 MB"):
        redraw(picture())
