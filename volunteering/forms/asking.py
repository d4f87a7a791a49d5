"""The questions of the request wizard, one form a page. Each knows what was answered before it."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget

from neighbourhoods.models import Neighbourhood
from volunteering.domain import visits
from volunteering.domain import words as wording
from volunteering.domain.intake import Asked
from volunteering.errors import Refused
from volunteering.forms.fields import Day, Hour, PlainText
from volunteering.models import WORDS_LIMIT, Category, Timing

# Kinds of help as people look for them. What is in no group (added later by staff) stands in the last one.
GROUPS = (
    (
        gettext_lazy("Shopping, errands and getting somewhere"),
        ("shopping", "pharmacy", "escort", "transport", "lending"),
    ),
    (gettext_lazy("Company"), ("conversation", "phone_friend", "walk", "reading", "respite")),
    (
        gettext_lazy("At home and around it"),
        ("small_repairs", "home_help", "meals", "garden", "snow", "fuel", "moving", "pets"),
    ),
    (gettext_lazy("Phone, letters and languages"), ("digital", "forms", "translation", "polish")),
    (gettext_lazy("Something else"), ()),
)

HOW_LONG = (
    (30, gettext_lazy("half an hour")),
    (60, gettext_lazy("an hour")),
    (90, gettext_lazy("an hour and a half")),
    (120, gettext_lazy("two hours")),
    (180, gettext_lazy("three hours")),
    (240, gettext_lazy("half a day (four hours)")),
    (480, gettext_lazy("the whole day (eight hours)")),
)
MOST_PEOPLE = 20
NO_STREET = gettext_lazy("Write the street, or the village where there is none.")
NO_HOUSE = gettext_lazy("Write the number of the house.")


class Step(forms.Form):
    """One question. `answers`: what was kept of the steps so far, by their names; `user`: who asks, if signed in."""

    name = ""
    slug = ""
    title = ""
    hint = ""

    def __init__(self, data=None, *, municipality, answers, user=None, **kwargs):
        self.municipality, self.answers, self.user = municipality, answers, user
        kwargs.setdefault("initial", answers.get(self.name))
        super().__init__(data, **kwargs)
        self.prepare()

    def prepare(self):
        """Fits the fields to this municipality and to the answers so far."""

    def kept(self):
        """The answers as they are kept until the request is sent: strings that the same form reads again."""
        return {name: "" if value is None else str(value) for name, value in self.cleaned_data.items()}

    def summary(self):
        """Pairs (label, answer) for the page on which all answers are checked."""
        raise NotImplementedError

    def earlier(self, step, field):
        """An answer to an earlier question, "" where there is none yet."""
        return self.answers.get(step, {}).get(field, "")

    def category(self):
        """The kind of help that was chosen, None before that."""
        return Category.objects.open().filter(code=self.earlier("what", "category")).first()


class What(Step):
    name = "what"
    slug = "co"
    title = gettext_lazy("What do you need help with?")

    def prepare(self):
        self.categories = {category.code: category for category in Category.objects.open()}
        # Choices of plain strings: whatever is sent is compared here and never reaches the database.
        self.fields["category"] = forms.ChoiceField(
            label=self.title,
            choices=[(code, category.name) for code, category in self.categories.items()],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose what you need help with."),
                "invalid_choice": _("This kind of help cannot be asked for here now. Choose another one or ring us."),
            },
        )

    def groups(self):
        """The choices under headings, empty headings left out: (heading, [(category, radio button)])."""
        buttons = {button.data["value"]: button for button in self["category"]}
        grouped = {code for _heading, codes in GROUPS for code in codes}
        rest = [code for code in self.categories if code not in grouped]
        for heading, codes in GROUPS:
            rows = [(self.categories[code], buttons[code]) for code in codes or rest if code in self.categories]
            if rows:
                yield heading, rows

    def category(self):
        return self.categories[self.cleaned_data["category"]]

    def summary(self):
        return [(_("What"), self.category().name)]


class Words(Step):
    name = "words"
    slug = "opis"
    title = gettext_lazy("What is to be done?")
    hint = gettext_lazy("A sentence or two is enough.")

    words = PlainText(
        label=title,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Write in a few words what is to be done."),
            "max_length": gettext_lazy(
                "That is too long. Shorten it to %(limit_value)d characters; now it has %(show_value)d."
            ),
        },
    )

    # What stands in the words that only the helper may learn; a set of "email", "phone", "address".
    gives_away = frozenset()

    def clean_words(self):
        """Contact details are asked about once: cut them, leave them (staff read such words first) or change them."""
        text = self.cleaned_data["words"]
        if "cut" in self.data:
            text = wording.cut(text)
        elif "keep" not in self.data:
            self.gives_away = wording.gives_away(text)
        return text

    def summary(self):
        return [(_("What is to be done"), self.cleaned_data["words"])]


class Where(Step):
    name = "where"
    slug = "gdzie"
    title = gettext_lazy("Where is help needed?")

    neighbourhood = forms.ChoiceField(
        label=gettext_lazy("Neighbourhood"),
        help_text=gettext_lazy("Not on the list, or not sure? Choose the nearest one."),
        error_messages={
            "required": gettext_lazy("Choose the neighbourhood."),
            "invalid_choice": gettext_lazy("There is no such neighbourhood here. Choose one from the list."),
        },
    )
    street = PlainText(
        label=gettext_lazy("Street, or the village"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    house = PlainText(
        label=gettext_lazy("House number"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
    )
    flat = PlainText(
        label=gettext_lazy("Flat number"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
    )
    directions = PlainText(
        label=gettext_lazy("How to get in"),
        help_text=gettext_lazy("For example: second staircase, third floor, the bell does not work."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def prepare(self):
        self.neighbourhoods = {
            neighbourhood.slug: neighbourhood
            for neighbourhood in Neighbourhood.objects.filter(municipality=self.municipality)
        }
        self.fields["neighbourhood"].choices = [
            ("", _("Choose from the list")),
            *((slug, neighbourhood.name) for slug, neighbourhood in self.neighbourhoods.items()),
        ]
        category = self.category()
        self.is_at_home = bool(category and category.at_home)
        if self.is_at_home:
            for name, sentence in (("street", NO_STREET), ("house", NO_HOUSE)):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = sentence

    def clean(self):
        answers = super().clean()
        if answers.get("street") and not answers.get("house") and "house" not in self.errors:
            self.add_error("house", NO_HOUSE)
        if answers.get("house") and not answers.get("street") and "street" not in self.errors:
            self.add_error("street", NO_STREET)
        return answers

    def address(self):
        """Street and numbers as they stand on a letter: Ogrodowa 7/12. "" where none was given."""
        answers = self.cleaned_data
        number = f"{answers['house']}/{answers['flat']}" if answers["flat"] else answers["house"]
        return f"{answers['street']} {number}".strip()

    def summary(self):
        lines = [
            self.neighbourhoods[self.cleaned_data["neighbourhood"]].name,
            self.address() or _("no address: we meet somewhere else"),
            self.cleaned_data["directions"],
        ]
        return [(_("Where"), "\n".join(filter(None, lines)))]


class When(Step):
    name = "when"
    slug = "kiedy"
    title = gettext_lazy("When do you need help?")

    timing = forms.ChoiceField(
        label=title,
        choices=[
            (Timing.FLEXIBLE, gettext_lazy("Any time within some days")),
            (Timing.FIXED, gettext_lazy("On one day, at a set hour")),
            (Timing.RECURRING, gettext_lazy("Every week, on the same day and hour")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the answers."),
            "invalid_choice": gettext_lazy("Choose one of the answers."),
        },
    )

    def hints(self):
        return {
            Timing.FLEXIBLE: _("The helper chooses the hour. This way we find somebody soonest."),
            Timing.FIXED: _("For example: to the doctor’s on Friday at nine."),
            Timing.RECURRING: _("At most twelve times; then you can ask again."),
        }

    def rows(self):
        """(radio button, hint) of each answer."""
        hints = self.hints()
        return [(button, hints[button.data["value"]]) for button in self["timing"]]

    def summary(self):
        return [(_("When"), dict(self.fields["timing"].choices)[self.cleaned_data["timing"]])]


class Times(Step):
    name = "times"
    slug = "termin"

    day = Day(error_messages={"required": gettext_lazy("Give the day.")})
    until = Day(error_messages={"required": gettext_lazy("Give the last day.")})
    at = Hour(label=gettext_lazy("At what hour"), error_messages={"required": gettext_lazy("Give the hour.")})
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How long will it take, more or less?"),
        choices=HOW_LONG,
        coerce=int,
        initial=60,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )

    def prepare(self):
        self.timing = self.earlier("when", "timing") or Timing.FLEXIBLE
        labels = {
            Timing.FIXED: (_("Which day"), ""),
            Timing.FLEXIBLE: (_("From which day"), _("Until which day")),
            Timing.RECURRING: (_("First time on"), _("Last time on")),
        }
        self.fields["day"].label, self.fields["until"].label = labels[self.timing]
        if self.timing == Timing.FIXED:
            del self.fields["until"]
        if self.timing == Timing.FLEXIBLE:
            del self.fields["at"]
        today = timezone.localdate()
        for name in {"day", "until"} & self.fields.keys():
            field = self.fields[name]
            field.help_text = _("For example %(day)s.") % {"day": date_format(today, "j.n.Y")}
            field.widget.attrs |= {"min": today.isoformat(), "max": (today + visits.FURTHEST_AHEAD).isoformat()}
        if self.timing == Timing.FLEXIBLE:
            self.fields["day"].initial = today

    @property
    def title(self):
        return {
            Timing.FIXED: _("On which day and at what hour?"),
            Timing.FLEXIBLE: _("Which days suit you?"),
            Timing.RECURRING: _("From when until when, and at what hour?"),
        }[self.timing]

    def clean(self):
        answers = super().clean()
        if not self.errors:
            self.check(answers)
        return answers

    def check(self, answers):
        """Puts each thing that is wrong with the times to the field where it can be put right."""
        today = timezone.localdate()
        furthest = today + visits.FURTHEST_AHEAD
        day, until = answers["day"], answers.get("until")
        if day < today:
            self.add_error("day", _("This day has passed. Choose a later one."))
        if day > furthest:
            self.add_error("day", _("Choose a day within the coming year."))
        if until and until > furthest:
            self.add_error("until", _("Choose a day within the coming year."))
        if until and until < day:
            self.add_error("until", _("The last day comes before the first one."))
        if self.errors:
            return
        try:
            visits.check_times(self.times())
        except Refused as refusal:
            self.add_error("at" if "at" in self.fields else "until", ValidationError(list(refusal.reasons)))

    def times(self):
        answers = self.cleaned_data
        return visits.Times(
            timing=self.timing,
            day=answers["day"],
            at=answers.get("at"),
            until=answers.get("until"),
            minutes=answers["minutes"],
        )

    def summary(self):
        times = self.times()
        spoken = {
            Timing.FIXED: _("%(weekday)s, %(first)s, %(hour)s"),
            Timing.FLEXIBLE: _("any time from %(first)s to %(last)s"),
            Timing.RECURRING: _("%(weekday)s, %(hour)s, every week from %(first)s to %(last)s"),
        }[self.timing] % {
            "weekday": weekday(times.day),
            "first": date_format(times.day, "j E Y"),
            "last": date_format(times.until, "j E Y") if times.until else "",
            "hour": date_format(times.at, "G:i") if times.at else "",
        }
        how_long = _("about: %(how_long)s") % {"how_long": dict(HOW_LONG)[times.minutes]}
        return [(_("Day and hour"), f"{spoken}\n{how_long}")]


class Whom(Step):
    name = "whom"
    slug = "dla-kogo"
    title = gettext_lazy("Who is the help for?")

    whom = forms.ChoiceField(
        label=gettext_lazy("The help is"),
        choices=[("me", gettext_lazy("for me")), ("other", gettext_lazy("for somebody close to me"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("If it is for somebody else, we will first ring to ask whether they agree."),
        error_messages={
            "required": gettext_lazy("Choose one of the answers."),
            "invalid_choice": gettext_lazy("Choose one of the answers."),
        },
    )
    people = forms.IntegerField(
        label=gettext_lazy("How many helpers are needed?"),
        help_text=gettext_lazy("Usually one. Two or more to carry furniture, for example."),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Write how many helpers are needed; usually 1."),
            "invalid": gettext_lazy("Write a number, for example 1."),
            "min_value": gettext_lazy("At least one helper is needed."),
            "max_value": gettext_lazy("Do you need more than %(limit_value)d people? Please ring us."),
        },
    )

    def summary(self):
        people = self.cleaned_data["people"]
        helpers = ngettext("%(count)d helper", "%(count)d helpers", people) % {"count": people}
        return [(_("For whom"), f"{dict(self.fields['whom'].choices)[self.cleaned_data['whom']]}\n{helpers}")]


class Contact(Step):
    name = "contact"
    slug = "kontakt"
    title = gettext_lazy("How can we reach you?")

    person = PlainText(
        label=gettext_lazy("First name and surname of the person who needs help"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write the name of the person who needs help.")},
    )
    asker = PlainText(
        label=gettext_lazy("Your first name and surname"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    phone = PhoneNumberField(
        label=gettext_lazy("Phone"),
        required=False,
        region="PL",
        widget=RegionalPhoneNumberWidget(region="PL", attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": gettext_lazy("Write a phone number with nine digits, for example 512 345 678.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("Write the whole e-mail address, for example anna@example.com.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language would you like to talk?"),
        choices=[("pl", "polski"), ("en", "English"), ("uk", "українська")],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )

    def prepare(self):
        self.is_for_other = self.earlier("whom", "whom") == "other"
        self.fields["language"].initial = get_language() if get_language() in dict(settings.LANGUAGES) else "pl"
        self.fields["phone"].help_text = (
            _("Yours or theirs. The helper sees it shortly before the visit.")
            if self.is_for_other
            else _("The helper sees it shortly before the visit.")
        )
        self.fields["email"].help_text = _("We will send a code there, and news of your request. Nobody else sees it.")
        if not self.is_for_other:
            del self.fields["person"]
        if self.user is not None:
            del self.fields["email"]
            self.fields["asker"].initial = self.user.display_name
            self.fields["phone"].initial = self.user.phone

    def clean(self):
        answers = super().clean()
        is_reachable = self.user is not None or answers.get("phone") or answers.get("email")
        if not is_reachable and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Leave a phone number or an e-mail address, so that we can reach you."))
        return answers

    def email_address(self):
        """Where the code goes; "" for whoever is signed in or left only a phone."""
        return self.cleaned_data.get("email") or ""

    def person_name(self):
        """Whom the helper meets. Who asks for them without an account is named too: staff must know whom they ring."""
        answers = self.cleaned_data
        if not self.is_for_other:
            return answers["asker"]
        if self.user is not None or self.email_address():
            return answers["person"]
        both = _("%(person)s (asked by %(asker)s)") % {"person": answers["person"], "asker": answers["asker"]}
        return both if len(both) <= 80 else answers["person"]

    def summary(self):
        answers = self.cleaned_data
        lines = [
            answers["asker"],
            answers["phone"].as_national if answers["phone"] else "",
            self.user.email if self.user else answers["email"],
            dict(self.fields["language"].choices)[answers["language"]],
        ]
        rows = [(_("Who needs help"), answers["person"])] if self.is_for_other else []
        return [*rows, (_("How to reach you"), "\n".join(filter(None, lines)))]


STEPS = (What, Words, Where, When, Times, Whom, Contact)
BY_SLUG = {step.slug: step for step in STEPS}


def asked(forms_by_name):
    """The whole request out of the valid forms of all steps."""
    where, contact = forms_by_name["where"], forms_by_name["contact"]
    return Asked(
        category=forms_by_name["what"].category(),
        words=forms_by_name["words"].cleaned_data["words"],
        neighbourhood=where.neighbourhoods[where.cleaned_data["neighbourhood"]],
        address=where.address(),
        directions=where.cleaned_data["directions"],
        times=forms_by_name["times"].times(),
        for_someone_else=contact.is_for_other,
        people_needed=forms_by_name["whom"].cleaned_data["people"],
        person_name=contact.person_name(),
        phone=str(contact.cleaned_data["phone"] or ""),
        language=contact.cleaned_data["language"],
    )


def weekday(day):
    """Its name as it stands within a sentence: only English writes it with a capital letter."""
    name = date_format(day, "l")
    return name if get_language() == "en" else name.lower()
