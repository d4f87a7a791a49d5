"""The search over the host's site."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cms.domain import searching
from cms.models import SearchGroup
from cms.surroundings import named
from cms.trees import site_of_request
from neighbourhoods.public_pages import public_page
from volunteering.folding import clean

LONGEST_QUESTION = 100
MOST_AROUND = 5


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """What the site says about some words. They stand in the address, so that a search can be sent to somebody."""
    site = site_of_request(request)
    if site is None:
        raise Http404
    speak_as_asked(request)
    text = " ".join(clean(request.GET.get("q", "")).split())
    group = request.GET.get("dzial", "")
    group = group if group in SearchGroup.values else ""
    fault = fault_of(request, text)
    findings = searching.Findings()
    if text and not fault:
        page = request.GET.get("strona")
        findings = searching.search(site, text, language=request.LANGUAGE_CODE, group=group, page=page)
    context = {
        "question": text[:LONGEST_QUESTION],
        "fault": fault,
        "findings": findings,
        "around": around(request, findings.corrected or text) if text and not fault and not group else [],
        "around_url": f"{reverse('cms:surroundings')}?{urlencode({'slowa': findings.corrected or text})}",
        "group": SearchGroup(group).label if group else "",
        "all_url": address(request, text),
        "groups": [(each, address(request, text, dzial=each.code)) for each in findings.groups],
        **pager(request, findings.sheet, text, group),
    }
    return render(request, "cms/search.html", context, status=400 if fault else 200)


def around(request, text):
    """Places and organisations of the municipality; the portal has none."""
    return named(text)[:MOST_AROUND] if request.municipality else []


def speak_as_asked(request):
    """English and Ukrainian pages have their language in the address; their search box sends it along."""
    language = request.GET.get("jezyk", "")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language


def fault_of(request, text):
    """What is wrong with the words, in a sentence; "" for nothing."""
    if len(text) > LONGEST_QUESTION:
        return _("That is too long to look for. A few words are enough.")
    if request.GET.get("q", "").strip() and not searching.has_words(text):
        return _("Write at least one word, in letters or digits.")
    return ""


def address(request, text, **more):
    language = {"jezyk": request.GET["jezyk"]} if request.GET.get("jezyk") in dict(settings.LANGUAGES) else {}
    return f"{reverse('cms:search')}?{urlencode({'q': text, **language, **more})}"


def pager(request, sheet, text, group):
    if sheet is None:
        return {"previous_url": "", "next_url": ""}
    before = sheet.previous_page_number() if sheet.has_previous() else None
    after = sheet.next_page_number() if sheet.has_next() else None
    return {
        "previous_url": address(request, text, dzial=group, strona=before) if before else "",
        "next_url": address(request, text, dzial=group, strona=after) if after else "",
    }
