"""What a person is given of their groups and time banks with “my data”."""

from volunteering.models import (
    GroupMember,
    GroupPost,
    GroupReport,
    TimeAccount,
    TimeEntry,
    TimeExchange,
    TimeNote,
    Vote,
)

TITLE = "group__initiative__title"


def export(user):
    """Parts of the export. Names of others are in none of them."""
    accounts = TimeAccount.objects.of(user).order_by("pk")
    entries = TimeEntry.objects.filter(account__in=accounts).order_by("pk")
    return {
        "groups": list(
            GroupMember.objects.of(user)
            .order_by("pk")
            .values(TITLE, "state", "role", "shown_to", "word", "agreement_version", "is_muted", "changed_at")
        ),
        "group_posts": list(
            GroupPost.objects.by(user).order_by("pk").values(TITLE, "created_at", "text", "has_photo", "photo__alt")
        ),
        "group_votes": list(
            Vote.objects.filter(member__user=user).order_by("pk").values("poll__question", "option__words")
        ),
        "group_reports": list(GroupReport.objects.filter(by=user).order_by("pk").values("post", "created_at", "words")),
        "time_accounts": list(
            accounts.values("bank__group__initiative__title", "number", "balance", "limit", "opened_at")
        ),
        "time_entries": list(
            entries.values("account__number", "minutes", "booked_at", "exchange__day", "exchange__what")
        ),
        "time_exchanges_waiting": list(
            TimeExchange.objects.proposed()
            .filter(giver__in=accounts)
            .order_by("pk")
            .values("giver__number", "minutes", "day", "what")
        ),
        "time_notes": list(TimeNote.objects.filter(account__in=accounts).order_by("pk").values("kind", "words")),
    }
