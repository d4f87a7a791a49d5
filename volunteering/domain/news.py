"""News: written down once, told at once to those who wished for that, and gathered for the digests of the others.

Who is told is one question to the database for each piece of news, through the index of watches, however many watch.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from neighbourhoods.domain.places import cell_of
from neighbourhoods.models import Neighbourhood
from notifications.outbox import publish
from volunteering.domain.calendar import LONGEST_SPAN, ZONE
from volunteering.domain.distances import metres_between
from volunteering.domain.words import fold
from volunteering.models import (
    Alert,
    Around,
    Block,
    Commitment,
    Follow,
    HelpRequest,
    Initiative,
    Joining,
    Lifecycle,
    Meeting,
    News,
    Rhythm,
    Standing,
    Times,
    Visit,
    Watch,
)

# Longer than any digest reaches back; who opens an old notice later reads that it is over.
KEPT = timedelta(days=90)
SATURDAY = 5
DAYS_OF_A_WEEK = 7


# What other verbs call ------------------------------------------------------------------------------------------------


def of_request(help_request, *, by):
    """A request is listed from now on. For verbs: in the caller's transaction. Nobody hears of a protected one."""
    if not help_request.protected:
        _tell("request", help_request.municipality, by=by, help_request=help_request)


def of_meetings(planned, *, by):
    """A meeting, or a series of them, is planned: told once."""
    initiative = planned[0].initiative
    if initiative.joining != Joining.CLOSED:
        _tell("meeting", initiative.municipality, by=by, meeting=planned[0])


@transaction.atomic
def announce(lifecycle):
    """An initiative can be read of: told once in its life. Returns whether it was told just now."""
    untold = Lifecycle.objects.to_be_announced().filter(pk=lifecycle.pk).select_for_update(of=("self",)).first()
    if untold is None:
        return False
    untold.announced_at = timezone.now()
    untold.save(update_fields=["announced_at"])
    initiative = lifecycle.initiative
    if initiative.joining != Joining.CLOSED:
        _tell("initiative", initiative.municipality, by=None, initiative=initiative)
    return True


def forget_old():
    """News of the open municipality that no digest will tell any more."""
    News.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _tell(kind, municipality, *, by, **thing):
    news, is_new = News.objects.get_or_create(**thing, defaults={"municipality": municipality, "by": by})
    if is_new:
        publish(f"volunteering.news_{kind}", news, actor=by, municipality=municipality)


# Who is told ----------------------------------------------------------------------------------------------------------


def told_at_once(news):
    """Ids of the people who are told now."""
    return {user for user, wishes in wished(news).items() if wishes[0].rhythm == Rhythm.LIVE}


def wished(news, users=None):
    """Id of each person who wished for this news → their wishes that ask for it, the one that is told soonest first.
    `users`: of these people only. Nobody is told of their own act, nor of what cannot be read any more."""
    if not is_current(news):
        return {}
    wishes = watches_for(news) if news.help_request_id else _follows(news)
    wishes = wishes.filter(municipality=news.municipality_id, created_at__lte=news.created_at, user__is_active=True)
    wishes = wishes.exclude(user=news.by_id) if news.by_id else wishes
    wishes = wishes if users is None else wishes.filter(user__in=users)
    found = defaultdict(list)
    for wish in _by_words_and_days(news, wishes) if news.help_request_id else wishes:
        found[wish.user_id].append(wish)
    order = Rhythm.values
    return {user: sorted(mine, key=lambda wish: (order.index(wish.rhythm), wish.pk)) for user, mine in found.items()}


def is_current(news):
    """Whether what is told can still be read, and is still ahead."""
    if news.help_request_id:
        return HelpRequest.objects.listed().filter(pk=news.help_request_id).exists()
    if news.initiative_id:
        return Initiative.objects.published().filter(pk=news.initiative_id).exclude(joining=Joining.CLOSED).exists()
    return Meeting.objects.public().filter(pk=news.meeting_id).exists()


def current(found):
    """Those of many news that are still to be told, in their order. Three queries, however many there are."""
    requests = HelpRequest.objects.listed().filter(pk__in=[news.help_request_id for news in found])
    initiatives = Initiative.objects.published().filter(pk__in=[news.initiative_id for news in found])
    meetings = Meeting.objects.public().filter(pk__in=[news.meeting_id for news in found])
    keys = [
        set(things.values_list("pk", flat=True))
        for things in (requests, initiatives.exclude(joining=Joining.CLOSED), meetings)
    ]
    return [
        news
        for news in found
        if any(
            key in known
            for key, known in zip((news.help_request_id, news.initiative_id, news.meeting_id), keys, strict=True)
        )
    ]


def watches_for(news):
    """Watches for the kind and the place of a request, of active helpers who may hear of it from here: not the one who
    asks, nobody who is not to meet them, nobody whom a wave has asked or who has promised to come."""
    help_request = news.help_request
    here, person = OuterRef("municipality"), OuterRef("user")
    standing = Standing.objects.active().filter(volunteer=person, municipality=here)
    alerted = Alert.objects.filter(visit__help_request=help_request, volunteer=person)
    promised = Commitment.objects.filter(visit__help_request=help_request, volunteer=person)
    wishes = Watch.objects.filter(pk__in=_kind_and_place(news)).filter(Exists(standing))
    wishes = wishes.exclude(Exists(alerted)).exclude(Exists(promised))
    if help_request.requester_id is None:
        return wishes
    asker = help_request.requester_id
    blocked = Block.objects.filter(Q(by=person, against=asker) | Q(by=asker, against=person))
    return wishes.exclude(user=asker).exclude(Exists(blocked))


def _kind_and_place(news):
    """Keys of the watches that name the kind alone, the kind and a place near by, or such a place alone: a union, so
    that each of them is one range of the index `watch_lookup`, however many others watch something else."""
    help_request = news.help_request
    here = Watch.objects.filter(municipality=news.municipality_id).order_by().values("pk")
    kind = here.filter(category=help_request.category_id)
    found = kind.filter(neighbourhood=None)
    for around, keys in _places_near(help_request.neighbourhood).items():
        for some in (kind, here.filter(category=None)):
            found = found.union(some.filter(neighbourhood__in=keys, around__gte=around), all=True)
    return found


def _places_near(neighbourhood):
    """For each `Around`: keys of the neighbourhoods from which a watch with it, or with a wider one, reaches here."""
    here = cell_of(neighbourhood)
    places = defaultdict(list)
    for other in Neighbourhood.objects.filter(municipality=neighbourhood.municipality_id):
        metres = 0 if other.pk == neighbourhood.pk else max(metres_between(here, cell_of(other)), 1)
        least = next((around for around in Around.values if metres <= around), None)
        if least is not None:
            places[least].append(other.pk)
    return places


def _by_words_and_days(news, wishes):
    """Those watches whose words stand in the request and whose days it needs. Words that hold something private are
    read by nobody here, so they match nothing but the name of the kind."""
    help_request = news.help_request
    text = fold(help_request.category.name_pl) if help_request.words_held_back else help_request.search_text
    times = _times_of(help_request)
    return [
        wish
        for wish in wishes
        if wish.times in times and (not wish.words or all(word in text for word in wish.words.split()))
    ]


def _times_of(help_request):
    """The `Times` in which an open visit of the request falls, wholly or in part, on local days."""
    found = {Times.ANY}
    for visit in Visit.objects.open().of_request(help_request):
        first = visit.starts_at.astimezone(ZONE).date()
        last = min(visit.ends_at, visit.starts_at + LONGEST_SPAN).astimezone(ZONE).date()
        for day in range(min((last - first).days + 1, DAYS_OF_A_WEEK)):
            is_weekend = (first.weekday() + day) % DAYS_OF_A_WEEK >= SATURDAY
            found.add(Times.WEEKENDS if is_weekend else Times.WEEKDAYS)
    return found


def _follows(news):
    """Follows of the initiative, of its kind, and of the places where it happens."""
    initiative = news.initiative or news.meeting.initiative
    places = Q(neighbourhood__in=_places_of(news, initiative))
    return Follow.objects.filter(Q(initiative=initiative) | Q(kind=initiative.kind_id) | places)


def _places_of(news, initiative):
    """Keys of the neighbourhoods that the news is of: what names none is of the whole municipality."""
    if news.meeting and news.meeting.neighbourhood_id:
        return [news.meeting.neighbourhood_id]
    named = [place.pk for place in initiative.neighbourhoods.all()]
    return named or list(Neighbourhood.objects.filter(municipality=news.municipality_id).values_list("pk", flat=True))
