"""Calls for partners: what a centre or the region looks for, until when, and what came of it."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.blocks import PARAGRAPH_FEATURES, DocumentBlock
from cms.models.base import Body, Lead, SitePage
from cms.states import CallStatus

CALLS_ON_A_PAGE = 12


class CallQuerySet(PageQuerySet):
    def below(self, page):
        """Published calls of one site in one language: open ones first, the next deadline first; then those that open
        soon, then the closed ones, the latest first."""
        now = timezone.now()
        is_resolved, is_closed = ~Q(result=""), Q(closes_at__lte=now)
        rank = Case(
            When(is_resolved | is_closed, then=Value(2)),
            When(opens_at__gt=now, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )
        ahead = Case(When(is_resolved | is_closed, then=None), default="closes_at")
        calls = self.live().descendant_of(page).defer_streamfields().annotate(rank=rank, ahead=ahead)
        return calls.order_by("rank", "ahead", "-closes_at", "pk")

    def open(self):
        now = timezone.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now, result="")


class CallIndexPage(Lead, SitePage):
    """All calls for partners, open ones first."""

    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = ["cms.CallPage"]
    max_count_per_parent = 1
    template = "cms/call_index_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels]

    class Meta:
        verbose_name = _("list of calls for partners")
        verbose_name_plural = _("lists of calls for partners")

    def get_context(self, request, *args, **kwargs):
        sheet = Paginator(CallPage.objects.below(self), CALLS_ON_A_PAGE).get_page(request.GET.get("strona"))
        return {
            **super().get_context(request, *args, **kwargs),
            "sheet": sheet,
            "previous_url": f"?strona={sheet.previous_page_number()}" if sheet.has_previous() else "",
            "next_url": f"?strona={sheet.next_page_number()}" if sheet.has_next() else "",
        }


class CallPage(Lead, Body, SitePage):
    """One call. Whether it is open follows from its dates; that it is decided, from the words about the result."""

    opens_at = models.DateTimeField(
        _("opens"), default=timezone.now, help_text=_("From when on applications are taken.")
    )
    closes_at = models.DateTimeField(
        _("closes"), help_text=_("Until when applications are taken, for example 06.02.2027 15:00.")
    )
    for_whom = models.CharField(
        _("who may apply"),
        max_length=200,
        blank=True,
        help_text=_("For example: municipalities and non-governmental organisations."),
    )
    documents = StreamField(
        [("document", DocumentBlock())],
        verbose_name=_("documents"),
        blank=True,
        help_text=_("Rules, application form, attachments. Say of each what it is."),
    )
    organiser = models.CharField(
        _("who announces it"), max_length=160, blank=True, help_text=_("Leave empty if it is you.")
    )
    contact_phone = PhoneNumberField(_("phone for questions"), blank=True)
    contact_email = models.EmailField(_("e-mail for questions"), blank=True)
    result = RichTextField(
        _("result"),
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text=_("Write it once the call is decided: who was chosen and why. The page then says “decided”."),
    )

    objects = PageManager.from_queryset(CallQuerySet)()

    parent_page_types = ["cms.CallIndexPage"]
    subpage_types = []
    template = "cms/call_page.html"
    content_panels = [
        *Page.content_panels,
        *Lead.lead_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]), FieldPanel("for_whom")],
            heading=_("Until when, and for whom"),
        ),
        FieldPanel("result"),
        *Body.body_panels,
        FieldPanel("documents"),
        MultiFieldPanel(
            [FieldPanel("organiser"), FieldPanel("contact_phone"), FieldPanel("contact_email")],
            heading=_("Who announces it, and questions"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("call for partners")
        verbose_name_plural = _("calls for partners")

    def clean(self):
        super().clean()
        # An editor that was emptied leaves empty tags behind.
        self.result = self.result if strip_tags(self.result).strip() else ""
        problems = {}
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            problems["closes_at"] = _("A call closes after it opens.")
        if self.result and self.closes_at and self.closes_at > timezone.now():
            problems["result"] = _("Applications are still taken. Write the result after the call has closed.")
        if problems:
            raise ValidationError(problems)

    @property
    def status(self):
        """A value of `CallStatus`."""
        now = timezone.now()
        if self.result:
            return CallStatus.RESOLVED
        if self.closes_at <= now:
            return CallStatus.CLOSED
        return CallStatus.UPCOMING if self.opens_at > now else CallStatus.OPEN
