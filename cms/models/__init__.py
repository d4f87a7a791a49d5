"""The records of the CMS: pages, looks, editorial teams, approval."""

from cms.models.approval import SiteApprovalTask
from cms.models.crisis import CrisisLine
from cms.models.logs import InitiativeLogEntry
from cms.models.look import NoticeLevel, SiteLook
from cms.models.pages import (
    HomePage,
    NeighbourhoodPage,
    NewsIndexPage,
    NewsPage,
    PortalPage,
    SitePage,
    StandardPage,
)
from cms.models.teams import EditorialTeam

__all__ = [
    "CrisisLine",
    "EditorialTeam",
    "HomePage",
    "InitiativeLogEntry",
    "NeighbourhoodPage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeLevel",
    "PortalPage",
    "SiteApprovalTask",
    "SiteLook",
    "SitePage",
    "StandardPage",
]
