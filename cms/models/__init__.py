"""The records of the CMS: pages, looks, editorial teams, approval."""

from cms.models.approval import SiteApprovalTask
from cms.models.base import SitePage
from cms.models.contact import ContactPage
from cms.models.crisis import CrisisLine
from cms.models.documents import DocumentsPage
from cms.models.faq import FaqPage
from cms.models.home import HomePage
from cms.models.logs import InitiativeLogEntry
from cms.models.look import NoticeLevel, SiteLook
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.people import Closure, DropIn, PeoplePage, Person, Weekday
from cms.models.places import NeighbourhoodPage
from cms.models.portal import PortalPage
from cms.models.search import SearchEntry, SearchGroup, SearchTerm
from cms.models.standard import StandardPage
from cms.models.teams import EditorialTeam

__all__ = [
    "Closure",
    "ContactPage",
    "CrisisLine",
    "DocumentsPage",
    "DropIn",
    "EditorialTeam",
    "FaqPage",
    "HomePage",
    "InitiativeLogEntry",
    "NeighbourhoodPage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeLevel",
    "PeoplePage",
    "Person",
    "PortalPage",
    "SearchEntry",
    "SearchGroup",
    "SearchTerm",
    "SiteApprovalTask",
    "SiteLook",
    "SitePage",
    "StandardPage",
    "Weekday",
]
