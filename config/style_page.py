"""The living style page: every component in every state, in the real frame. In the demo and in debug mode only."""

from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


class SampleForm(forms.Form):
    """One field of every kind. The words are samples and stay untranslated: this page is for those who build."""

    name = forms.CharField(label="Imię", help_text="Tak zwrócimy się do Ciebie w wiadomościach.")
    email = forms.EmailField(label="Adres e-mail", required=False)
    phone = forms.CharField(label="Telefon", widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}))
    words = forms.CharField(
        label="Czego potrzebujesz?",
        help_text="Napisz jak do sąsiada. Nie podawaj adresu ani nazw leków.",
        widget=forms.Textarea({"rows": 4}),
    )
    day = forms.DateField(label="Dzień", widget=forms.DateInput({"type": "date"}))
    hour = forms.TimeField(label="Godzina", widget=forms.TimeInput({"type": "time"}))
    neighbourhood = forms.ChoiceField(
        label="Dzielnica", choices=[("", "Wybierz"), ("godula", "Godula"), ("bykowina", "Bykowina"), ("wirek", "Wirek")]
    )
    category = forms.ChoiceField(
        label="W czym pomóc?",
        help_text="Wybierz jedno.",
        widget=forms.RadioSelect,
        choices=[("shopping", "Zakupy i odbiór paczek"), ("escort", "Towarzyszenie do lekarza"), ("talk", "Rozmowa")],
    )
    skills = forms.MultipleChoiceField(
        label="Co potrafisz?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("car", "Mam samochód"), ("pjm", "Znam polski język migowy"), ("uk", "Mówię po ukraińsku")],
    )
    picture = forms.FileField(label="Zdjęcie", required=False, help_text="JPG albo PNG, do 10 MB.")
    terms = forms.BooleanField(label="Znam zasady i zgadzam się na nie.")


def style_page(request: HttpRequest) -> HttpResponse:
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    context = {
        "empty_form": SampleForm(auto_id="empty_%s"),
        "form": SampleForm({"name": "", "email": "babcia@", "category": "talk"}, auto_id="wrong_%s"),
        "starts_at": datetime(2026, 11, 27, 14, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 27, 15, 30, tzinfo=UTC),
    }
    return render(request, "styl.html", context)


urlpatterns = [path("", login_not_required(style_page), name="styl")]
