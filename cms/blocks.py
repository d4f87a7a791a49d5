"""The few building blocks of a page's body. They nest at most twice: a stream, a list in it, its rows."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from cms.wording import says_nothing

PARAGRAPH_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Words"), max_length=120)
    level = blocks.ChoiceBlock(
        label=_("Level"), choices=[("h2", _("main heading")), ("h3", _("heading below it"))], default="h2"
    )

    class Meta:
        label = _("Heading")
        icon = "title"
        description = _("Divides a long page, so that readers find their part. Never for mere bold type.")
        preview_value = {"text": "Jak się zapisać", "level": "h2"}
        template = "cms/blocks/heading.html"
        form_classname = "struct-block"


class ImageWithCaptionBlock(blocks.StructBlock):
    image = ImageBlock(
        label=_("Photo"), help_text=_("Say in one sentence what the photo shows, for people who cannot see it.")
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        label = _("Photo")
        icon = "image"
        description = _("A photo as wide as the text, with what it shows and, if you like, a caption below.")
        preview_template = "cms/blocks/previews/image.html"
        template = "cms/blocks/image.html"


class LinkBlock(blocks.StructBlock):
    text = blocks.CharBlock(
        label=_("Words of the link"), max_length=120, help_text=_("Say where it leads, never “click here”.")
    )
    page = blocks.PageChooserBlock(label=_("Page of this site"), required=False)
    url = blocks.URLBlock(label=_("Address elsewhere"), required=False)

    class Meta:
        label = _("Link")
        icon = "link"

    def clean(self, value):
        value = super().clean(value)
        problems = {}
        if says_nothing(value["text"]):
            problems["text"] = ValidationError(
                _("Who hears only these words does not know where they lead. Name the page or the thing.")
            )
        if bool(value["page"]) == bool(value["url"]):
            problems["page"] = ValidationError(_("Give either a page of this site or an address elsewhere."))
        if problems:
            raise blocks.StructBlockValidationError(block_errors=problems)
        return value


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    text = blocks.CharBlock(
        label=_("What it is"), max_length=160, help_text=_("For example: Application form for the seniors’ club")
    )

    class Meta:
        label = _("Document to download")
        icon = "doc-full"
        description = _("A file with words that say what it is. Its kind and size are added.")
        preview_template = "cms/blocks/previews/document.html"
        template = "cms/blocks/document.html"


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Person or office"), max_length=120)
    about = blocks.CharBlock(label=_("In what matters"), max_length=200, required=False)
    phone = blocks.CharBlock(label=_("Phone"), max_length=30, required=False)
    email = blocks.EmailBlock(label=_("E-mail"), required=False)
    address = blocks.CharBlock(label=_("Address"), max_length=160, required=False)
    hours = blocks.CharBlock(label=_("Opening hours"), max_length=160, required=False)

    class Meta:
        label = _("Contact box")
        icon = "mail"
        description = _("A person or office with phone, e-mail, address and hours. Fill in what there is.")
        preview_value = {
            "name": "Biuro organizatora społeczności",
            "about": "w sprawie klubów i grup",
            "phone": "+48322440000",
            "email": "biuro@przyklad.pl",
            "address": "ul. Przykładowa 1",
            "hours": "poniedziałek–piątek 8:00–15:00",
        }
        template = "cms/blocks/contact.html"


class BodyBlock(blocks.StreamBlock):
    """What every page with words is made of."""

    paragraph = blocks.RichTextBlock(
        label=_("Paragraph"),
        icon="pilcrow",
        features=PARAGRAPH_FEATURES,
        template="cms/blocks/paragraph.html",
    )
    heading = HeadingBlock()
    image = ImageWithCaptionBlock()
    links = blocks.ListBlock(
        LinkBlock(),
        label=_("List of links"),
        icon="list-ul",
        min_num=1,
        template="cms/blocks/links.html",
    )
    document = DocumentBlock()
    contact = ContactBlock()


def describe(stream, name, **words):
    """What the list of blocks says of one of them (`description`) and shows of it (`preview_value`,
    `preview_template`). Given here, because the arguments of blocks stand in migrations."""
    meta = stream.base_blocks[name].meta
    for option, value in words.items():
        setattr(meta, option, value)


describe(
    BodyBlock,
    "paragraph",
    description=_("Ordinary text with lists and links. Short sentences; one matter in a paragraph."),
    preview_value="<p>Klub sąsiedzki spotyka się <b>w każdy czwartek</b>. Nie trzeba się zapisywać.</p>",
)
describe(
    BodyBlock,
    "links",
    description=_("Several links below each other, to pages of this site or elsewhere."),
    preview_value=[{"text": "Jak działa bank czasu", "page": None, "url": "https://przyklad.pl/"}],
)


class DocumentGroupBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What they are for"), max_length=120)
    documents = blocks.ListBlock(DocumentBlock(), label=_("Documents"), min_num=1)

    class Meta:
        label = _("Group of documents")
        icon = "folder-open-1"
        template = "cms/blocks/document_group.html"


class DocumentGroupsBlock(blocks.StreamBlock):
    """What a page of documents is made of."""

    group = DocumentGroupBlock()


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(
        label=_("Question"), max_length=200, help_text=_("As people ask it, for example: Do I have to pay?")
    )
    answer = blocks.RichTextBlock(label=_("Answer"), features=PARAGRAPH_FEATURES)

    class Meta:
        label = _("Question and answer")
        icon = "help"


class QuestionGroupBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What the questions are about"), max_length=120)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        label = _("Group of questions")
        icon = "help"
        template = "cms/blocks/question_group.html"


class QuestionGroupsBlock(blocks.StreamBlock):
    """What a page of questions is made of."""

    group = QuestionGroupBlock()


class HomeBlock(blocks.StreamBlock):
    """The sections of a front page, in the order that an editor wants. All but the words and links fill themselves."""

    doors = blocks.StaticBlock(
        label=_("Two doors"), icon="home", admin_text=_("I need help, I want to help. Best left at the top.")
    )
    week = blocks.StaticBlock(
        label=_("This week"), icon="calendar", admin_text=_("Meetings of initiatives in the coming seven days.")
    )
    news = blocks.StaticBlock(label=_("News"), icon="doc-full", admin_text=_("The three newest."))
    events = blocks.StaticBlock(
        label=_("Coming events"), icon="calendar-alt", admin_text=_("The next three events and information meetings.")
    )
    people = blocks.StaticBlock(
        label=_("Drop-in hours"), icon="group", admin_text=_("The next three, from the page of people.")
    )
    places = blocks.StaticBlock(
        label=_("Neighbourhoods"), icon="site", admin_text=_("Links to the pages of all neighbourhoods.")
    )
    newsletter = blocks.StaticBlock(
        label=_("Newsletter"), icon="mail", admin_text=_("One sentence and the way to sign up.")
    )
    links = blocks.ListBlock(
        LinkBlock(), label=_("Shortcuts"), icon="link", min_num=1, max_num=12, help_text=_("What most people come for.")
    )
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(label=_("Page")),
        label=_("Pages as cards"),
        icon="doc-empty",
        min_num=1,
        max_num=9,
        help_text=_("For example the services that are asked for most."),
    )
    words = blocks.RichTextBlock(label=_("Words"), icon="pilcrow", features=["h2", *PARAGRAPH_FEATURES])

    class Meta:
        block_counts = {
            name: {"max_num": 1} for name in ("doors", "week", "events", "news", "people", "places", "newsletter")
        }


CARDS = "cms/blocks/previews/cards.html"
BUTTONS = "cms/blocks/previews/buttons.html"
describe(
    HomeBlock,
    "doors",
    description=_("The two big buttons: I need help, I want to help. Best left at the top."),
    preview_template="cms/blocks/previews/doors.html",
)
describe(
    HomeBlock,
    "week",
    description=_("Meetings of initiatives in the coming seven days. Fills itself."),
    preview_template=CARDS,
    preview_value=[("Klub szachowy", "czwartek 17:00, Biblioteka"), ("Spacer z kijkami", "sobota 10:00, Park")],
)
describe(
    HomeBlock,
    "news",
    description=_("The three newest. Fills itself; without news it does not show."),
    preview_template=CARDS,
    preview_value=[("Rusza bank czasu", "24 kwietnia"), ("Nowy dyżur w Wirku", "20 kwietnia")],
)
describe(
    HomeBlock,
    "events",
    description=_("The next three events and information meetings. Fills itself; without events it does not show."),
    preview_template=CARDS,
    preview_value=[("Dzień Sąsiada", "15 maja, 12:00"), ("Warsztaty o demencji", "18 maja, 16:00")],
)
describe(
    HomeBlock,
    "people",
    description=_("The next three drop-in hours. Fills itself from the page of people."),
    preview_template=CARDS,
    preview_value=[("Anna Kowalska", "wtorek 15:30–17:00"), ("Jan Nowak", "czwartek 9:00–11:00")],
)
describe(
    HomeBlock,
    "places",
    description=_("A button for each neighbourhood that has a page. Fills itself."),
    preview_template=BUTTONS,
    preview_value=["Wirek", "Godula", "Halemba"],
)
describe(
    HomeBlock,
    "newsletter",
    description=_("One sentence and the way to sign up. Shows only where the centre has a newsletter."),
    preview_template=BUTTONS,
    preview_value=["Zapisz się na newsletter"],
)
describe(
    HomeBlock,
    "links",
    description=_("Buttons to what most people come for. You choose pages or addresses and write the words."),
    preview_template=BUTTONS,
)
describe(
    HomeBlock,
    "pages",
    description=_("Cards with the titles of pages that you choose, for example of the services asked for most."),
    preview_template=CARDS,
)
describe(
    HomeBlock,
    "words",
    description=_("Your own words, with a heading if you like. Short: people come here to find something."),
    preview_value="<h2>Dzień dobry!</h2><p>Jesteśmy tu dla każdej i każdego z Was.</p>",
)
describe(
    DocumentGroupsBlock,
    "group",
    description=_("A heading and the documents below it, for example: forms, reports, resolutions."),
    preview_template="cms/blocks/previews/document_group.html",
)
describe(
    QuestionGroupsBlock,
    "group",
    description=_("A heading and questions below it that open one by one."),
    preview_value={
        "title": "Usługi sąsiedzkie",
        "questions": [{"question": "Czy muszę płacić?", "answer": "<p>Nie, pomoc sąsiada jest bezpłatna.</p>"}],
    },
)
