"""The records of the CMS: pages, looks, editorial teams, approval."""

from cms.models.approval import SiteApprovalTask
from cms.models.base import SitePage
from cms.models.calls import CallIndexPage, CallPage
from cms.models.checks import ServiceCheck
from cms.models.crisis import CrisisLine
from cms.models.events import EventIndexPage, EventPage, Registering
from cms.models.home import HomePage
from cms.models.logs import InitiativeLogEntry
from cms.models.look import NoticeLevel, SiteLook
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.places import NeighbourhoodPage
from cms.models.portal import PortalPage
from cms.models.programme import ProgrammePage
from cms.models.registrations import EventRegister, Registration
from cms.models.services import ServiceIndexPage, ServicePage
from cms.models.standard import StandardPage
from cms.models.teams import EditorialTeam

__all__ = [
    "CallIndexPage",
    "CallPage",
    "CrisisLine",
    "EditorialTeam",
    "EventIndexPage",
    "EventPage",
    "EventRegister",
    "HomePage",
    "InitiativeLogEntry",
    "NeighbourhoodPage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeLevel",
    "PortalPage",
    "ProgrammePage",
    "Registering",
    "Registration",
    "ServiceCheck",
    "ServiceIndexPage",
    "ServicePage",
    "SiteApprovalTask",
    "SiteLook",
    "SitePage",
    "StandardPage",
]
