"""The living style page: every component in every state, in the real frame. In the demo and in debug mode only.

Its words are samples for those who build and stay untranslated.
"""

from datetime import UTC, datetime, timedelta
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

DAYS = ["poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"]
PARTS = ["rano", "po południu", "wieczorem"]
ERROR_PAGES = {400: "400.html", 403: "403.html", 404: "404.html", 419: "403_csrf.html", 500: "500.html"}


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Imię", help_text="Tak zwrócimy się do Ciebie w wiadomościach.")
    email = forms.EmailField(label="Adres e-mail", required=False)
    phone = forms.CharField(label="Telefon", widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}))
    words = forms.CharField(
        label="Czego potrzebujesz?",
        help_text="Napisz jak do sąsiada. Nie podawaj adresu ani nazw leków.",
        widget=forms.Textarea({"rows": 4}),
    )
    day = forms.DateField(label="Dzień", widget=forms.DateInput({"type": "date"}))
    span = forms.SplitDateTimeField(
        label="Kiedy przyjść?",
        help_text="Na przykład 27.11.2026, 15:30.",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Dzień"}, time_attrs={"type": "time", "aria-label": "Godzina"}
        ),
    )
    people = forms.IntegerField(label="Ilu osób potrzeba?", min_value=1)
    neighbourhood = forms.ChoiceField(
        label="Dzielnica", choices=[("", "Wybierz"), ("godula", "Godula"), ("bykowina", "Bykowina"), ("wirek", "Wirek")]
    )
    category = forms.ChoiceField(
        label="W czym pomóc?",
        help_text="Wybierz jedno.",
        widget=forms.RadioSelect,
        choices=[
            ("shopping", "Zakupy i odbiór paczek"),
            ("escort", "Towarzyszenie do lekarza, urzędu, banku"),
            ("talk", "Rozmowa i towarzystwo"),
        ],
    )
    skills = forms.MultipleChoiceField(
        label="Co potrafisz?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("car", "Mam samochód"), ("pjm", "Znam polski język migowy"), ("uk", "Mówię po ukraińsku")],
    )
    picture = forms.FileField(label="Zdjęcie", required=False, help_text="JPG albo PNG, do 10 MB.")
    terms = forms.BooleanField(label="Znam zasady i zgadzam się na nie.")
    settled = forms.CharField(label="Numer konta", initial="Nie do zmiany", disabled=True)


class SampleFilters(forms.Form):
    words = forms.CharField(label="Słowa", required=False)
    place = forms.ChoiceField(label="Dzielnica", required=False, choices=[("", "Wszystkie"), ("wirek", "Wirek")])
    week = forms.ChoiceField(label="Kiedy", required=False, choices=[("", "Kiedykolwiek"), ("week", "W tym tygodniu")])


def for_builders(view):
    """Open to everybody, but only where no real centre works."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not (settings.DEMO or settings.DEBUG):
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(guarded)


@for_builders
def style_page(request: HttpRequest) -> HttpResponse:
    starts_at = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
    context = {
        "blank": SampleForm(auto_id="blank_%s", initial={"category": "talk", "skills": ["uk"]}),
        "filters": SampleFilters(auto_id="filter_%s"),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "over_midnight": starts_at + timedelta(hours=11),
        "days": DAYS,
        "parts": PARTS,
        "tones": ["neutral", "good", "wait", "bad", "info"],
    }
    return render(request, "styl/styl.html", context)


@for_builders
def form_with_errors(request: HttpRequest) -> HttpResponse:
    wrong = {"name": "Zofia", "email": "babcia@", "category": "talk", "span_0": "2026-11-27", "people": "0"}
    return render(request, "styl/form.html", {"form": SampleForm(wrong)})


@for_builders
def error_page(request: HttpRequest, code: int) -> HttpResponse:
    if code not in ERROR_PAGES:
        raise Http404
    return render(request, ERROR_PAGES[code], status=code)


urlpatterns = [
    path("", style_page, name="styl"),
    path("formularz/", form_with_errors, name="styl_form"),
    path("<int:code>/", error_page, name="styl_error"),
]
