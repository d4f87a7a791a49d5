"""The lives of requests, visits, commitments, standings, participations and announcements, as data."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    DRAFT = "draft", _("draft")
    AWAITING_REVIEW = "awaiting_review", _("being read by the centre")
    OPEN = "open", _("looking for someone")
    FILLED = "filled", _("somebody will help")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("withdrawn")
    CLOSED = "closed", _("closed by the centre")
    EXPIRED = "expired", _("the time has passed")
    REFERRED = "referred", _("passed on to the centre’s services")


class OpinionState(TextChoices):
    NEW = "new", _("new")
    READ = "read", _("read")
    ANSWERED = "answered", _("answered")


class VisitState(TextChoices):
    OPEN = "open", _("looking for someone")
    FULL = "full", _("somebody will help")
    DONE = "done", _("done")
    MISSED = "missed", _("did not take place")
    CANCELLED = "cancelled", _("withdrawn")


class CommitmentState(TextChoices):
    PROPOSED = "proposed", _("waiting for the resident’s consent")
    ACCEPTED = "accepted", _("agreed")
    ARRIVED = "arrived", _("under way")
    DONE = "done", _("done")
    DECLINED = "declined", _("declined by the resident")
    WITHDRAWN = "withdrawn", _("given up by the helper")
    RELEASED = "released", _("released")
    NO_SHOW = "no_show", _("did not come")


class StandingState(TextChoices):
    APPLIED = "applied", _("waiting for a talk")
    MET = "met", _("after the talk")
    ACTIVE = "active", _("helping")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class SearchState(TextChoices):
    RUNNING = "running", _("asking people near by")
    STOPPED = "stopped", _("stopped by the centre")
    FULL = "full", _("somebody was found")
    EXHAUSTED = "exhausted", _("everybody has been asked")
    OVER = "over", _("over")


class PlanState(TextChoices):
    COMPUTING = "computing", _("being improved")
    READY = "ready", _("ready")
    FAILED = "failed", _("not improved to the end")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("thrown away")


class LifecycleState(TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")


class ProposalState(TextChoices):
    WAITING = "waiting", _("being read by the centre")
    ASKED = "asked", _("the centre has asked something")
    TAKEN = "taken", _("taken up")
    CLOSED = "closed", _("not this time")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ProfileStage(TextChoices):
    """How far a version of a partner's profile has come."""

    PROPOSED = "proposed", _("being read by the centre")
    RETURNED = "returned", _("the centre asks for changes")
    PUBLIC = "public", _("public")


class MeetingState(TextChoices):
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("called off")
    DONE = "done", _("held")


class ParticipationState(TextChoices):
    JOINED = "joined", _("signed up")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("has been offered a place")
    LAPSED = "lapsed", _("did not confirm in time")
    LEFT = "left", _("signed off")
    ATTENDED = "attended", _("was there")


class AnnouncementState(TextChoices):
    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting for a second person")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("withdrawn")


# Commitments that hold a place on a visit and hours of the helper's week.
HOLDING = (CommitmentState.PROPOSED, CommitmentState.ACCEPTED, CommitmentState.ARRIVED, CommitmentState.DONE)
# Commitments still ahead or under way: they may change hands and they clash with others.
LIVE = (CommitmentState.PROPOSED, CommitmentState.ACCEPTED, CommitmentState.ARRIVED)
# Plans of the week that somebody still works on: a centre has one at most.
LIVE_PLANS = (PlanState.COMPUTING, PlanState.READY, PlanState.FAILED, PlanState.SENDING)
# Plans that may still be changed.
OPEN_PLANS = (PlanState.COMPUTING, PlanState.READY, PlanState.FAILED)
# Participations that hold a place at a meeting.
SEATED = (ParticipationState.JOINED, ParticipationState.OFFERED, ParticipationState.ATTENDED)
# Participations of those who come or would like to.
INTERESTED = (ParticipationState.JOINED, ParticipationState.OFFERED, ParticipationState.WAITING)
# Requests that still need somebody to do something.
UNFINISHED = (RequestState.AWAITING_REVIEW, RequestState.OPEN, RequestState.FILLED)


@dataclass(frozen=True)
class Transition:
    """From which states a verb may start, and where it leads."""

    sources: tuple
    target: str


REQUEST = {
    "submit": Transition((RequestState.DRAFT,), RequestState.AWAITING_REVIEW),
    "publish": Transition((RequestState.AWAITING_REVIEW,), RequestState.OPEN),
    "fill": Transition((RequestState.OPEN,), RequestState.FILLED),
    "reopen": Transition((RequestState.FILLED,), RequestState.OPEN),
    "complete": Transition((RequestState.OPEN, RequestState.FILLED), RequestState.DONE),
    "cancel": Transition((RequestState.DRAFT, *UNFINISHED), RequestState.CANCELLED),
    "close": Transition(UNFINISHED, RequestState.CLOSED),
    "expire": Transition((RequestState.AWAITING_REVIEW, RequestState.OPEN, RequestState.FILLED), RequestState.EXPIRED),
    "refer": Transition(UNFINISHED, RequestState.REFERRED),
}

COMMITMENT = {
    # Giving up and being released leave the door open: the same person may take the visit again.
    "take": Transition((CommitmentState.WITHDRAWN, CommitmentState.RELEASED), CommitmentState.PROPOSED),
    "accept": Transition((CommitmentState.PROPOSED,), CommitmentState.ACCEPTED),
    "decline": Transition((CommitmentState.PROPOSED, CommitmentState.ACCEPTED), CommitmentState.DECLINED),
    "withdraw": Transition((CommitmentState.PROPOSED, CommitmentState.ACCEPTED), CommitmentState.WITHDRAWN),
    "release": Transition((CommitmentState.PROPOSED, CommitmentState.ACCEPTED), CommitmentState.RELEASED),
    "arrive": Transition((CommitmentState.ACCEPTED,), CommitmentState.ARRIVED),
    "complete": Transition((CommitmentState.ACCEPTED, CommitmentState.ARRIVED), CommitmentState.DONE),
    "no_show": Transition((CommitmentState.ACCEPTED, CommitmentState.ARRIVED), CommitmentState.NO_SHOW),
}

STANDING = {
    "meet": Transition((StandingState.APPLIED,), StandingState.MET),
    "activate": Transition((StandingState.APPLIED, StandingState.MET, StandingState.SUSPENDED), StandingState.ACTIVE),
    "suspend": Transition((StandingState.MET, StandingState.ACTIVE), StandingState.SUSPENDED),
    "end": Transition(
        (StandingState.APPLIED, StandingState.MET, StandingState.ACTIVE, StandingState.SUSPENDED), StandingState.ENDED
    ),
    "apply": Transition((StandingState.ENDED,), StandingState.APPLIED),
}

LIFECYCLE = {
    "accept": Transition((LifecycleState.PROPOSED,), LifecycleState.ACCEPTED),
    "start": Transition(
        (LifecycleState.PROPOSED, LifecycleState.ACCEPTED, LifecycleState.FINISHED), LifecycleState.RUNNING
    ),
    "finish": Transition(
        (LifecycleState.PROPOSED, LifecycleState.ACCEPTED, LifecycleState.RUNNING), LifecycleState.FINISHED
    ),
}

OPEN_PROPOSALS = (ProposalState.WAITING, ProposalState.ASKED)

PROPOSAL = {
    "ask": Transition(OPEN_PROPOSALS, ProposalState.ASKED),
    "answer": Transition((ProposalState.ASKED,), ProposalState.WAITING),
    "take_up": Transition(OPEN_PROPOSALS, ProposalState.TAKEN),
    "close": Transition(OPEN_PROPOSALS, ProposalState.CLOSED),
    "withdraw": Transition(OPEN_PROPOSALS, ProposalState.WITHDRAWN),
}

PLAN = {
    "compute": Transition(OPEN_PLANS, PlanState.COMPUTING),
    # Whoever changes a plan by hand, or is content with it, ends the computing.
    "edit": Transition(OPEN_PLANS, PlanState.READY),
    "finish": Transition((PlanState.COMPUTING,), PlanState.READY),
    "fail": Transition((PlanState.COMPUTING,), PlanState.FAILED),
    "send": Transition((PlanState.READY, PlanState.FAILED), PlanState.SENDING),
    "complete": Transition((PlanState.SENDING,), PlanState.SENT),
    "drop": Transition(OPEN_PLANS, PlanState.DROPPED),
}

ANNOUNCEMENT = {
    "edit": Transition((AnnouncementState.DRAFT,), AnnouncementState.DRAFT),
    "ask": Transition((AnnouncementState.DRAFT,), AnnouncementState.WAITING),
    "hand_back": Transition((AnnouncementState.WAITING,), AnnouncementState.DRAFT),
    # Of a small one nobody else has to approve; a large one is sent by whoever approves it.
    "send": Transition((AnnouncementState.DRAFT,), AnnouncementState.SENDING),
    "approve": Transition((AnnouncementState.WAITING,), AnnouncementState.SENDING),
    "complete": Transition((AnnouncementState.SENDING,), AnnouncementState.SENT),
    "cancel": Transition(
        (AnnouncementState.DRAFT, AnnouncementState.WAITING, AnnouncementState.SENDING), AnnouncementState.CANCELLED
    ),
}
