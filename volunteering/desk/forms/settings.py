"""The rules of the municipality, as its organiser may set them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from neighbourhoods.domain.municipalities import CONTACT, RULES
from neighbourhoods.models import HEAVIEST, WEIGHTS, Moderation, Municipality


def number(label, least, most, hint=""):
    """A whole number between two bounds, both included."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=hint, widget=widget)


class RulesForm(forms.ModelForm):
    moderation = forms.ChoiceField(label=_("Who reads a request first?"), choices=Moderation, widget=forms.RadioSelect)
    consent_for_all = forms.BooleanField(
        label=_("Ask the resident to accept every helper"),
        help_text=_("For help at home she is always asked, whatever is set here."),
        required=False,
    )
    consent_hours = number(
        _("Hours that the resident has to accept a helper"), 1, 168, _("Afterwards the place is given to others.")
    )
    alert_count = number(
        _("How many people are told of a new request at once"),
        1,
        100,
        _("If nobody comes forward, the next ones are told."),
    )
    default_radius = number(
        _("How far the first wave looks (metres)"), 500, 50_000, _("Every further wave looks twice as far.")
    )
    wave_minutes_today = number(_("Minutes until the next wave when help is needed today"), 1, 1440)
    wave_minutes_soon = number(_("Minutes until the next wave when help is needed within 48 hours"), 1, 1440)
    wave_minutes_later = number(_("Minutes until the next wave when there is more time"), 1, 10_080)
    alerts_per_day = number(
        _("How many requests one person is told of in a day"), 1, 50, _("Requests of other municipalities count too.")
    )
    quiet_from = number(
        _("Quiet hours begin at (hour, 0–23)"),
        0,
        23,
        _("In quiet hours only people on duty are told, and only of what is needed that day."),
    )
    quiet_until = number(
        _("Quiet hours end at (hour, 0–23)"), 0, 23, _("The same hour twice means that there are no quiet hours.")
    )
    weight_nearness = number(
        _("Who to ask first: how much does it count that somebody lives near?"),
        0,
        HEAVIEST,
        _("0 means that it does not count at all, 10 that it counts most. What matters is how these numbers compare."),
    )
    weight_skill = number(_("… that somebody has skills that help?"), 0, HEAVIEST)
    weight_language = number(_("… that somebody speaks the language that the person would choose?"), 0, HEAVIEST)
    weight_time = number(_("… that somebody has ample time?"), 0, HEAVIEST)
    weight_continuity = number(_("… that somebody has helped this person before?"), 0, HEAVIEST)
    weight_fairness = number(_("… that somebody has not been asked for long?"), 0, HEAVIEST)
    weight_load = number(_("… that somebody has few tasks that week?"), 0, HEAVIEST)
    sms_per_month = number(
        _("How many text messages the centre pays for in a month"),
        0,
        100_000,
        _("Long messages count as several. Whom no message reaches then is on the list of people to ring."),
    )
    takes_per_week = number(_("How many requests one person may take within seven days"), 1, 50)
    address_hours_before = number(
        _("The helper sees the address so many hours before the visit"), 1, 168, _("48 hours are usual.")
    )
    address_hours_after = number(_("The address is erased so many hours after the visit"), 1, 168)
    words_days = number(_("The words of an ended request are erased after so many days"), 7, 365)
    approval_above = number(
        _("An announcement to more people than this is approved by a second person"),
        1,
        100_000,
        _("Whoever wrote it cannot approve it. With 1 every announcement to several people needs two."),
    )
    announcements_per_day = number(
        _("How many announcements one person gets in a day"),
        1,
        20,
        _("Word to the people of one visit or one meeting always gets through: they have promised to be there."),
    )
    offer_hours = number(
        _("Hours to confirm a place that became free at a meeting"),
        1,
        168,
        _("Whoever waits is offered it in turn. Shortly before a meeting there is less time. No offer ends at night."),
    )

    class Meta:
        model = Municipality
        fields = RULES

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(name, 1) for name in WEIGHTS):
            self.add_error(WEIGHTS[0], _("Something has to count. Give at least one of the seven a number above 0."))
        return cleaned


class ContactForm(forms.ModelForm):
    """How the centre is reached."""

    class Meta:
        model = Municipality
        fields = CONTACT
        help_texts = {
            "phone": _("It stands at the top of every page. Somebody has to answer it."),
            "opening_hours": _("For example: poniedziałek–piątek 7:30–15:30, środa do 17:30"),
            "address": _("For example: ul. Markowa 20, 41-700 Ruda Śląska"),
        }
