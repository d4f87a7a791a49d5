"""The newsletter in public: the archive, signing up, and what the links in letters lead to.

The archive is cached like all pages; everything with a form, or about one person, is kept by no cache.
"""

from functools import partial, wraps

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain import people
from accounts.models import Consent
from cms.domain import newsletter_links as links
from cms.domain import newsletter_printing as printing
from cms.domain import subscribing, subscriptions
from cms.domain.newsletter_gathering import rhythm_of
from cms.domain.newsletter_items import items_of
from cms.models import NewsletterIssue, Rhythm
from cms.newsletter_forms import ChoicesForm, SignUpForm
from cms.states import SubscriberState
from neighbourhoods.public_pages import public_page
from volunteering.errors import Refused

ISSUES_ON_A_PAGE = 12


def of_centres(view):
    """The portal has no newsletter: it stands for no municipality, and each centre writes its own."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.municipality is None:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


@public_page
@require_safe
@of_centres
def archive(request: HttpRequest) -> HttpResponse:
    """All issues, the newest first."""
    issues = NewsletterIssue.objects.public()
    sheet = Paginator(issues, ISSUES_ON_A_PAGE).get_page(request.GET.get("strona"))
    rhythm = rhythm_of(request.municipality)
    if not rhythm and not sheet.object_list:
        raise Http404
    context = {
        "issues": [(issue, *issue.words(get_language())) for issue in sheet],
        "rhythm": Rhythm(rhythm).label if rhythm else "",
        "previous_url": f"?strona={sheet.previous_page_number()}" if sheet.has_previous() else "",
        "next_url": f"?strona={sheet.next_page_number()}" if sheet.has_next() else "",
    }
    return render(request, "cms/newsletter/archive.html", context)


@public_page
@require_safe
@of_centres
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """One issue as a page. What was taken down since stands in it without a link."""
    found = get_object_or_404(NewsletterIssue.objects.public(), number=number)
    title, lead, words_in = found.words(get_language())
    context = {
        "issue": found,
        "title": title,
        "lead": lead,
        "words_in": words_in,
        "sections": printing.sections(items_of(found), get_language()),
        "can_sign_up": bool(rhythm_of(request.municipality)),
    }
    return render(request, "cms/newsletter/issue.html", context)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@of_centres
def sign_up(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the address is known or not: only its mailbox learns it."""
    if not rhythm_of(request.municipality):
        raise Http404
    consent = subscribing.consent_words(request.municipality.centre_name)
    form = SignUpForm(request.POST or None, consent=consent, initial=_known(request))
    if request.method != "POST":
        return _show_sign_up(request, form)
    if form.is_of_a_program:
        # It learns nothing from the answer.
        return redirect("cms:newsletter_sent")
    if not form.is_valid():
        return _show_sign_up(request, form)
    centre = request.municipality.pk
    allows = partial(ratelimit.consume, request)
    if not allows(action="newsletter") or not allows(action="newsletter_centre", key=str(centre)):
        reason = _("Many people are signing up just now. Please try again in an hour.")
        return _show_sign_up(request, form, [reason], status=429)
    address = form.cleaned_data["email"]
    # The answer below does not tell whether a letter leaves.
    is_mailed = allows(action="newsletter_address", key=f"{centre} {address}")
    subscribing.ask(request.municipality, address=address, is_mailed=is_mailed, **form.chosen)
    return redirect("cms:newsletter_sent")


@never_cache
@login_not_required
@require_safe
@of_centres
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/newsletter/sent.html", {"days": links.CONFIRM_WITHIN.days})


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@of_centres
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the address confirms nothing: programs that look through mails for dangerous links do that too."""
    subscriber = links.of_confirming_token(token)
    if subscriber is None or subscriber.state == SubscriberState.LEFT:
        return render(request, "cms/newsletter/no_longer.html", status=410)
    if request.method == "POST":
        subscriber = subscriptions.confirm(subscriber)
    is_confirmed = subscriber.state == SubscriberState.CONFIRMED
    context = {"is_confirmed": is_confirmed, "choices": links.choices_address(subscriber, "")}
    return render(request, "cms/newsletter/confirm.html", context)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@of_centres
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """What I get: by the link in each letter, without signing in."""
    subscriber = links.of_own_token(token)
    if subscriber is None:
        raise Http404
    if subscriber.state != SubscriberState.CONFIRMED:
        return render(request, "cms/newsletter/no_longer.html", status=410)
    sent_form = request.POST if request.method == "POST" else None
    initial = {
        "topics": subscriber.topics,
        "language": subscriber.language,
        "neighbourhoods": [place.pk for place in subscriber.neighbourhoods.all()],
    }
    form = ChoicesForm(sent_form, initial=initial)
    is_saved = False
    if sent_form is not None and form.is_valid():
        try:
            subscriptions.choose(subscriber, **form.chosen)
            is_saved = True
        except Refused:
            return render(request, "cms/newsletter/no_longer.html", status=410)
    context = {"form": form, "is_saved": is_saved, "leave": links.leaving_address(subscriber, "")}
    return render(request, "cms/newsletter/choices.html", context)


@csrf_exempt  # the signed token is the proof: mail programs send this form by themselves (RFC 8058), without cookies
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@of_centres
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """One press, no sign-in. Opening the address changes nothing."""
    subscriber = links.of_own_token(token)
    if subscriber is None:
        raise Http404
    if request.method == "POST":
        subscriber = subscriptions.leave(subscriber)
    has_left = subscriber.state == SubscriberState.LEFT
    context = {"has_left": has_left, "choices": links.choices_address(subscriber, "")}
    return render(request, "cms/newsletter/leave.html", context)


def _known(request):
    viewer = request.user if request.user.is_authenticated else None
    return {"language": get_language(), "email": viewer.email if viewer else ""}


def _show_sign_up(request, form, reasons=(), status=200):
    context = {
        "form": form,
        "reasons": reasons,
        "rhythm": Rhythm(rhythm_of(request.municipality)).label,
        "privacy": people.text_address(Consent.Kind.PRIVACY, request.municipality),
    }
    return render(request, "cms/newsletter/sign_up.html", context, status=status)
