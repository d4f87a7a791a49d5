"""Issues of the newsletter at the desk: for the editorial team of the site, the same people who write its pages.

Nobody sees who subscribes, only how many: an editor has no use for addresses, and a list that nobody can open cannot be
copied out.
"""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Language
from accounts.second_factor import second_factor_required
from cms.domain import newsletter_gathering as gathering
from cms.domain import newsletter_printing as printing
from cms.domain import newsletters
from cms.domain.groups import may_edit
from cms.domain.newsletter_items import items_of
from cms.models import NewsletterIssue, Rhythm, Subscriber
from cms.newsletter_forms import IssueForm
from cms.states import IssueState
from volunteering.errors import Refused

ISSUES_ON_A_PAGE = 20
# Ticked in a new issue: the first of each topic, so that a usual letter is made by reading it through.
TICKED_OF_A_TOPIC = 4


def for_editors(view):
    """404 for everybody who does not write the pages of this site; then the second factor. Nothing is kept by a
    browser."""
    view = second_factor_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if request.municipality is None or not may_edit(request.municipality.site, request.user):
            raise Http404
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapper


@for_editors
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Drafts, then what was sent, the newest first; and how many people read it."""
    issues = NewsletterIssue.objects.with_people().order_by("-number", "-pk")
    drafts = NewsletterIssue.objects.drafts().with_people().order_by("-pk")
    sheet = Paginator(issues.exclude(state=IssueState.DRAFT), ISSUES_ON_A_PAGE).get_page(request.GET.get("strona"))
    rhythm = gathering.rhythm_of(request.municipality)
    context = {
        "drafts": drafts,
        "issues": sheet,
        "subscribers": Subscriber.objects.confirmed().count(),
        "rhythm": Rhythm(rhythm).label if rhythm else "",
        "previous_url": f"?strona={sheet.previous_page_number()}" if sheet.has_previous() else "",
        "next_url": f"?strona={sheet.next_page_number()}" if sheet.has_next() else "",
    }
    return _render(request, "cms/desk/newsletter/list.html", context)


@for_editors
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """A new issue, gathered from what is on the site."""
    now = timezone.now()
    since = newsletters.since_last(request.municipality, now)
    candidates = gathering.candidates(request.municipality, since=since, now=now)
    form = IssueForm(request.POST or None, candidates=candidates, initial={"items": _first(candidates)})
    if request.method != "POST" or not form.is_valid():
        return _show_form(request, form, since)
    issue = newsletters.write(
        request.municipality, actor=request.user, words=form.words, chosen=form.chosen, since=since
    )
    return redirect("cms:desk_newsletter_issue", issue.pk)


@for_editors
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    issue = _find(pk)
    if issue.state != IssueState.DRAFT:
        return redirect("cms:desk_newsletter_issue", pk)
    items = list(issue.items.select_related("page", "initiative"))
    candidates = _with_own(request.municipality, issue, items)
    initial = {name: getattr(issue, name) for name in IssueForm.WORDS}
    initial |= {"items": [gathering.key_of(item) for item in items], "version": issue.version}
    form = IssueForm(request.POST or None, candidates=candidates, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _show_form(request, form, issue.since, issue)
    try:
        newsletters.edit(
            issue,
            actor=request.user,
            words=form.words,
            chosen=form.chosen,
            version=form.cleaned_data["version"] or 0,
        )
    except Refused as refusal:
        return _show_form(request, form, issue.since, issue, reasons=refusal.reasons, status=409)
    return redirect("cms:desk_newsletter_issue", pk)


@for_editors
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The issue as readers get it, and what can be done with it. While it is being sent an open page asks how far it
    has come, and is loaded anew at the end."""
    issue = _find(pk)
    if request.htmx:
        if issue.state != IssueState.SENDING:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "cms/desk/newsletter/_progress.html", {"issue": issue})
    return _show(request, issue)


@for_editors
@require_safe
def as_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of the letter, as mail programs get it."""
    issue = _find(pk)
    language = request.GET.get("jezyk", "")
    language = language if language in Language.values else get_language()
    _title, _text, html = printing.Printer(issue, items_of(issue)).sample(language)
    return HttpResponse(html)


@for_editors
@require_safe
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The last look before it is sent."""
    issue = _find(pk)
    if issue.state != IssueState.DRAFT:
        return redirect("cms:desk_newsletter_issue", pk)
    people = Subscriber.objects.confirmed().count()
    return _render(request, "cms/desk/newsletter/ask.html", {"issue": issue, "people": people})


@for_editors
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    version = request.POST.get("version", "")
    version = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    done = _("It is being sent, and stands in the archive.")
    return _act(request, pk, lambda issue: newsletters.send(issue, actor=request.user, version=version), done)


@for_editors
@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("A trial is on its way to %(address)s.") % {"address": request.user.email}
    return _act(request, pk, lambda issue: newsletters.try_out(issue, actor=request.user), done)


@for_editors
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Stopped. Nobody else gets it, and it is not in the archive any more.")
    return _act(request, pk, lambda issue: newsletters.stop(issue, actor=request.user), done)


@for_editors
@require_POST
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    issue = _find(pk)
    try:
        newsletters.throw_away(issue, actor=request.user)
    except Refused as refusal:
        return _show(request, _find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, _("The draft is thrown away."))
    return redirect("cms:desk_newsletter")


def _find(pk):
    return get_object_or_404(NewsletterIssue.objects.with_people(), pk=pk)


def _act(request, pk, verb, done):
    """Calls the verb and goes back to the issue; a refusal is shown there, as 409."""
    try:
        verb(_find(pk))
    except Refused as refusal:
        return _show(request, _find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, done)
    return redirect("cms:desk_newsletter_issue", pk)


def _first(candidates):
    """What is ticked in a new issue."""
    ticked = []
    for topic in {candidate.topic for candidate in candidates}:
        ticked += [it.key for it in candidates if it.topic == topic][:TICKED_OF_A_TOPIC]
    return ticked


def _with_own(municipality, issue, items):
    """What can be told now, with what stands in the issue already and is still published."""
    found = gathering.candidates(municipality, since=issue.since, now=timezone.now())
    known = {candidate.key for candidate in found}
    return found + [it for it in gathering.refreshed(items) if it.key not in known]


def _show(request, issue, *, reasons=(), status=200):
    items = items_of(issue)
    _title, text, _html = printing.Printer(issue, items).sample(get_language())
    title, lead, words_in = issue.words(get_language())
    context = {
        "issue": issue,
        "title": title,
        "lead": lead,
        "words_in": words_in,
        "sections": printing.sections(items, get_language()),
        "text": text,
        "people": Subscriber.objects.confirmed().count() if issue.state == IssueState.DRAFT else issue.total,
        "languages": Language.choices,
        "reasons": reasons,
    }
    return _render(request, "cms/desk/newsletter/detail.html", context, status=status)


def _show_form(request, form, since, issue=None, *, reasons=(), status=200):
    context = {"form": form, "issue": issue, "since": since, "reasons": reasons}
    return _render(request, "cms/desk/newsletter/form.html", context, status=status)


def _render(request, template, context, *, status=200):
    """In the frame of the desk for those who work there; editors have no other business at it."""
    works_here = request.user.has_perm("neighbourhoods.work_cases", request.municipality)
    frame = "volunteering/desk/base.html" if works_here else "cms/desk/base.html"
    return render(request, template, {**context, "frame": frame}, status=status)
