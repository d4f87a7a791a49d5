"""The records of the CMS: pages, looks, editorial teams, approval."""

from cms.models.accessibility import AccessibilityStatementPage, Assessment, Conformity
from cms.models.approval import SiteApprovalTask
from cms.models.base import SitePage
from cms.models.calls import CallIndexPage, CallPage
from cms.models.checks import ServiceCheck
from cms.models.contact import ContactPage
from cms.models.crisis import CrisisLine
from cms.models.documents import DocumentsPage
from cms.models.easy_read import EasyReadPage
from cms.models.events import EventIndexPage, EventPage, Registering
from cms.models.faq import FaqPage
from cms.models.home import HomePage
from cms.models.logs import InitiativeLogEntry
from cms.models.look import NoticeLevel, Rhythm, SiteLook
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.newsletter import Subscriber, Topic
from cms.models.newsletter_issues import NewsletterIssue, NewsletterItem, NewsletterLetter
from cms.models.people import Closure, DropIn, PeoplePage, Person, Weekday
from cms.models.places import NeighbourhoodPage
from cms.models.portal import PortalPage
from cms.models.programme import ProgrammePage
from cms.models.protection import ProtectionStandardsPage
from cms.models.quick_links import QuickLink
from cms.models.registrations import EventRegister, Registration
from cms.models.reviews import Reviewed, ReviewReminder
from cms.models.search import SearchEntry, SearchGroup, SearchTerm
from cms.models.services import ServiceIndexPage, ServicePage
from cms.models.standard import StandardPage
from cms.models.teams import EditorialTeam
from cms.models.texts import PrivacyPage, TermsPage, TextVersion, VersionedText
from cms.models.translations import TranslationCheck

__all__ = [
    "AccessibilityStatementPage",
    "Assessment",
    "CallIndexPage",
    "CallPage",
    "Closure",
    "Conformity",
    "ContactPage",
    "CrisisLine",
    "DocumentsPage",
    "DropIn",
    "EasyReadPage",
    "EditorialTeam",
    "EventIndexPage",
    "EventPage",
    "EventRegister",
    "FaqPage",
    "HomePage",
    "InitiativeLogEntry",
    "NeighbourhoodPage",
    "NewsIndexPage",
    "NewsPage",
    "NewsletterIssue",
    "NewsletterItem",
    "NewsletterLetter",
    "NoticeLevel",
    "PeoplePage",
    "Person",
    "PortalPage",
    "PrivacyPage",
    "ProgrammePage",
    "ProtectionStandardsPage",
    "QuickLink",
    "Registering",
    "Registration",
    "ReviewReminder",
    "Reviewed",
    "Rhythm",
    "SearchEntry",
    "SearchGroup",
    "SearchTerm",
    "ServiceCheck",
    "ServiceIndexPage",
    "ServicePage",
    "SiteApprovalTask",
    "SiteLook",
    "SitePage",
    "StandardPage",
    "Subscriber",
    "TermsPage",
    "TextVersion",
    "Topic",
    "TranslationCheck",
    "VersionedText",
    "Weekday",
]
