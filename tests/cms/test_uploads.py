"""Photos and documents on their way in and out."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

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
