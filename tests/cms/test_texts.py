"""Versions of the texts that people agree to, and consents that name them."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.domain import people
from accounts.models import Consent
from cms.models import PrivacyPage, TermsPage, TextVersion
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_home, make_page, make_privacy, make_terms

pytestmark = pytest.mark.django_db

TERMS, PRIVACY = Consent.Kind.TERMS, Consent.Kind.PRIVACY


def rewrite(page, text, *, changes=False):
    page.text, page.changes_agreement = text, changes
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def numbers(page):
    return list(TextVersion.objects.of_page(page).values_list("version", flat=True))


def read(browse, centre, address):
    response = browse(centre).get(address)
    return response.status_code, response.text.replace("\xa0", " ")


def test_first_text_is_the_first_version(centre):
    page = make_terms(home_of(centre))

    assert numbers(page) == [f"{centre.code}-1"]
    assert people.text_version(TERMS, centre) == f"{centre.code}-1"


def test_draft_is_no_version(centre):
    page = make_terms(home_of(centre), live=False)

    assert numbers(page) == []
    assert people.text_version(TERMS, centre) == people.TEXT_VERSIONS[TERMS]


def test_corrected_mistake_makes_no_new_version(browse, centre):
    page = make_terms(home_of(centre))

    rewrite(page, "<p>Poprawione zasady.</p>")

    assert numbers(page) == [f"{centre.code}-1"]
    assert "Poprawione zasady." in read(browse, centre, "/zasady/wersja/1/")[1]


def test_changed_meaning_makes_a_new_version_and_keeps_the_old_one(browse, centre):
    page = make_terms(home_of(centre))

    rewrite(page, "<p>Drugie zasady.</p>", changes=True)

    assert numbers(page) == [f"{centre.code}-2", f"{centre.code}-1"]
    _status, now = read(browse, centre, "/zasady/")
    status, before = read(browse, centre, "/zasady/wersja/1/")
    assert ("Drugie zasady." in now, "Pierwsze zasady." in now) == (True, False)
    assert (status, "Pierwsze zasady." in before, "Drugie zasady." in before) == (200, True, False)
    assert 'name="robots" content="noindex"' in before


def test_tick_counts_for_one_publishing_only(centre):
    page = make_terms(home_of(centre))

    rewrite(page, "<p>Drugie.</p>", changes=True)
    draft = page.get_latest_revision_as_object()
    draft.text = "<p>Drugie, poprawione.</p>"
    draft.save_revision().publish()

    assert (page.changes_agreement, draft.changes_agreement) == (False, False)
    assert numbers(page) == [f"{centre.code}-2", f"{centre.code}-1"]


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "1/2", "99999999999999999999"])
def test_versions_that_never_were_are_not_there(browse, centre, number):
    make_terms(home_of(centre))

    assert browse(centre).get(f"/zasady/wersja/{number}/").status_code == 404


def test_versions_of_an_unpublished_text_are_not_there(browse, centre):
    page = make_terms(home_of(centre))
    page.unpublish()

    assert browse(centre).get("/zasady/wersja/1/").status_code == 404


def test_consent_names_the_version_that_was_read(centre):
    page, user = make_terms(home_of(centre)), UserFactory()

    first = people.give_consent(user, TERMS, municipality=centre)
    rewrite(page, "<p>Drugie.</p>", changes=True)
    asked_again = people.missing_consents(user, municipality=centre)
    second = people.give_consent(user, TERMS, municipality=centre)

    assert (first.version, second.version) == (f"{centre.code}-1", f"{centre.code}-2")
    assert TERMS in asked_again
    assert set(user.consents.values_list("version", flat=True)) == {first.version, second.version}


def test_consent_to_one_centre_is_none_to_another(centre, stranger):
    make_terms(home_of(centre))
    make_terms(home_of(stranger))
    user = UserFactory()

    people.give_consent(user, TERMS, municipality=centre)

    assert TERMS not in people.missing_consents(user, municipality=centre)
    assert TERMS in people.missing_consents(user, municipality=stranger)


def test_introduction_agrees_to_the_texts_of_the_site(centre):
    make_terms(home_of(centre))
    make_privacy(home_of(centre))

    user = people.introduce("anna@example.org", display_name="Anna", municipality=centre)

    assert set(user.consents.values_list("kind", "version")) == {
        (TERMS, f"{centre.code}-1"),
        (PRIVACY, f"{centre.code}-1"),
    }
    assert people.is_complete(user, municipality=centre)


def test_portal_has_versions_of_its_own(portal):
    make_terms(portal.root_page)

    assert people.text_version(TERMS, None) == "OGN-1"


def test_translation_has_the_number_of_the_polish_page(centre):
    page = make_terms(home_of(centre))
    rewrite(page, "<p>Drugie.</p>", changes=True)
    english = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))

    translation = make_page(
        TermsPage(title="Terms", slug="terms", text="<p>Second.</p>", translation_key=page.translation_key),
        below=english,
        language="en",
    )

    assert numbers(translation) == [f"{centre.code}-2"]
    assert people.text_version(TERMS, centre) == f"{centre.code}-2"


def test_translation_cannot_make_a_version(centre):
    page = make_terms(home_of(centre))
    english = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))

    with pytest.raises(ValidationError) as refusal:
        make_page(
            TermsPage(
                title="Terms", slug="t", text="<p>x</p>", translation_key=page.translation_key, changes_agreement=True
            ),
            below=english,
            language="en",
        )

    assert list(refusal.value.message_dict) == ["changes_agreement"]


def test_site_has_one_text_of_a_kind(centre):
    make_terms(home_of(centre))

    with pytest.raises(ValidationError) as refusal:
        make_terms(home_of(centre), slug="zasady-2")

    assert list(refusal.value.message_dict) == ["kind"]


def test_rules_for_helpers_are_a_text_of_their_own(centre):
    make_terms(home_of(centre))
    make_terms(home_of(centre), slug="zasady-dla-pomagajacych", kind="volunteer_rules")

    assert people.text_version(Consent.Kind.VOLUNTEER_RULES, centre) == f"{centre.code}-1"
    assert PrivacyPage.objects.count() == 0


@pytest.mark.postgres
def test_database_holds_one_version_of_a_number(centre):
    version = TextVersion.objects.get(page=make_terms(home_of(centre)))
    version.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


@pytest.mark.usefixtures("wagtails_templates")
def test_agreed_text_cannot_be_deleted(browse, centre, superuser):
    page = make_terms(home_of(centre))
    client = browse(centre, superuser)

    client.post(f"/cms/pages/{page.pk}/delete/")
    client.post(f"/cms/bulk/wagtailcore/page/delete/?id={page.pk}")

    assert TermsPage.objects.filter(pk=page.pk).exists()


def test_purging_revisions_leaves_the_versions(centre):
    page = make_terms(home_of(centre))
    for number in range(3):
        rewrite(page, f"<p>{number}</p>", changes=not number)

    call_command("purge_revisions", verbosity=0)

    assert numbers(page) == [f"{centre.code}-2", f"{centre.code}-1"]


def test_addresses_of_the_texts_lead_to_the_site_s_own_pages(browse, centre):
    make_terms(home_of(centre))
    make_privacy(home_of(centre))

    assert browse(centre).get("/konto/zasady/").url.endswith("/zasady/")
    assert browse(centre).get("/konto/prywatnosc/").url.endswith("/prywatnosc/")


def test_site_without_a_privacy_notice_has_no_address_of_it(browse, centre):
    assert browse(centre).get("/konto/prywatnosc/").status_code == 404
