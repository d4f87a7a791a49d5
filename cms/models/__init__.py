"""The records of the CMS: pages, looks, editorial teams, approval."""

from cms.models.accessibility import AccessibilityStatementPage, Assessment, Conformity
from cms.models.approval import SiteApprovalTask
from cms.models.base import SitePage
from cms.models.crisis import CrisisLine
from cms.models.easy_read import EasyReadPage
from cms.models.home import HomePage
from cms.models.logs import InitiativeLogEntry
from cms.models.look import NoticeLevel, SiteLook
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.places import NeighbourhoodPage
from cms.models.portal import PortalPage
from cms.models.protection import ProtectionStandardsPage
from cms.models.reviews import Reviewed, ReviewReminder
from cms.models.standard import StandardPage
from cms.models.teams import EditorialTeam
from cms.models.texts import PrivacyPage, TermsPage, TextVersion, VersionedText

__all__ = [
    "AccessibilityStatementPage",
    "Assessment",
    "Conformity",
    "CrisisLine",
    "EasyReadPage",
    "EditorialTeam",
    "HomePage",
    "InitiativeLogEntry",
    "NeighbourhoodPage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeLevel",
    "PortalPage",
    "PrivacyPage",
    "ProtectionStandardsPage",
    "ReviewReminder",
    "Reviewed",
    "SiteApprovalTask",
    "SiteLook",
    "SitePage",
    "StandardPage",
    "TermsPage",
    "TextVersion",
    "VersionedText",
]
