"""The wizard for a new municipality: for superusers, on the portal. Four pages of questions, one to check, nothing kept
before the last button: what was answered travels sealed in the form."""

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.errors import Refused
from cms.domain import founding
from cms.founding_forms import CentreForm, GminaForm, PlacesForm, SiteForm
from cms.trees import site_of_request
from neighbourhoods.places_file import Place

STEPS = (
    ("gmina", gettext_lazy("Municipality"), GminaForm),
    ("centre", gettext_lazy("Centre"), CentreForm),
    ("site", gettext_lazy("Site"), SiteForm),
    ("places", gettext_lazy("Neighbourhoods"), PlacesForm),
)
CHECK = len(STEPS)
SALT = "cms.founding"
# A form left open overnight is still good; one from last month is not.
LIFE = 24 * 3600


@require_http_methods(["GET", "POST"])
def wizard(request: HttpRequest) -> HttpResponse:
    if request.municipality is not None:
        raise Http404
    if not request.user.is_superuser:
        raise PermissionDenied
    if request.method == "GET":
        return show(request, 0, {})
    answers, step = unsealed(request.POST.get("answers", "")), step_of(request.POST.get("step", ""))
    if "back" in request.POST:
        return show(request, max(step - 1, 0), answers)
    if step == CHECK:
        return keep(request, answers)
    form = form_of(step, answers, request.POST, request.FILES)
    if not form.is_valid():
        return show(request, step, answers, form)
    answers[STEPS[step][0]] = answers_of(form)
    return show(request, step + 1, answers) if step + 1 < CHECK else check(request, answers)


def step_of(text):
    return int(text) if text.isdecimal() and int(text) <= CHECK else 0


def sealed(answers):
    return signing.dumps(answers, salt=SALT, compress=True)


def unsealed(text):
    """What was answered before; nothing where the seal is broken or old: the wizard then begins again."""
    try:
        return signing.loads(text, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return {}


def form_of(step, answers, sent=None, files=None):
    name, _title, form_class = STEPS[step]
    before = answers.get(name, {})
    if form_class is PlacesForm:
        middle = answers.get("gmina", {})
        middle = (middle["latitude"], middle["longitude"]) if middle else None
        return PlacesForm(sent, files, middle=middle)
    return form_class(sent, initial=before)


def answers_of(form):
    """Plain values, so that they can travel."""
    cleaned = form.cleaned_data
    if isinstance(form, PlacesForm):
        return {"places": [vars(place) for place in cleaned["places"]]}
    return {name: str(value) if name == "phone" else value for name, value in cleaned.items()}


def show(request, step, answers, form=None):
    missing = next((number for number in range(step) if STEPS[number][0] not in answers), step)
    form = form if form is not None and missing == step else form_of(missing, answers)
    context = frame(missing, answers) | {"form": form}
    return render(request, "cms/admin/founding.html", context)


def frame(step, answers):
    return {
        "page_title": _("New municipality"),
        "header_icon": "site",
        "steps": [title for _name, title, _form in STEPS],
        "step": step,
        "is_check": step == CHECK,
        "answers": sealed(answers),
        "places": [],
        "facts": [],
        "problems": [],
    }


def details(request, answers):
    """Arguments of `founding.found`."""
    gmina, centre, site = answers["gmina"], dict(answers["centre"]), answers["site"]
    organiser = centre.pop("organiser", "")
    return [{**gmina, **centre}], {
        "hostname": site["hostname"],
        "port": site_of_request(request).port,
        "looks": {name: site.get(name, "") for name in founding.LOOKS},
        "languages": site["languages"],
        "places": [Place(**place) for place in answers["places"]["places"]],
        "organiser": organiser,
        "actor": request.user,
    }


def attempt(request, act, answers):
    """(Report, problems): one of them is empty."""
    facts, options = details(request, answers)
    try:
        return act(*facts, **options), []
    except ValidationError as error:
        return None, error.messages
    except Refused as refusal:
        return None, refusal.reasons
    except IntegrityError:
        return None, [_("Meanwhile somebody has made this municipality, or another one at this host.")]


def check(request, answers, problems=()):
    report = None
    if not problems:
        report, problems = attempt(request, rehearsed, answers)
    return render(request, "cms/admin/founding.html", frame(CHECK, answers) | summary(answers, report, problems))


def rehearsed(*facts, **options):
    return founding.rehearse(founding.found, *facts, **options)


def summary(answers, report, problems):
    names = [
        (form.base_fields[name].label, value)
        for key, _title, form in STEPS[:-1]
        for name, value in answers[key].items()
        if value not in ("", None) and name in form.base_fields
    ]
    shown = [(label, ", ".join(value) if isinstance(value, list) else value) for label, value in names]
    places = [place["name"] for place in answers["places"]["places"]]
    return {"facts": shown, "places": places, "report": report, "problems": problems, "form": None}


def keep(request, answers):
    if any(name not in answers for name, _title, _form in STEPS):
        return show(request, CHECK, answers)
    report, problems = attempt(request, founding.found, answers)
    if problems:
        return check(request, answers, problems)
    messages.success(
        request,
        _("%(name)s is there, in preparation: %(pages)d pages at %(address)s.")
        % {
            "name": report.municipality.name,
            "pages": report.pages,
            "address": report.municipality.origin,
        },
    )
    return redirect(reverse("wagtailadmin_home"))
