"""Letters of the newsletter in print. What many people get in the same words is rendered once; what is each one's own
(the links to leave and to change one's choices) is put in where marks stand for it."""

from dataclasses import dataclass
from secrets import token_hex

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cms.domain import newsletter_links as links
from cms.domain.newsletter_gathering import rhythm_of
from cms.models import Rhythm, Topic
from notifications.direct import DirectLetter


@dataclass(frozen=True)
class Story:
    """One thing as readers see it. `language` is that of its words; without `path` it leads nowhere."""

    title: str
    summary: str
    language: str
    path: str
    starts_at: object
    place: str


@dataclass(frozen=True)
class Section:
    topic: str
    title: str
    stories: tuple


def sections(items, language):
    """The items of an issue by topic, in one language where they have words in it."""
    found = []
    for topic in Topic:
        stories = tuple(story_of(item, language) for item in items if item.topic == topic)
        if stories:
            found.append(Section(topic.value, topic.label, stories))
    return found


def story_of(item, language):
    language = language if language in item.words else settings.LANGUAGE_CODE
    words = item.words[language]
    return Story(words["title"], words["summary"], language, path_of(item, language), item.starts_at, item.place)


def path_of(item, language):
    """Where an item leads now; "" where it was taken down. The items come from `newsletter_items.items_of`."""
    if item.page_id:
        page = item.translations.get(language) or item.translations.get(settings.LANGUAGE_CODE)
        parts = page.get_url_parts() if page else None
        return parts[2] if parts else ""
    return item.initiative.get_absolute_url() if item.initiative_id in item.readable else ""


class Printer:
    """Composes the letters of one issue."""

    def __init__(self, issue, items):
        self.issue = issue
        self.items = items
        self.centre = issue.municipality
        self.rhythm = rhythm_of(self.centre)
        marks = token_hex(16)
        self.marks = {"leave": f"leave-{marks}", "choices": f"choices-{marks}"}
        self.forms = {}

    def items_for(self, subscriber):
        """What of the issue somebody chose: by topic; by neighbourhood where they named some and it is about one."""
        here = {place.pk for place in subscriber.neighbourhoods.all()}
        return [
            item
            for item in self.items
            if item.topic in subscriber.topics and (not here or not item.places or here.intersection(item.places))
        ]

    def letter_to(self, subscriber):
        """The letter, or None where nothing in the issue is for this person."""
        chosen = self.items_for(subscriber)
        if self.items and not chosen:
            return None
        own = {
            self.marks["leave"]: links.leaving_address(subscriber, self.centre.origin),
            self.marks["choices"]: links.choices_address(subscriber, self.centre.origin),
        }
        title, text, html = self.form(subscriber.language, chosen)
        for mark, link in own.items():
            text, html = text.replace(mark, link), html.replace(mark, link)
        return DirectLetter(
            key=f"newsletter/{self.issue.pk}/{subscriber.key}",
            address=subscriber.address,
            title=title,
            text=text,
            html=html,
            origin=self.centre.origin,
            way_out=own[self.marks["leave"]],
            answers_to=self.centre.email,
            sender=self.centre.centre_name,
        )

    def form(self, language, chosen):
        """Title, text and HTML, with marks for what is each reader's own. Kept: most people chose the same."""
        key = (language, tuple(item.pk for item in chosen))
        if key not in self.forms:
            self.forms[key] = self.rendered(language, chosen, **self.marks)
        return self.forms[key]

    def rendered(self, language, chosen, *, leave, choices):
        title, lead, words_in = self.issue.words(language)
        origin = self.centre.origin
        with translation.override(language):
            values = {
                "title": title,
                "lead": lead,
                "words_in": words_in,
                "language": language,
                "sections": sections(chosen, language),
                "centre": self.centre,
                "origin": origin,
                "number": self.issue.number,
                "address_of_issue": origin + self.issue.get_absolute_url() if self.issue.number else "",
                "rhythm": Rhythm(self.rhythm).label if self.rhythm else "",
                "leave": leave,
                "choices": choices,
            }
            text = render_to_string("cms/newsletter/mail/issue.txt", values)
            return title, text, render_to_string("cms/newsletter/mail/issue.html", values)

    def sample(self, language):
        """The letter with everything in it, as somebody who chose everything gets it; its own links lead nowhere."""
        nowhere = self.centre.origin + reverse("cms:newsletter")
        return self.rendered(language, self.items, leave=nowhere, choices=nowhere)


def trial(issue, items, user):
    printer = Printer(issue, items)
    title, text, html = printer.sample(user.language)
    with translation.override(user.language):
        title = _("Trial: %(title)s") % {"title": title}
    return DirectLetter(
        key=f"newsletter-trial/{issue.pk}/{issue.version}/{user.pk}/{token_hex(4)}",
        address=user.email,
        title=title,
        text=text,
        html=html,
        origin=printer.centre.origin,
        way_out=printer.centre.origin + reverse("cms:newsletter"),
        sender=printer.centre.centre_name,
    )


def confirmation(subscriber, *, knows_it):
    """What is sent to an address that somebody typed in. `knows_it`: its owner gets the newsletter already."""
    centre = subscriber.municipality
    with translation.override(subscriber.language):
        values = {
            "centre": centre,
            "language": subscriber.language,
            "confirm": links.confirming_address(subscriber, centre.origin),
            "choices": links.choices_address(subscriber, centre.origin),
            "leave": links.leaving_address(subscriber, centre.origin),
            "days": links.CONFIRM_WITHIN.days,
            "knows_it": knows_it,
        }
        title = _("You get the newsletter already") if knows_it else _("Confirm that you want the newsletter")
        text = render_to_string("cms/newsletter/mail/confirm.txt", values)
        html = render_to_string("cms/newsletter/mail/confirm.html", values | {"title": title})
    return DirectLetter(
        key=f"newsletter-confirm/{subscriber.key}/{subscriber.asked_at:%Y%m%d%H%M%S%f}/{knows_it}",
        address=subscriber.address,
        title=title,
        text=text,
        html=html,
        origin=centre.origin,
        way_out=values["leave"],
        answers_to=centre.email,
        sender=centre.centre_name,
    )
