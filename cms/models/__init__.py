"""The records of the CMS: pages, looks, editorial teams, approval."""

from cms.models.approval import SiteApprovalTask
from cms.models.base import SitePage
from cms.models.crisis import CrisisLine
from cms.models.home import HomePage
from cms.models.logs import InitiativeLogEntry
from cms.models.look import NoticeLevel, SiteLook
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.places import NeighbourhoodPage
from cms.models.portal import PortalPage
from cms.models.quick_links import QuickLink
from cms.models.standard import StandardPage
from cms.models.teams import EditorialTeam
from cms.models.translations import TranslationCheck

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
    "QuickLink",
    "SiteApprovalTask",
    "SiteLook",
    "SitePage",
    "StandardPage",
    "TranslationCheck",
]
