"""Who is told what. The words stand in templates/volunteering/notices and are rendered late, in the reader's language.

No notice holds an address, a phone or a surname: it leads to a page that knows who is reading.
"""

from volunteering.notices import (
    announcements,
    commitments,
    conversations,
    follows,
    groups,
    meetings,
    opinions,
    partners,
    plans,
    proposals,
    requests,
    standings,
)

__all__ = [
    "announcements",
    "commitments",
    "conversations",
    "follows",
    "groups",
    "meetings",
    "opinions",
    "partners",
    "plans",
    "proposals",
    "requests",
    "standings",
]
