"""The records of volunteering, by subject."""

from volunteering.models.commitments import Alert, Commitment, Regime
from volunteering.models.initiatives import Initiative, Joining, Lifecycle, Meeting, Participation
from volunteering.models.intake import IntakeAttempt
from volunteering.models.reminders import Reminder
from volunteering.models.requests import WORDS_LIMIT, HelpRequest, Timing, Visit
from volunteering.models.searches import DailyCount, Search
from volunteering.models.taxonomy import Audience, Category, InitiativeKind, Skill
from volunteering.models.volunteers import Block, Reach, Standing, VolunteerProfile

__all__ = [
    "WORDS_LIMIT",
    "Alert",
    "Audience",
    "Block",
    "Category",
    "Commitment",
    "DailyCount",
    "HelpRequest",
    "Initiative",
    "InitiativeKind",
    "IntakeAttempt",
    "Joining",
    "Lifecycle",
    "Meeting",
    "Participation",
    "Reach",
    "Regime",
    "Reminder",
    "Search",
    "Skill",
    "Standing",
    "Timing",
    "Visit",
    "VolunteerProfile",
]
