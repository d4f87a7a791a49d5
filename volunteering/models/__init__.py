"""The records of volunteering, by subject."""

from volunteering.models.announcements import (
    Addressees,
    Announcement,
    AnnouncementCount,
    AnnouncementRecipient,
    RecipientOutcome,
)
from volunteering.models.commitments import Alert, Commitment, Regime
from volunteering.models.conversations import (
    ALT_LIMIT,
    MESSAGE_LIMIT,
    ClosedWhy,
    Conversation,
    MailTrouble,
    Message,
    Participant,
    Photo,
    Report,
    Side,
    SystemWords,
)
from volunteering.models.follows import (
    DIGEST_HOURS,
    MOST_FOLLOWS,
    MOST_WATCHES,
    Around,
    Digest,
    Follow,
    News,
    Rhythm,
    Times,
    Watch,
)
from volunteering.models.initiatives import Initiative, Joining, Lifecycle
from volunteering.models.intake import IntakeAttempt
from volunteering.models.listings import ListingChange, ListingCount, ListingWord
from volunteering.models.meetings import Meeting, Participation
from volunteering.models.plans import PairChoice, PairOutcome, PlannedPair, PlannedVisit, WeekPlan
from volunteering.models.reminders import Reminder
from volunteering.models.requests import WORDS_LIMIT, HelpRequest, Timing, Visit
from volunteering.models.searches import DailyCount, Search
from volunteering.models.taxonomy import Audience, Category, InitiativeKind, Skill
from volunteering.models.volunteers import Block, Reach, Standing, VolunteerProfile

__all__ = [
    "ALT_LIMIT",
    "DIGEST_HOURS",
    "MESSAGE_LIMIT",
    "MOST_FOLLOWS",
    "MOST_WATCHES",
    "WORDS_LIMIT",
    "Addressees",
    "Alert",
    "Announcement",
    "AnnouncementCount",
    "AnnouncementRecipient",
    "Around",
    "Audience",
    "Block",
    "Category",
    "ClosedWhy",
    "Commitment",
    "Conversation",
    "DailyCount",
    "Digest",
    "Follow",
    "HelpRequest",
    "Initiative",
    "InitiativeKind",
    "IntakeAttempt",
    "Joining",
    "Lifecycle",
    "ListingChange",
    "ListingCount",
    "ListingWord",
    "MailTrouble",
    "Meeting",
    "Message",
    "News",
    "PairChoice",
    "PairOutcome",
    "Participant",
    "Participation",
    "Photo",
    "PlannedPair",
    "PlannedVisit",
    "Reach",
    "RecipientOutcome",
    "Regime",
    "Reminder",
    "Report",
    "Rhythm",
    "Search",
    "Side",
    "Skill",
    "Standing",
    "SystemWords",
    "Times",
    "Timing",
    "Visit",
    "VolunteerProfile",
    "Watch",
    "WeekPlan",
]
