"""Photos and documents on their way in and out."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.filetypes import OFFICE_PARTS, OPEN_DOCUMENT, UNPACKED_LIMIT
from tests.factories.cms import collection_of, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]

ORIENTATION, GPS = 0x0112, 0x8825


def photo(kind="JPEG", size=(60, 40), *, notes=True):
    """A picture as a phone makes it: lying on its side, with the place where it was taken."""
    picture, exif, file = Picture.new("RGB", size, "seagreen"), Picture.Exif(), io.BytesIO()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (50.0, 16.0, 50.0)
    picture.save(file, kind, **({"exif": exif} if notes else {}))
    return SimpleUploadedFile(f"zdjecie.{kind.lower()}", file.getvalue(), content_type=f"image/{kind.lower()}")


def upload(desk, centre, file):
    return desk.post("/cms/images/add/", {"title": "Festyn", "file": file, "collection": collection_of(centre).pk})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_loses_the_notes_of_the_camera(desk, centre, kind):
    upload(desk, centre, photo(kind))

    image = get_image_model().objects.get()
    with image.open_file() as file, Picture.open(file) as picture:
        assert (picture.format, dict(picture.getexif()), picture.info.get("exif")) == (kind, {}, None)
        assert picture.size == (image.width, image.height) == (40, 60)


def test_scaled_photo_has_no_notes_either(desk, centre):
    upload(desk, centre, photo())

    rendition = get_image_model().objects.get().get_rendition("width-30")

    with rendition.file.open() as file, Picture.open(file) as picture:
        assert dict(picture.getexif()) == {}
    rendition.file.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("obraz.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("obraz.png", b"to nie jest obraz"),
        ("obraz.jpeg", b""),
        ("obraz.gif", b"GIF89a"),
    ],
)
def test_what_is_no_photo_is_refused(desk, centre, name, content):
    response = upload(desk, centre, SimpleUploadedFile(name, content))

    assert "file" in response.context["form"].errors
    assert not get_image_model().objects.exists()


def test_huge_photo_is_refused_by_its_size(desk, centre, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000

    response = upload(desk, centre, photo())

    assert "file" in response.context["form"].errors


def test_photo_goes_into_the_own_collection_only(desk, stranger):
    upload(desk, stranger, photo())

    assert not get_image_model().objects.filter(collection=collection_of(stranger)).exists()


@pytest.mark.parametrize("name", ["strona.html", "skrypt.js", "obraz.svg", "program.exe"])
def test_documents_that_could_act_are_refused(desk, centre, name):
    sent = {"title": "Pismo", "file": SimpleUploadedFile(name, b"x"), "collection": collection_of(centre).pk}

    desk.post("/cms/documents/add/", sent)

    assert not get_document_model().objects.exists()


@pytest.mark.parametrize("name", ["pismo.pdf", "pismo.txt", "dane.csv"])
def test_documents_are_downloads(browse, centre, name):
    document = make_document(centre, file=SimpleUploadedFile(name, b"tresc"))

    response = browse(centre).get(document.url)

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    response.close()


# --- Real bytes -------------------------------------------------------------------------------------------------------


def noise(size=(200, 150)):
    return Picture.effect_noise(size, 90).convert("RGB")


def bytes_of(picture, kind="PNG", **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def bomb(width=30_000, height=30_000):
    """A PNG of a few hundred bytes that says it has 900 megapixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def test_code_behind_or_inside_a_picture_is_left_behind(desk, centre):
    """A polyglot: a picture that is a page of code as well, in its comment, its colour profile and after its end."""
    code = b"<script>alert(document.cookie)</script>"
    content = bytes_of(noise(), "JPEG", comment=code, icc_profile=code * 10) + code

    upload(desk, centre, SimpleUploadedFile("zdjecie.jpg", content))

    with get_image_model().objects.get().open_file() as file:
        assert b"<script" not in file.read()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_see_through_picture_stays_see_through(desk, centre, kind):
    picture = Picture.new("RGBA", (40, 40), (10, 20, 30, 0))

    upload(desk, centre, SimpleUploadedFile(f"logo.{kind.lower()}", bytes_of(picture, kind)))

    with get_image_model().objects.get().open_file() as file, Picture.open(file) as kept:
        assert kept.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_pictures_in_any_colours_are_taken(desk, centre, mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    upload(desk, centre, SimpleUploadedFile(f"zdjecie.{kind.lower()}", bytes_of(noise().convert(mode), kind)))

    assert get_image_model().objects.get().width == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ucięte.jpg", bytes_of(noise(), "JPEG")[:-4000]),
        ("ucięte.png", bytes_of(noise())[:-4000]),
        ("bomba.png", bomb()),
        ("duża.png", bomb(6400, 6400)),
        ("przebrane.png", bytes_of(noise(), "JPEG")),
        ("przebrane.jpg", b"%PDF-1.7"),
        ("obraz.html", b"<html><script>alert(1)</script></html>"),
        ("obraz.svg.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("obraz.svgz", b"\x1f\x8b"),
        ("ogromne.jpg", bytes_of(noise(), "JPEG") + b"\0" * (10 * 1024 * 1024)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("address", ["/cms/images/add/", "/cms/images/multiple/add/"])
def test_bad_photo_is_refused_with_words(desk, centre, address, name, content):
    field = "files[]" if "multiple" in address else "file"
    sent = {"title": "Zdjęcie", field: SimpleUploadedFile(name, content), "collection": collection_of(centre).pk}

    response = desk.post(address, sent, headers={"x-requested-with": "XMLHttpRequest"})

    assert response.status_code == 200
    assert not get_image_model().objects.exists()
    errors = response.json()["error_message"] if "multiple" in address else response.context["form"].errors["file"]
    assert errors


def office(kind, *, extra=(), size=0):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind in OPEN_DOCUMENT:
            archive.writestr("mimetype", OPEN_DOCUMENT[kind])
            archive.writestr("content.xml", "<x/>")
        else:
            archive.writestr("[Content_Types].xml", "<x/>")
            archive.writestr(OFFICE_PARTS[kind], "<x/>")
        for name in extra:
            archive.writestr(name, "x")
        if size:
            archive.writestr("wielkie.bin", b"\0" * size)
    return file.getvalue()


GOOD = {
    "pismo.pdf": b"%PDF-1.7\n",
    "pismo.odt": office("odt"),
    "dane.ods": office("ods"),
    "pismo.docx": office("docx"),
    "dane.xlsx": office("xlsx"),
    "dane.csv": "imię;miejscowość\nŁucja;Żory\n".encode("cp1250"),
    "pismo.txt": "Zażółć gęślą jaźń".encode(),
    "pismo.rtf": b"{\\rtf1 Tekst}",
    "film.mp4": b"\0\0\0\x18ftypmp42",
    "film.webm": b"\x1a\x45\xdf\xa3",
}
BAD = [
    ("pismo.pdf", b"<html><script>alert(1)</script>%PDF-1.7"),
    ("pismo.pdf", b"MZ\x90"),
    ("pismo.pdf", b""),
    ("pismo.docx", b"%PDF-1.7"),
    ("pismo.docx", office("docx", extra=["word/vbaProject.bin"])),
    ("pismo.docx", office("docx", extra=["word/activeX/activeX1.xml"])),
    ("pismo.docx", office("xlsx")),
    ("pismo.docx", office("docx")[:-30]),
    ("dane.xlsx", office("xlsx", extra=["xl/embeddings/oleObject1.bin"])),
    ("pismo.odt", office("odt", extra=["Basic/Standard/Module1.xml"])),
    ("pismo.odt", office("ods")),
    ("pismo.docx", office("docx", size=UNPACKED_LIMIT + 1)),
    ("dane.csv", b"\0\0\0"),
    ("pismo.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
    ("pismo.txt", b"\xef\xbb\xbf<svg onload=alert(1)>"),
    ("pismo.rtf", b"{\\rtf1{\\object\\objdata 0105}}"),
    ("film.mp4", b"<html>"),
    ("film.webm", b"RIFF"),
    ("strona.html", b"<html>"),
    ("obraz.svg", b"<svg/>"),
    ("makra.docm", office("docx")),
    ("bez-rozszerzenia", b"x"),
]


def send_document(desk, centre, name, content):
    sent = {"title": "Pismo", "file": SimpleUploadedFile(name, content), "collection": collection_of(centre).pk}
    return desk.post("/cms/documents/add/", sent)


@pytest.mark.parametrize(("name", "content"), GOOD.items(), ids=GOOD)
def test_document_that_is_what_it_says_is_taken(desk, centre, name, content):
    send_document(desk, centre, name, content)

    with get_document_model().objects.get().open_file() as file:
        assert file.read() == content


@pytest.mark.parametrize(("name", "content"), BAD, ids=range(len(BAD)))
def test_bad_document_is_refused_with_words(desk, centre, name, content):
    response = send_document(desk, centre, name, content)

    assert response.context["form"].errors["file"]
    assert not get_document_model().objects.exists()


def test_document_that_is_too_large_is_refused(desk, centre, monkeypatch):
    monkeypatch.setattr("cms.filetypes.DOCUMENT_LIMIT", 1000)

    response = send_document(desk, centre, "pismo.pdf", b"%PDF-1.7" + b"\0" * 1000)

    assert "file" in response.context["form"].errors
