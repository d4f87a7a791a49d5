"""A new municipality by the wizard in the CMS of the portal."""

import pytest
from django.core import signing

from cms.models import SiteLook
from neighbourhoods.models import Municipality
from tests.cms.found import PLACES

pytestmark = pytest.mark.django_db

GMINA = {"name": "Kozienice", "locative": "w Kozienicach", "slug": "kozienice", "code": "KO", "terc": "1407053",
         "latitude": "50.28", "longitude": "18.86"}  # fmt: skip
CENTRE = {"centre_name": "CUS w Kozienicach", "phone": "48 611 00 00", "organiser": "osl@kozienice.example"}
SITE = {"hostname": "kozienice.localhost", "languages": ["pl", "en"], "colour": "#7a3b0f"}
WIZARD = "/cms/new-municipality/"

wizardry = pytest.mark.usefixtures("wagtails_templates")


@pytest.fixture
def keeper(browse, portal, superuser):
    return browse(None, superuser)


def answer(client, page, **sent):
    return client.post(WIZARD, {"step": page.context["step"], "answers": page.context["answers"], **sent})


@pytest.mark.long
@wizardry
def test_wizard_makes_a_municipality(keeper):
    page = keeper.get(WIZARD)
    for sent in (GMINA, CENTRE, SITE, {"pasted": PLACES}):
        page = answer(keeper, page, **sent)
    assert page.context["report"].pages == 2 * 12
    assert not Municipality.objects.exists()

    done = answer(keeper, page)

    made = Municipality.objects.with_site().get()
    assert (done.status_code, made.in_preparation, made.site.hostname) == (302, True, "kozienice.localhost")
    assert SiteLook.for_site(made.site).colour == "#7a3b0f"


@wizardry
def test_wizard_says_what_is_wrong_where_it_was_asked(keeper):
    page = answer(keeper, keeper.get(WIZARD), **{**GMINA, "terc": "1"})

    assert (page.context["step"], list(page.context["form"].errors)) == (0, ["terc"])


@wizardry
def test_wizard_names_the_bad_lines_of_a_list(keeper):
    page = keeper.get(WIZARD)
    for sent in (GMINA, CENTRE, SITE, {"pasted": PLACES.replace("50,31", "tu")}):
        page = answer(keeper, page, **sent)

    assert page.context["step"] == 3
    assert "3" in page.context["form"].non_field_errors()[0]


@wizardry
@pytest.mark.parametrize("seal", ["", "zlamana", signing.dumps({"gmina": GMINA}, salt="cms.other")])
def test_broken_seal_begins_again(keeper, seal):
    page = keeper.post(WIZARD, {"step": 4, "answers": seal})

    assert (page.status_code, page.context["step"]) == (200, 0)
    assert not Municipality.objects.exists()


@wizardry
def test_wizard_goes_back(keeper):
    page = answer(keeper, keeper.get(WIZARD), **GMINA)

    page = answer(keeper, page, back="1")

    assert page.context["step"] == 0
    assert "Kozienice" in page.text


@wizardry
def test_wizard_is_for_superusers_on_the_portal(browse, portal, centre, editor, superuser):
    assert browse(centre, superuser).get(WIZARD).status_code == 404
    assert browse(centre, editor).get(WIZARD).status_code == 404
    assert browse(None, editor).get(WIZARD).status_code == 403
