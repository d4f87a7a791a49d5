"""People, hours, questions, documents and contact of the centres of the demonstration. All invented."""

import json
from datetime import time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from wagtail.documents import get_document_model

from cms.domain import sites
from cms.models import Closure, ContactPage, DocumentsPage, DropIn, EditorialTeam, FaqPage, PeoplePage, Person
from config.demo.people import DATA, phone
from volunteering.domain import opinions
from volunteering.folding import fold

CONTENT = json.loads((DATA / "front_desk.json").read_text(encoding="utf-8"))
OPINIONS = (
    ("Dziękuję za pomoc przy zakupach. Pani, która przyszła, była bardzo cierpliwa.", ""),
    ("Na Wirku brakuje ławki przy przystanku. Starsze osoby nie mają gdzie usiąść.", "mieszkaniec@example.org"),
    ("Spotkania o 10:00 są dla osób, które pracują, za wcześnie. Może raz w miesiącu po południu?", ""),
)


def make(municipality, neighbourhoods):
    """The pages of a centre where people find out whom to ask, the way there, and some opinions at the desk."""
    home = municipality.site.root_page.specific
    centre = CONTENT["centres"][municipality.slug]
    places = {place.name: place for place in neighbourhoods}
    for page in (
        people_page(centre, places),
        faq_page(),
        documents_page(
            municipality.site,
            CONTENT["documents"],
            title="Dokumenty do pobrania",
            slug="do-pobrania",
            lead="Wnioski, zasady, sprawozdania.",
        ),
    ):
        sites.publish(page, below=home, in_menu=isinstance(page, PeoplePage))
    contact = ContactPage.objects.child_of(home).get()
    contact.directions = f"<p>{centre['directions']}</p>"
    contact.save_revision().publish()
    for words, email in OPINIONS:
        opinions.send(municipality, words=words, email=email)


def make_portal(portal):
    """What the region gives to print."""
    page = documents_page(
        portal,
        CONTENT["brochures"],
        title="Broszury",
        slug="broszury",
        lead="Do wydrukowania i rozdania: dla gmin i dla mieszkańców.",
    )
    sites.publish(page, below=portal.root_page.specific, in_menu=True)


def people_page(centre, places):
    page = PeoplePage(
        title="Ludzie i dyżury",
        slug="ludzie-i-dyzury",
        lead="Przyjdź z pomysłem, kłopotem albo po prostu porozmawiać. Nie trzeba się umawiać.",
    )
    page.people = [
        Person(sort_order=place, name=row["name"], role=row["role"], about=row["about"], phone=phone(700 + row["n"]))
        for place, row in enumerate(centre["people"])
    ]
    page.drop_ins = [
        DropIn(
            sort_order=place,
            weekday=row["day"],
            starts=clock(row["from"]),
            ends=clock(row["to"]),
            place=row["place"],
            neighbourhood=places[row["neighbourhood"]],
            who=row["who"],
            note=row["note"],
        )
        for place, row in enumerate(centre["hours"])
    ]
    first = timezone.localdate() + timedelta(days=18)
    page.closures = [Closure(first_day=first, last_day=first + timedelta(days=2), reason="szkolenie zespołu")]
    return page


def clock(text):
    return time(*map(int, text.split(":")))


def faq_page():
    groups = [
        (
            "group",
            {
                "title": group["title"],
                "questions": [{"question": row["q"], "answer": f"<p>{row['a']}</p>"} for row in group["questions"]],
            },
        )
        for group in CONTENT["faq"]
    ]
    return FaqPage(title="Pytania i odpowiedzi", slug="pytania", lead="O co pytacie najczęściej.", groups=groups)


def documents_page(site, entries, **words):
    collection = EditorialTeam.objects.get(site=site).collection
    groups = [
        (
            "group",
            {
                "title": group["title"],
                "documents": [{"document": document(title, collection), "text": title} for title in group["documents"]],
            },
        )
        for group in entries
    ]
    return DocumentsPage(groups=groups, **words)


def document(title, collection):
    """A short text: it shows what a list of documents looks like, and says that it is no real one."""
    words = f"{title}\n\nTo jest dokument pokazowy. Prawdziwy dostaniesz w centrum.\n".encode()
    file = ContentFile(words, name=f"{slugify(fold(title))}.txt")
    return get_document_model().objects.create(title=title, file=file, file_size=len(words), collection=collection)
