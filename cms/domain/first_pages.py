"""Planting the first pages of a site, in every language, out of the entries in `first_words`. What is there stays as it
is: a second call adds only what is missing."""

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Locale, Page

from cms.domain import first_words

POLISH = settings.LANGUAGE_CODE
ORDINARY = "cms.StandardPage"


def plant(page, *, below=None):
    """Adds a page to the tree, in the language of the page above it, and publishes it as an editor would."""
    page.locale = below.locale if below else locale_of(POLISH)
    (below or Page.get_first_root_node()).add_child(instance=page)
    page.save_revision().publish()
    return page


def plant_all(home, entries, *, municipality, languages, kept=None):
    """The Polish pages by their keys. `kept`: pages that stand for an entry already, whatever their addresses are."""
    pages = {"home": home, **(kept or {})}
    for key, words in entries.items():
        parent = pages[words.get("below", "home")]
        page = pages.get(key) or _present(words, parent)
        if page is None:
            page = plant(_model(words)(**_fields(words, POLISH, municipality)), below=parent)
        pages[key] = page
        for language in languages:
            if not has_translation(page, language):
                translate(page, language, **_fields(words, language, municipality))
    return pages


def translate(page, language, *, slug=None, **words):
    """Publishes a page's translation with these words in it. Home pages of all languages stand side by side; below
    them every translation stands under that of its parent, which must be there."""
    locale = locale_of(language)
    parent = page.get_parent().specific
    translation = page.copy(
        to=parent if parent.is_root() else parent.get_translation(locale),
        update_attrs={"locale": locale, "slug": slug or _slug(page, parent, language), **words},
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
        log_action="wagtail.copy_for_translation",
    )
    translation.save_revision().publish()
    return translation


def has_translation(page, language):
    return page.get_translations().filter(locale__language_code=language).exists()


def locale_of(language):
    return Locale.objects.get_or_create(language_code=language)[0]


def in_language(language, words):
    with override(language):
        return {field: _(text) for field, text in words.items()}


def _present(words, parent):
    """The page of an entry that somebody has made already: at its address, or the only one of its type there can be."""
    model = _model(words)
    found = model.objects.child_of(parent)
    if getattr(model, "max_count_per_parent", None) != 1:
        found = found.filter(slug=words["slugs"][POLISH])
    return found.first()


def _model(words):
    return apps.get_model(words.get("type", ORDINARY))


def _slug(page, parent, language):
    return f"{page.slug}-{language}" if parent.is_root() else page.slug


def _fields(words, language, municipality):
    """What the page type knows of an entry, in one language."""
    with override(language):
        fields = {
            "slug": words["slugs"][language],
            "title": _(words["title"]),
            "show_in_menus": words.get("in_menu", False),
            "lead": _fill(words["lead"], municipality) if words.get("lead") else "",
            # One of the two, as the page type has it.
            "body": [("paragraph", text)] if (text := _text(words, municipality)) else [],
            "text": text,
            **{name: _fill(message, municipality) for name, message in words.get("fields", {}).items()},
        }
    known = {field.name for field in _model(words)._meta.get_fields()}
    return {name: value for name, value in fields.items() if name in known}


def _text(words, municipality):
    paragraphs = [_fill(paragraph, municipality) for paragraph in words.get("paragraphs", ())]
    points = [_fill(point, municipality) for point in words.get("points", ())]
    parts = [(_(heading), [_(point) for point in below]) for heading, below in words.get("parts", ())]
    return first_words.as_rich_text(paragraphs, points) + first_words.as_parts(parts)


def _fill(message, municipality):
    return _(message) % {"centre": municipality.centre_name if municipality else ""}
