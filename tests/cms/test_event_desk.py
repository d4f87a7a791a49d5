"""Events at the desk: whom they are open to, what staff do there, and what leaves in files."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from cms.domain import exports, registrations
from cms.models import EditorialTeam, Registration
from neighbourhoods.models import Role
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_editor, make_event, make_event_index, register_of
from tests.factories.neighbourhoods import MembershipFactory

pytestmark = pytest.mark.django_db

LIST = "/biurko/wydarzenia/"
CALLER = {"name": "Jan Kowalski", "phone": "512 345 678", "needs": "wózek"}


@pytest.fixture
def index(centre):
    return make_event_index(home_of(centre))


@pytest.fixture
def register(index):
    return register_of(make_event(index, title="Dzień seniora", places=2))


@pytest.fixture
def colleague(centre):
    return MembershipFactory(municipality=centre).user


@pytest.fixture
def clerk(browse, centre, colleague):
    """A case worker's browser."""
    return browse(centre, colleague)


def address(register, end=""):
    return f"{LIST}{register.pk}/{end}"


def words(response):
    return response.content.decode().replace("\xa0", " ")


def join(register, **fields):
    user = UserFactory(**fields)
    return registrations.join(register, user=user, actor=user)


# --- Doors ------------------------------------------------------------------------------------------------------------


def everything(register, registration):
    get = [LIST, address(register)]
    post = [
        *(address(register, end) for end in ("zapis/", "lista.csv", "lista.xlsx")),
        *(address(register, f"osoby/{registration.pk}/{end}/") for end in ("wypis", "tak")),
    ]
    return [("get", it) for it in get] + [("post", it) for it in post]


def answers(client, register, registration):
    return {getattr(client, method)(it).status_code for method, it in everything(register, registration)}


def test_strangers_editors_and_other_centres_find_nothing(browse, centre, stranger, register):
    registration = join(register)
    visitors = {
        "resident": browse(centre, UserFactory()),
        "editor": browse(centre, make_editor(centre)),
        "other centre": browse(centre, MembershipFactory(municipality=stranger).user),
    }

    found = {name: answers(client, register, registration) for name, client in visitors.items()}

    assert found == {name: {404} for name in visitors}
    assert answers(browse(centre), register, registration) == {302}
    assert Registration.objects.get().state == "joined"


def test_event_of_another_centre_does_not_exist_at_this_desk(clerk, stranger):
    foreign = register_of(make_event(make_event_index(home_of(stranger)), title="Cudzoziemskie spotkanie"))
    registration = join(foreign)

    assert answers(clerk, foreign, registration) == {200, 404}
    assert "Cudzoziemsk" not in words(clerk.get(LIST))
    assert Registration.objects.get().state == "joined"


def test_person_of_another_event_is_not_found(clerk, index, register):
    other = join(register_of(make_event(index)))

    assert clerk.post(address(register, f"osoby/{other.pk}/wypis/")).status_code == 404


def test_portal_is_looked_after_by_its_own_editors(browse, portal, centre, colleague):
    register = register_of(make_event(make_event_index(portal.root_page), title="Spotkanie informacyjne"))
    join(register)
    member = UserFactory()
    member.groups.add(EditorialTeam.objects.get(site=portal).group)

    assert browse(None, colleague).get(LIST).status_code == 404
    assert browse(None, make_editor(centre)).get(address(register)).status_code == 404
    assert "Spotkanie informacyjne" in words(browse(None, member).get(LIST))
    assert browse(None, member).get(address(register)).status_code == 200


def test_desk_is_kept_by_no_browser(clerk, register):
    assert "no-store" in clerk.get(address(register)).headers["Cache-Control"]


# --- Work -------------------------------------------------------------------------------------------------------------


def test_list_counts_each_person_once(clerk, register):
    for _person in range(4):
        join(register)

    shown = re.sub(r"\s+", " ", words(clerk.get(LIST)))

    assert re.findall(r'<td data-label="[^"]+">\s*([\d /]+?)\s*</td>', shown) == ["2 / 2", "0", "2"]


def test_caller_is_added_and_taken_off(clerk, register):
    clerk.post(address(register, "zapis/"), CALLER)
    registration = Registration.objects.get()
    assert (registration.state, registration.name, registration.needs) == ("joined", "Jan Kowalski", "wózek")

    clerk.post(address(register, f"osoby/{registration.pk}/wypis/"))

    registration.refresh_from_db()
    assert registration.state == "cancelled"


@pytest.mark.parametrize("missing", ["name", "phone"])
def test_caller_without_name_or_phone_is_not_added(clerk, register, missing):
    response = clerk.post(address(register, "zapis/"), {**CALLER, missing: ""})

    assert response.status_code == 200
    assert "error-summary" in words(response)
    assert not Registration.objects.exists()


def test_caller_on_the_waiting_list_says_yes(clerk, colleague, register):
    joined = [join(register) for _place in range(2)]
    clerk.post(address(register, "zapis/"), CALLER)
    caller = Registration.objects.get(user=None)
    assert caller.state == "waiting"
    registrations.leave(joined[0], actor=joined[0].user)

    clerk.post(address(register, f"osoby/{caller.pk}/tak/"))

    caller.refresh_from_db()
    assert caller.state == "joined"


def test_called_off_event_names_whom_to_ring(clerk, colleague, register):
    registrations.join(register, name="Jan Kowalski", phone="+48512345678", actor=colleague)
    page = register.page
    page.called_off = True
    page.save_revision().publish()

    shown = words(clerk.get(address(register)))

    assert 'id="ring-title"' in shown
    assert "512 345 678" in shown


def test_desk_shows_no_phone_and_no_mail_of_accounts(clerk, register):
    join(register, email="anna@example.org", phone="+48600100200", display_name="Anna Nowak")

    shown = words(clerk.get(address(register)))

    assert "Anna Nowak" in shown
    assert "anna@example.org" not in shown
    assert "600 100 200" not in shown


@pytest.mark.parametrize("events", [1, 3])
def test_list_costs_the_same_for_one_event_and_for_three(clerk, index, django_assert_max_num_queries, events):
    for number in range(events):
        register = register_of(make_event(index, days=number + 1))
        join(register)
        register_of(make_event(index, days=-number - 1))
    clerk.get(LIST)

    with django_assert_max_num_queries(13) as counted:
        assert clerk.get(LIST).status_code == 200
    assert len(counted) == 10


@pytest.mark.parametrize("people", [1, 3])
def test_page_costs_the_same_for_one_person_and_for_three(clerk, index, django_assert_max_num_queries, people):
    register = register_of(make_event(index))
    for _person in range(people):
        join(register)
    clerk.get(address(register))

    with django_assert_max_num_queries(13) as counted:
        clerk.get(address(register))
    assert len(counted) == 10


# --- Files ------------------------------------------------------------------------------------------------------------

EVIL = ['=HYPERLINK("http://zle.example";"klik")', "+48", "-1", "@SUM(A1)", "\tx"]


@pytest.mark.parametrize("words", EVIL)
def test_csv_starts_no_formula(words):
    assert exports.as_csv([[words]]).decode("utf-8-sig").lstrip('"').startswith("'")


@pytest.mark.parametrize("words", EVIL)
def test_workbook_holds_text_only(words):
    sheet = load_workbook(io.BytesIO(exports.as_workbook([[words]], title="Lista: [1]"))).active

    assert (sheet["A1"].value, sheet["A1"].data_type) == (words, "s")


def test_files_hold_names_and_needs_but_no_contacts_and_are_logged(clerk, colleague, register):
    clerk.post(address(register, "zapis/"), {**CALLER, "name": "=Jan Kowalski"})
    join(register, email="anna@example.org", display_name="Anna Nowak")

    table = clerk.post(address(register, "lista.csv")).content.decode("utf-8-sig")
    book = clerk.post(address(register, "lista.xlsx")).content

    assert "'=Jan Kowalski" in table
    assert "Anna Nowak" in table
    assert "wózek" in table
    assert "512" not in table
    assert "anna@example.org" not in table
    rows = list(load_workbook(io.BytesIO(book)).active.values)
    assert {row[1] for row in rows[1:]} == {"=Jan Kowalski", "Anna Nowak"}
    logged = Event.objects.about(register).order_by("pk").values_list("kind", "actor", "data__format")
    assert list(logged) == [
        ("cms.registrations_export", colleague.pk, "csv"),
        ("cms.registrations_export", colleague.pk, "xlsx"),
    ]


def test_files_are_not_handed_out_to_a_link(clerk, register):
    assert clerk.get(address(register, "lista.csv")).status_code == 405


# --- The CMS beside it ------------------------------------------------------------------------------------------------


@pytest.fixture
def editing(browse, centre):
    return browse(centre, make_editor(centre, role=Role.ORGANISER))


@pytest.mark.usefixtures("wagtails_templates")
def test_unpublishing_warns_of_people_who_registered_and_tells_nobody(editing, register):
    registration = join(register)
    address = f"/cms/pages/{register.page_id}/unpublish/"

    shown = words(editing.post(address))
    assert type(register.page).objects.get(pk=register.page_id).live
    editing.post(address, {"sure": "1"})

    assert "„odwołane”" in shown
    register.page.refresh_from_db()
    assert not register.page.live
    registration.refresh_from_db()
    assert registration.state == "joined"
    assert not Event.objects.filter(kind__startswith="cms.event_").exists()


@pytest.mark.usefixtures("wagtails_templates")
def test_event_with_people_cannot_be_deleted(editing, register):
    join(register)

    editing.post(f"/cms/pages/{register.page_id}/delete/")
    editing.post(f"/cms/pages/{register.page.get_parent().pk}/delete/")

    assert Registration.objects.count() == 1


def test_form_refuses_fewer_places_than_are_taken(index):
    register = register_of(make_event(index, places=3))
    for _person in range(3):
        join(register)
    page = register.page
    page.places = 2

    with pytest.raises(Exception, match="3"):
        page.full_clean()


def test_old_event_without_people_can_be_deleted(editing, index):
    past = make_event(index, starts_at=timezone.now() - timedelta(days=200))

    editing.post(f"/cms/pages/{past.pk}/delete/")

    assert type(past).objects.count() == 0
