"""Old addresses that editors lead to pages of their own site, and to nothing else."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from tests.factories.cms import make_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]

LIST = "/cms/site-redirects/"


@pytest.fixture
def page(centre):
    return make_words(centre, title="Obiady", slug="obiady")


def rows():
    return list(Redirect.objects.order_by("pk").values_list("old_path", "site__hostname", "redirect_page__title"))


@pytest.mark.parametrize(
    "typed", ["/oferta/obiady.html", " https://stara.example/oferta/obiady.html ", "oferta/obiady.html/"]
)
def test_old_address_leads_to_the_page(desk, browse, centre, page, typed):
    response = desk.post(LIST, {"old_path": typed, "page": page.pk})

    assert response.status_code == 302
    assert rows() == [("/oferta/obiady.html", centre.site.hostname, "Obiady")]
    found = browse(centre).get("/oferta/obiady.html")
    assert (found.status_code, found.url) == (301, f"{centre.origin}/obiady/")


def test_list_has_as_many_queries_for_one_as_for_three(desk, centre, page, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(99) as asked:
            assert desk.get(LIST).status_code == 200
        return len(asked)

    Redirect.add_redirect("/a", redirect_to=page, site=centre.site)
    desk.get(LIST)
    one = queries()
    for path in ("/b", "/c"):
        Redirect.add_redirect(path, redirect_to=page, site=centre.site)

    assert queries() == one


def test_old_address_leads_to_it_on_its_own_host_only(desk, browse, stranger, page):
    desk.post(LIST, {"old_path": "/stare", "page": page.pk})

    assert browse(stranger).get("/stare/").status_code == 404


def test_removed_address_leads_nowhere(desk, browse, centre, page):
    Redirect.add_redirect("/stare", redirect_to=page, site=centre.site)

    response = desk.post(f"{LIST}{Redirect.objects.get().pk}/remove/")

    assert (response.status_code, rows()) == (302, [])
    assert browse(centre).get("/stare/").status_code == 404


@pytest.mark.parametrize(
    "refused", ["", "/", "/en/", "/prosby/stare", "/en/cms", "/biurko", "/obiady/", "/stare", "/a" * 101]
)
def test_address_that_cannot_lead_anywhere_is_refused(desk, centre, page, refused):
    Redirect.add_redirect("/stare", redirect_to=page, site=centre.site)

    response = desk.post(LIST, {"old_path": refused, "page": page.pk})

    assert (response.status_code, len(rows())) == (200, 1)
    assert response.context["form"].errors["old_path"]
    assert response.context["form"]["old_path"].value() == refused


@pytest.mark.parametrize("state", ["draft", "foreign", "gone"])
def test_nothing_leads_to_what_is_no_published_page_of_the_own_site(desk, centre, stranger, state):
    pages = {"draft": lambda: make_words(centre, live=False).pk, "foreign": lambda: make_words(stranger).pk}
    chosen = pages.get(state, lambda: 999_999)()

    response = desk.post(LIST, {"old_path": "/stare", "page": chosen})

    assert (response.status_code, rows()) == (200, [])
    assert response.context["form"].errors["page"]


def test_another_sites_addresses_are_not_there(desk, stranger):
    theirs = Redirect.add_redirect("/cudzoziemska", redirect_to=make_words(stranger), site=stranger.site)

    assert "/cudzoziemska" not in desk.get(LIST).text
    assert desk.post(f"{LIST}{theirs.pk}/remove/").status_code == 404
    assert len(rows()) == 1


def test_addresses_are_for_editors_only(browse, centre, stranger, editor):
    assert browse(stranger, editor).get(LIST).status_code == 403
    assert browse(centre).get(LIST).status_code == 302
