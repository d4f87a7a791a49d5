import pytest
from django.db import transaction

from notifications import outbox
from notifications.models import Event, Inbox, Notification
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import KIND, EventFactory, tell


@pytest.mark.django_db
def test_publish_tells_everybody_after_the_commit(django_capture_on_commit_callbacks):
    resident, helper = UserFactory.create_batch(2)

    with django_capture_on_commit_callbacks(execute=True):
        tell(resident, helper)
        told_before_the_commit = Notification.objects.count()

    assert told_before_the_commit == 0
    assert set(Notification.objects.values_list("user", "seq")) == {(resident.pk, 1), (helper.pk, 1)}


@pytest.mark.postgres
def test_rollback_tells_nobody(committed):
    resident = UserFactory()

    with transaction.atomic():
        outbox.publish(KIND, resident, to=[resident.pk])
        transaction.set_rollback(True)

    assert not Event.objects.exists()
    assert not Notification.objects.exists()


def test_publish_outside_a_transaction_is_refused(committed):
    with pytest.raises(outbox.NoTransaction):
        outbox.publish(KIND, UserFactory(), to=[])


def test_failing_delivery_leaves_the_saved_change_alone(committed, logged_errors):
    event = tell(UserFactory(), broken="no such person")

    event.refresh_from_db()
    assert (event.attempts, event.error) == (1, "LookupError: no such person")
    assert [record.name for record in logged_errors] == ["notifications.delivery"]


@pytest.mark.django_db
def test_event_belongs_to_the_municipality_of_its_subject():
    municipality = MunicipalityFactory()

    with transaction.atomic():
        named = outbox.publish(KIND, UserFactory(), municipality=municipality)
        none = outbox.publish(KIND, UserFactory())

    assert (named.municipality_id, none.municipality_id) == (municipality.pk, None)


@pytest.mark.django_db
def test_history_is_of_one_thing_in_order(django_assert_num_queries):
    about, actor = UserFactory.create_batch(2)
    first, second = EventFactory.create_batch(2, about=about, actor=actor)
    EventFactory()

    with django_assert_num_queries(1):
        told = [(event, event.actor) for event in outbox.history(about)]

    assert told == [(first, actor), (second, actor)]


@pytest.mark.django_db
def test_subject_is_found_without_a_scope_and_none_once_deleted():
    event = EventFactory()
    gone = EventFactory()
    UserFactory._meta.model.objects.filter(pk=gone.subject_id).delete()
    unknown = EventFactory(subject_type="volunteering.gone")

    assert Event.objects.get(pk=event.pk).subject.pk == event.subject_id
    assert Event.objects.get(pk=gone.pk).subject is None
    assert Event.objects.get(pk=unknown.pk).subject is None


@pytest.mark.django_db
def test_subject_is_read_once(django_assert_num_queries):
    event = Event.objects.get(pk=EventFactory().pk)

    with django_assert_num_queries(1):
        subjects = {event.subject, event.subject}

    assert len(subjects) == 1


@pytest.mark.django_db
def test_nobody_concerned_leaves_no_inbox(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        event = tell()

    event.refresh_from_db()
    assert event.delivered_at is not None
    assert not Inbox.objects.exists()


@pytest.mark.django_db
def test_stuck_events_are_of_one_municipality():
    municipality = MunicipalityFactory()
    here = EventFactory(error="LookupError", municipality_id=municipality.pk)
    elsewhere = EventFactory(error="LookupError", municipality_id=municipality.pk + 1)
    EventFactory(error="LookupError", delivered=True)

    assert list(outbox.stuck(municipality)) == [here]
    assert list(outbox.stuck()) == [here, elsewhere]
