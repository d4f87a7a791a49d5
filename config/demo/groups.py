"""Groups of the demonstration: an open club, one on request, a closed one, and a time bank. Ruda Śląska has them."""

import json
import uuid
from datetime import timedelta

from django.utils import timezone

from config.demo import clock
from config.demo.people import DATA, RESIDENT, User
from volunteering.domain import groups, time_banks
from volunteering.models import (
    Group,
    GroupAgreement,
    GroupMember,
    GroupPost,
    GroupRole,
    Initiative,
    MemberState,
    NoteKind,
    Poll,
    PollOption,
    ShownTo,
    TimeNote,
    Vote,
)

GROUPS = json.loads((DATA / "groups.json").read_text(encoding="utf-8"))
BETWEEN_POSTS = timedelta(hours=19)


def make(random, organiser, people):
    """`people`: accounts that may belong. The demo's resident belongs to all of them, and reads what members read."""
    for entry in GROUPS:
        initiative = Initiative.objects.select_related("municipality__site").get(slug=entry["slug"])
        group = groups.open_for(initiative, actor=organiser)
        members = _gather(random, group, entry, people)
        _agree(group, entry)
        _talk(random, group, entry, members)
        _vote(random, group, entry, members)
        if entry.get("bank"):
            _exchange(random, group, entry, members)


def _gather(random, group, entry, people):
    leader, resident = (User.objects.get(email=email) for email in (entry["leads"], RESIDENT))
    crowd = random.sample([it for it in people if it.pk not in {leader.pk, resident.pk}], entry["members"])
    asking = crowd[: entry.get("asking", 0)]
    rows = [_row(group, leader, role=GroupRole.FACILITATOR), _row(group, resident)]
    for person in crowd[len(asking) :]:
        shows = entry.get("bank") or random.random() < 0.7
        rows.append(_row(group, person, shown_to=ShownTo.GROUP if shows else ShownTo.NOBODY))
    for person, word in zip(asking, entry.get("words", []), strict=True):
        rows.append(_row(group, person, state=MemberState.ASKED, word=word, agreement_version=0))
    made = GroupMember.objects.bulk_create(rows)
    return [member for member in made if member.state == MemberState.MEMBER]


def _row(group, person, **values):
    values = {"shown_to": ShownTo.GROUP, "agreement_version": 1, **values}
    return GroupMember(group=group, user=person, is_closed=group.is_closed, **values)


def _agree(group, entry):
    GroupAgreement.objects.create(group=group, version=1, text=entry["agreement"])
    Group.objects.filter(pk=group.pk).update(agreement_version=1)


def _talk(random, group, entry, members):
    leader = members[0]
    start = timezone.now() - BETWEEN_POSTS * (len(entry["posts"]) + 1)
    posts = [
        GroupPost(group=group, author=leader.user, text=entry["pinned"], created_at=start, pinned_at=start),
        *(
            GroupPost(
                group=group,
                author=random.choice(members).user,
                text=text,
                created_at=start + BETWEEN_POSTS * number + timedelta(minutes=random.randint(0, 300)),
            )
            for number, text in enumerate(entry["posts"], start=1)
        ),
    ]
    GroupPost.objects.bulk_create(posts)


def _vote(random, group, entry, members):
    now = timezone.now()
    for wanted in entry["polls"]:
        ends = now + timedelta(days=wanted["days"])
        poll = Poll.objects.create(
            group=group, question=wanted["question"], created_at=ends - timedelta(days=14), ends_at=ends
        )
        options = PollOption.objects.bulk_create(
            PollOption(poll=poll, position=place, words=words) for place, words in enumerate(wanted["options"])
        )
        # The demo's resident has not voted yet.
        voters = iter(random.sample([members[0], *members[2:]], min(len(members) - 1, sum(wanted["votes"]))))
        Vote.objects.bulk_create(
            Vote(poll=poll, option=option, member=voter)
            for option, number in zip(options, wanted["votes"], strict=True)
            for voter in (next(voters, None) for _vote in range(number))
            if voter is not None
        )


def _exchange(random, group, entry, members):
    bank = time_banks.open_bank(group)
    accounts = [time_banks.open_account(bank, membership=member) for member in members]
    now = timezone.now()
    # Some with the demo's resident, so that her statement has lines; the last one waits for her word.
    own = accounts[1]
    for number, (what, minutes) in enumerate(entry["exchanges"]):
        other, third = random.sample([*accounts[:1], *accounts[2:]], 2)
        giver, receiver = ((other, own), (own, other), (other, third))[number % 3]
        with clock.at(now - timedelta(days=30 - 3 * number)):
            time_banks.thank(
                receiver,
                giver=giver,
                minutes=minutes,
                day=timezone.localdate(),
                what=what,
                key=uuid.UUID(int=random.getrandbits(128)),
            )
    with clock.at(now - timedelta(hours=5)):
        day = timezone.localdate()
        key = uuid.UUID(int=random.getrandbits(128))
        time_banks.report(accounts[2], receiver=own, minutes=60, day=day, what="Podlewanie kwiatów", key=key)
    TimeNote.objects.bulk_create(
        TimeNote(account=random.choice(accounts), kind=kind, words=words)
        for kind, name in ((NoteKind.OFFER, "offers"), (NoteKind.WISH, "wishes"))
        for words in entry[name]
    )
