"""An editor of one centre sees and touches nothing of another one, by no address of the CMS."""

import io
import re
import zipfile

import pytest
from django_scopes import scope

from tests.cms.belongings import Belongings
from tests.cms.walk import addresses, parts_of, routes
from tests.factories.groups import GroupFactory, GroupMemberFactory, GroupPostFactory
from tests.factories.volunteering import HelpRequestFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wagtails_templates"),
]

# Everything of the other centre bears this in its words. Anything shorter would turn up in tokens by chance. What is
# asked for is one letter less, so that an answer may repeat it.
FOREIGN = re.compile("cudzoziemsk[ai]|sekretnasprawa", re.IGNORECASE)
CHANGES = {
    "title": "Zmieniona",
    "comment": "Zmieniony",
    "action-publish": "1",
    "external-link-chooser-url": "https://example.org",
}
QUERIES = ("", "?p=1&q=cudzoziemsk", "?export=xlsx")
NAMING_SOMETHING = ()
# What a resident asks for, and who belongs to a closed group: no role in the CMS may see it, of the own centre neither.
SECRET = "Sekretnasprawa"


@pytest.fixture
def foreign(stranger):
    return Belongings(stranger, "Cudzoziemska")


def words_of(response):
    """All that an answer says; a spreadsheet is unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace") + response.headers.get("Location", "")


def foreign_words(response):
    """Words of the other centre in an answer, with their surroundings."""
    words = words_of(response)
    return [words[max(0, found.start() - 60) : found.end() + 20] for found in FOREIGN.finditer(words)]


def shown(client, things, queries):
    """Addresses of a centre's things that show words of the other centre to a person, or those of a case, and those
    that break."""
    answers = [(address, client.get(address)) for address in addresses(things, queries=queries)]
    assert client.get("/cms/").status_code == 200, "the walk must not end outside the CMS"
    leaks = {address: words for address, response in answers if (words := foreign_words(response))}
    return leaks, [address for address, response in answers if response.status_code >= 500]


def test_words_of_the_other_centre_are_found_where_they_belong(browse, stranger, foreign):
    page = browse(stranger, foreign.editor).get(f"/cms/pages/{foreign.page.pk}/edit/")

    assert foreign_words(page) != []


@pytest.mark.long
def test_addresses_of_another_centre_show_nothing(desk, foreign):
    assert shown(desk, foreign, NAMING_SOMETHING) == ({}, [])


@pytest.mark.long
def test_own_addresses_and_lists_show_nothing_of_another_centre_no_case_and_no_member_of_a_closed_group(
    desk, centre, foreign
):
    own = Belongings(centre, "Nasza")
    with scope(municipality=centre):
        HelpRequestFactory(municipality=centre, words=f"{SECRET} pani Zofii")
        group = GroupFactory(closed=True, initiative__municipality=centre)
        member = GroupMemberFactory(group=group, named=True, user__display_name=f"{SECRET} Zofia")
        GroupPostFactory(group=group, author=member.user, text=f"{SECRET} od Zofii")

    assert shown(desk, own, (*QUERIES, f"?q={SECRET[:-1]}")) == ({}, [])


@pytest.mark.long
def test_no_post_changes_anything_of_another_centre(desk, foreign):
    before = foreign.fingerprint()

    answers = [(address, desk.post(address, CHANGES)) for address in addresses(foreign)]

    assert desk.get("/cms/").status_code == 200
    assert foreign.fingerprint() == before
    assert {address: words for address, response in answers if (words := foreign_words(response))} == {}
    assert [address for address, response in answers if response.status_code >= 500] == []


def test_gate_knows_every_part_of_an_address():
    """When Wagtail brings a new part, somebody has to say what it names (`cms.views.gate.NAMED`)."""
    parts = {part for route in routes() for part in parts_of(route)}

    assert parts == {
        *("page_id", "parent_page_id", "page_to_move_id", "destination_id", "image_id", "document_id", "doc_id", "pk"),
        # Named by their view, always together with a page or an initiative.
        *("revision_id", "revision_id_a", "revision_id_b", "task_id", "task_state_id", "workflow_state_id"),
        *("object_id", "session_id", "uploaded_file_id"),
        # Ours looks among those of the site; Wagtail's is for superusers.
        "redirect_id",
        # For superusers only, or closed.
        *("page_pk", "workflow_pk", "collection_id", "filter_spec", "uidb64", "token"),
        *("action", "action_name", "app_label", "app_name", "content_type_app_name"),
        *("content_type_model_name", "model_name"),
    }
