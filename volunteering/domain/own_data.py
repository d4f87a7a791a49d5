"""This app's part of “my data”: what is given out, what must be settled first, and what goes with an account."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from neighbourhoods.domain import whereabouts
from neighbourhoods.errors import Erased
from volunteering.domain import commitments, follows, groups, groups_data, help_requests, sign_ups, standings
from volunteering.models import (
    Alert,
    AnnouncementCount,
    AnnouncementRecipient,
    Block,
    Commitment,
    Conversation,
    Digest,
    Follow,
    HelpRequest,
    Message,
    Participation,
    PlannedPair,
    Proposal,
    Report,
    Standing,
    VolunteerProfile,
    Watch,
)
from volunteering.states import REQUEST, STANDING, CommitmentState


def export(user):
    """What a person asked for, promised and joined. Their own homes come through the audited door, as for anybody."""
    with scopes_disabled():
        return {
            "help_requests": [
                _request(help_request, user)
                for help_request in HelpRequest.objects.with_details()
                .select_related("whereabouts")
                .filter(requester=user)
                .order_by("pk")
            ],
            "promises": list(
                Commitment.objects.filter(volunteer=user)
                .order_by("pk")
                .values("visit__help_request__reference", "state", "starts_at", "ends_at", "minutes", "note")
            ),
            "standings": list(
                Standing.objects.filter(volunteer=user)
                .order_by("pk")
                .values("municipality__name", "state", "changed_at", "first_visit_released_at")
            ),
            "helper_profile": _profile(user),
            "alerts": list(
                Alert.objects.filter(volunteer=user)
                .order_by("pk")
                .values("visit__help_request__reference", "created_at", "answer")
            ),
            "plans": list(
                PlannedPair.objects.filter(volunteer=user)
                .order_by("pk")
                .values("planned__visit__help_request__reference", "planned__starts_at", "choice", "outcome")
            ),
            "messages": list(
                Message.objects.by(user)
                .order_by("pk")
                .values("conversation", "created_at", "text", "has_photo", "photo__alt")
            ),
            "reports": list(
                Report.objects.filter(by=user).order_by("pk").values("conversation", "created_at", "words")
            ),
            "meetings": list(
                Participation.objects.filter(user=user)
                .order_by("pk")
                .values("meeting__initiative__title", "meeting__starts_at", "state", "changed_at", "reason")
            ),
            "proposals": list(
                Proposal.objects.of(user)
                .order_by("pk")
                .values("municipality__name", "title", "words", "place", "time", "leading", "state", "created_at")
            ),
            "announcements": list(
                AnnouncementRecipient.objects.told()
                .filter(user=user)
                .order_by("pk")
                .values("announcement__municipality__name", "announcement__title", "announcement__sending_at")
            ),
            "watches": list(
                Watch.objects.of(user)
                .by_age()
                .values(
                    "municipality__name",
                    "category__name_pl",
                    "neighbourhood__name",
                    "around",
                    "words",
                    "times",
                    "rhythm",
                    "created_at",
                )
            ),
            "follows": list(
                Follow.objects.of(user)
                .by_age()
                .values(
                    "municipality__name",
                    "neighbourhood__name",
                    "kind__name_pl",
                    "initiative__title",
                    "rhythm",
                    "created_at",
                )
            ),
            **groups_data.export(user),
            "digests": list(Digest.objects.of(user).order_by("pk").values("municipality__name", "hour")),
        }


def obstacles(user):
    """Nobody vanishes while help is under way: somebody stands at somebody's door."""
    with scopes_disabled():
        under_way = Commitment.objects.filter(state=CommitmentState.ARRIVED)
        helping = under_way.filter(volunteer=user).exists()
        helped = under_way.filter(visit__help_request__requester=user).exists()
    return [_("A visit is under way just now. Confirm it first.")] if helping or helped else []


def erase(user):
    """Withdraws what a person asked for and promised, so that those concerned are told, and forgets words and homes.

    What happened stays in the histories of others: the account that it names is blank.
    """
    with scopes_disabled():
        for help_request in HelpRequest.objects.filter(requester=user, state__in=REQUEST["cancel"].sources):
            help_requests.cancel(help_request, actor=user)
        for standing in Standing.objects.filter(volunteer=user, state__in=STANDING["end"].sources):
            standings.end(standing, actor=user)
        promises = [CommitmentState.PROPOSED, CommitmentState.ACCEPTED]
        for commitment in Commitment.objects.filter(volunteer=user, state__in=promises).order_by("pk"):
            commitments.release(commitment, actor=user)
        for participation in Participation.objects.of(user).interested().order_by("pk"):
            sign_ups.leave(participation, actor=user)
        _forget(user)


def _forget(user):
    requests = HelpRequest.objects.filter(requester=user)
    for help_request in requests.select_related("whereabouts"):
        whereabouts.erase(help_request.whereabouts, subject=help_request)
    requests.update(words="", reason="", search_text="", words_erased_at=timezone.now())
    Commitment.objects.filter(volunteer=user).update(note="", reason="")
    Alert.objects.filter(volunteer=user).update(parts={})
    PlannedPair.objects.filter(volunteer=user).delete()
    AnnouncementRecipient.objects.filter(user=user).delete()
    AnnouncementCount.objects.filter(user=user).delete()
    Participation.objects.filter(user=user).update(name="", phone="", reason="")
    Proposal.objects.of(user).delete()
    # What somebody reported is kept until staff have settled it; then it goes with its conversation.
    Message.objects.by(user).filter(conversation__in=Conversation.objects.without_open_report()).delete()
    Report.objects.filter(by=user).update(words="")
    VolunteerProfile.objects.filter(user=user).delete()
    Block.objects.filter(by=user).delete()
    Block.objects.filter(against=user).delete()
    follows.forget(user)
    groups.forget(user)


def _request(help_request, user):
    try:
        home = whereabouts.reveal(help_request.whereabouts, to=user, why="own_data", subject=help_request)
    except Erased:
        home = None
    return {
        "reference": help_request.reference,
        "municipality": help_request.municipality.name,
        "category": help_request.category.name_pl,
        "neighbourhood": help_request.neighbourhood.name,
        "words": help_request.words,
        "state": help_request.state,
        "asked": help_request.created_at,
        "published": help_request.published_at,
        "finished": help_request.finished_at,
        "name": home.person_name if home else None,
        "phone": home.phone if home else None,
        "address": home.address if home else None,
        "directions": home.directions if home else None,
    }


def _profile(user):
    profile = VolunteerProfile.objects.filter(user=user).select_related("home_neighbourhood").first()
    if profile is None:
        return None
    return {
        "categories": [category.name_pl for category in profile.categories.all()],
        "skills": [skill.name_pl for skill in profile.skills.all()],
        "languages": profile.languages,
        "availability": profile.availability,
        "neighbourhood": profile.home_neighbourhood.name if profile.home_neighbourhood else None,
        "cell": profile.home_cell,
        "radius": profile.radius,
        "tasks_per_week": profile.tasks_per_week,
        "about": profile.about,
        "paused_until": profile.paused_until,
        "on_duty_until": profile.on_duty_until,
        "since": profile.created_at,
    }
