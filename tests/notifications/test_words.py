import pytest
from django.utils import translation

from notifications import registry
from notifications.models import Notification
from notifications.words import Wording, own_path, words
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.notifications import KIND, EventFactory, News, NotificationFactory


def event_with(**data):
    return EventFactory(
        about=UserFactory(display_name="Róża Żółć"), data={"to": [], "words": "Dzień dobry", "shared": "razem", **data}
    )


@pytest.mark.django_db
def test_words_are_in_the_readers_language():
    reader = UserFactory(language="uk")

    told = words(event_with(), reader)

    assert (told.title, told.body, told.path) == ("uk: Dzień dobry", "Róża Żółć – razem", "/prosby/")


@pytest.mark.django_db
def test_words_are_in_the_language_of_the_page_when_it_is_given():
    notification = NotificationFactory(event=event_with())

    with translation.override("uk"):
        told = words(notification, notification.user, "en")

    assert told.title == "en: Dzień dobry"


@pytest.mark.django_db
def test_words_are_plain_text():
    told = words(event_with(words="Ania & „Zosia” <b>"), UserFactory())

    assert told.title == "pl: Ania & „Zosia” <b>"


@pytest.mark.django_db
def test_title_is_one_line_of_bearable_length():
    told = words(event_with(words="a\r\tb " + "długo " * 100), UserFactory())

    assert "\n" not in told.title
    assert told.title.startswith("pl: a b długo")
    assert len(told.title) == 200


@pytest.mark.django_db
def test_personal_words_are_those_of_one_reader_only():
    near, far = UserFactory(display_name="Jan Kos"), UserFactory()
    event = event_with(near={str(near.pk): 300})
    wording = Wording([event], [near, far])

    bodies = [wording.words(event, reader, "pl").body for reader in (near, far)]

    assert bodies == ["Róża Żółć – razem, Jan: 300 m", "Róża Żółć – razem"]
    assert [wording.is_personal(event, reader) for reader in (near, far)] == [True, False]


@pytest.mark.django_db
def test_shared_words_are_rendered_once_for_each_language(monkeypatch):
    contexts = []
    monkeypatch.setattr(News, "context", staticmethod(lambda event: contexts.append(event) or {"shared": "razem"}))
    readers = UserFactory.create_batch(3)
    event = event_with()
    wording = Wording([event], readers)

    told = [wording.words(event, reader, "pl") for reader in readers]

    assert len(contexts) == 1
    assert told[0] is told[1] is told[2]


@pytest.mark.django_db
def test_notice_that_fails_for_one_reader_speaks_to_the_others(logged_errors):
    unlucky, lucky = UserFactory.create_batch(2)
    event = event_with(personal_fails_for=unlucky.pk)
    wording = Wording([event], [unlucky, lucky])

    titles = [wording.words(event, reader, "en").title for reader in (unlucky, lucky)]

    assert titles == ["There is news for you", "en: Dzień dobry"]
    assert [record.name for record in logged_errors] == ["notifications.words"]


@pytest.mark.django_db
def test_event_whose_subject_was_deleted_says_so():
    event = event_with()
    UserFactory._meta.model.objects.filter(pk=event.subject_id).delete()

    told = words(event, UserFactory(), "en")

    assert (told.title, told.path) == ("This has been deleted since", "/moje/powiadomienia/")


@pytest.mark.django_db
def test_event_of_a_kind_that_is_gone_says_so():
    told = words(EventFactory(kind="tests.forgotten"), UserFactory(), "en")

    assert told.title == "This has been deleted since"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_batch_costs_one_query_for_its_subjects(count, django_assert_num_queries):
    reader = UserFactory()
    NotificationFactory.create_batch(count, user=reader)
    events = [notification.event for notification in Notification.objects.of(reader.pk).with_events()]

    with django_assert_num_queries(1):
        wording = Wording(events, [reader])
        told = [wording.words(event, reader, "pl").title for event in events]

    assert told == ["pl: Dzień dobry"] * count


@pytest.mark.django_db
def test_related_things_come_with_the_subject(monkeypatch, django_assert_num_queries):
    class OfNeighbourhood(News):
        related = ("municipality",)
        template = "tests/place.txt"

    monkeypatch.setitem(registry.NOTICES, KIND, OfNeighbourhood)
    events = [
        EventFactory(
            subject_type="neighbourhoods.neighbourhood", subject_id=one.pk, municipality_id=one.municipality_id
        )
        for one in NeighbourhoodFactory.create_batch(2, name="Bykowina", municipality__name="Ruda")
    ]
    reader = UserFactory()

    with django_assert_num_queries(1):
        wording = Wording(events, [reader])
        told = [wording.words(event, reader, "pl").title for event in events]

    assert told == ["Bykowina, Ruda"] * 2


@pytest.mark.django_db
def test_notice_sees_its_own_municipality_only(monkeypatch):
    here, _elsewhere = NeighbourhoodFactory.create_batch(2)
    seen = []

    class Curious(News):
        @staticmethod
        def context(event):
            seen.extend(type(here).objects.all())
            return {"shared": ""}

    monkeypatch.setitem(registry.NOTICES, KIND, Curious)

    words(EventFactory(municipality_id=here.municipality_id), UserFactory())

    assert seen == [here]


@pytest.mark.django_db
def test_notices_are_prepared_together_for_each_municipality(monkeypatch):
    together = []
    monkeypatch.setattr(News, "prepare", staticmethod(lambda events, user_ids: together.append(len(events))))
    municipality = MunicipalityFactory()
    events = [*EventFactory.create_batch(2, municipality_id=municipality.pk), EventFactory()]

    Wording(events, [UserFactory()])

    assert sorted(together) == [1, 2]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/prosby/RS-7K4M/", "/prosby/RS-7K4M/"),
        ("//zlo.example/", "/moje/powiadomienia/"),
        ("/\\zlo.example/", "/moje/powiadomienia/"),
        ("https://zlo.example/", "/moje/powiadomienia/"),
        ("", "/moje/powiadomienia/"),
    ],
)
def test_notice_leads_to_our_own_site_only(path, expected):
    assert own_path(path) == expected
