"""The words that a new site begins with, in every language. Editors change them; nothing reads them again."""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_noop

# The terms of use: headings and the points below each.
TERMS = [
    (
        gettext_noop("What this site is for"),
        [
            gettext_noop(
                "You may ask for help in everyday matters, offer help, and join what happens in your neighbourhood."
            ),
            gettext_noop("Help is given freely. Nobody pays for it and nobody has to accept it."),
            gettext_noop("In danger call 112. This site does not replace an ambulance, a doctor or a carer."),
        ],
    ),
    (
        gettext_noop("What we ask of you"),
        [
            gettext_noop("Write the truth about yourself, and use one account."),
            gettext_noop("Be kind. Keep what you learn about others to yourself."),
            gettext_noop("Keep your promises, and say in good time when you cannot."),
            gettext_noop("Do not write addresses, phone numbers or illnesses where everybody can read them."),
        ],
    ),
    (
        gettext_noop("What the centre does"),
        [
            gettext_noop(
                "It reads requests, talks with everybody who wants to help, and may close what breaks these rules."
            ),
            gettext_noop(
                "It does not answer for what neighbours agree between themselves, but you can always turn to it."
            ),
            gettext_noop("You may leave at any time: your settings have a button for it."),
        ],
    ),
]
# The first pages of a new centre, in the order of the menu: whoever brings a page type adds an entry. The words are
# messages of the catalogue; %(centre)s is the name of the centre. An entry has
#   slugs       the last part of the address, by language
#   title, lead
#   paragraphs  what the page says
#   points      a list below them
#   parts       headings, each with a list below it
#   type        the page type, an ordinary page of words unless said
#   below       the entry that it stands under, the home page unless said
#   in_menu     whether it stands in the main menu
#   setting     the field of SiteLook that points to it: it is linked from every page
#   fields      further fields of the type: name → message
NEWS = {
    "type": "cms.NewsIndexPage",
    "slugs": {"pl": "aktualnosci", "en": "news", "uk": "novyny"},
    "title": gettext_noop("News"),
    "lead": gettext_noop("What is new at the centre and in the neighbourhoods."),
    "in_menu": True,
}
SERVICES = {
    "type": "cms.ServiceIndexPage",
    "slugs": {"pl": "uslugi", "en": "services", "uk": "posluhy"},
    "title": gettext_noop("Services"),
    "lead": gettext_noop("What there is for you, what it costs and how to apply. You need not be in any difficulty."),
    "in_menu": True,
}
EVENTS = {
    "type": "cms.EventIndexPage",
    "slugs": {"pl": "wydarzenia", "en": "events", "uk": "podii"},
    "title": gettext_noop("Events"),
    "lead": gettext_noop("Meetings, workshops and celebrations. For some of them you register."),
    "in_menu": True,
}
# Every page links to it in the footer, so the menu stays short.
CALLS = {
    "type": "cms.CallIndexPage",
    "slugs": {"pl": "nabory", "en": "calls", "uk": "konkursy"},
    "title": gettext_noop("Calls for partners"),
    "lead": gettext_noop("We look for partners: organisations and people who will do something together with us."),
}
CENTRE_PAGES = {
    "news": NEWS,
    "services": SERVICES,
    "events": EVENTS,
    "calls": CALLS,
    "about": {
        "in_menu": True,
        "slugs": {"pl": "o-nas", "en": "about", "uk": "pro-nas"},
        "title": gettext_noop("About us"),
        "lead": gettext_noop("%(centre)s is there for everybody who lives here."),
        "paragraphs": [
            gettext_noop(
                "We organise services, self-help groups, volunteering and neighbourly help. You need no decision and "
                "no means test to use them, and you do not become a client of social assistance."
            ),
            gettext_noop("Ring us or come in: we will find a way together."),
            gettext_noop("The Act on social services centres (art. 14) names the principles that we work by:"),
        ],
        "points": [
            gettext_noop("openness: our services are for everybody who is entitled to them;"),
            gettext_noop("respect: your dignity and your safety come first;"),
            gettext_noop("quality: we check whether what we do helps, and put right what does not;"),
            gettext_noop("wholeness: we look at the whole of your situation, not at one form;"),
            gettext_noop("cooperation: we work with associations, parishes, schools and offices;"),
            gettext_noop("subsidiarity: we help you to do what you can do yourself;"),
            gettext_noop("stronger ties: neighbours who know each other help each other."),
        ],
    },
    "contact": {
        # Shows the facts of the settings by itself.
        "type": "cms.ContactPage",
        "in_menu": True,
        "slugs": {"pl": "kontakt", "en": "contact", "uk": "kontakt"},
        "title": gettext_noop("Contact"),
        "lead": gettext_noop("You can ring, write or come in."),
    },
    "privacy": {
        "type": "cms.PrivacyPage",
        "setting": "privacy_page",
        "slugs": {"pl": "prywatnosc", "en": "privacy", "uk": "pryvatnist"},
        "title": gettext_noop("Privacy"),
        "lead": gettext_noop("What we know about you, what for, and for how long."),
        "paragraphs": [
            gettext_noop("%(centre)s decides what is done with the data on this site."),
            gettext_noop(
                "Your address and phone are seen only by the person who comes to help you, and by the staff of the "
                "centre. Each time somebody opens them, it is written down and you can see it."
            ),
            gettext_noop("The address is erased 24 hours after the visit."),
            gettext_noop("This site sets no cookies but those it cannot work without."),
        ],
    },
    "terms": {
        "type": "cms.TermsPage",
        "slugs": {"pl": "zasady", "en": "terms", "uk": "pravyla"},
        "title": gettext_noop("Terms of use"),
        "lead": gettext_noop(
            "Here neighbours help neighbours. The centre brings them together and looks after the rules."
        ),
        "parts": TERMS,
    },
    "accessibility": {
        "setting": "accessibility_page",
        "slugs": {"pl": "dostepnosc", "en": "accessibility", "uk": "dostupnist"},
        "title": gettext_noop("Accessibility"),
        "lead": gettext_noop("Everybody should be able to use this site."),
        "paragraphs": [
            gettext_noop(
                "You can make the text larger and the contrast stronger at the top of every page. Everything works "
                "with the keyboard alone and with a screen reader."
            ),
            gettext_noop("If something does not work for you, tell us: we answer within seven days."),
        ],
    },
}
# The same for the portal, where people come before they know their centre.
PORTAL_PAGES = {
    "news": NEWS,
    "events": EVENTS,
    "calls": CALLS,
    "terms": CENTRE_PAGES["terms"],
    "privacy": {
        "type": "cms.PrivacyPage",
        "setting": "privacy_page",
        "slugs": CENTRE_PAGES["privacy"]["slugs"],
        "title": gettext_noop("Privacy"),
        "lead": gettext_noop("What the platform as such knows about you, what for, and for how long."),
        "paragraphs": [
            gettext_noop(
                "You can read this site and those of the centres without telling us anything about yourself. The "
                "figures on the front page are counts: nobody can be found in them."
            ),
            gettext_noop(
                "What you ask for, offer or join belongs to the centre where you do it. That centre decides what is "
                "done with these data; its own privacy notice tells you."
            ),
            gettext_noop(
                "One account serves you at all centres. It holds your e-mail address, your name, the language and look "
                "that you chose, your phone number if you gave it, the rules that you agreed to, and the "
                "notifications that you were sent. There is no password: you sign in with a code that comes by e-mail."
            ),
            gettext_noop(
                "Your account is kept until you erase it. Notifications that you have read are removed after half a "
                "year, all others and the record of what was done after two years. In your settings you can download "
                "everything that is kept about you, correct it and erase it."
            ),
            gettext_noop(
                "This site sets no cookies but those it cannot work without: for signing in, and for the language, "
                "text size and contrast that you choose. Your browser loads nothing from anybody else."
            ),
            gettext_noop(
                "As everywhere, the server notes when which page was asked for and from which address in the network. "
                "These notes serve to find faults and attacks, and nothing else."
            ),
            gettext_noop(
                "Do you have a question about your data? Ask the centre of your municipality. You may also complain to "
                "the President of the Personal Data Protection Office."
            ),
        ],
    },
}
HOME = {
    "heading": gettext_noop("How can we help you?"),
    "lead": gettext_noop("Neighbours help neighbours here. Ask for help, offer yours, or join in."),
}
PORTAL = {
    "title": gettext_noop("Neighbours help neighbours"),
    "lead": gettext_noop(
        "On this site, residents ask for help, neighbours answer, and the social services centre of the municipality "
        "sees to it that all goes well. Choose your municipality."
    ),
}


def as_parts(parts):
    """Rich text of headings with points below each."""
    return str(
        format_html_join(
            "",
            "<h2>{}</h2><ul>{}</ul>",
            (
                (heading, format_html_join("", "<li>{}</li>", ((point,) for point in points)))
                for heading, points in parts
            ),
        )
    )


def as_rich_text(paragraphs, points=()):
    words = format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs))
    rows = format_html_join("", "<li>{}</li>", ((point,) for point in points))
    return str(format_html("{}<ul>{}</ul>", words, rows) if points else words)
