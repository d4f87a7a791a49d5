"""Every page of a new centre in three languages: answered, valid, named, translated, and from this host alone."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from cms.trees import pages_of
from tests.cms.whole_site import HOST, LANGUAGES, MISSING, OWN, addresses, fill, forms, found, plain_addresses
from tests.markup import Markup

pytestmark = [pytest.mark.django_db]

# Words that are the same in all languages of the site: names, and what its operator typed in.
NAMES = {
    "A", "Aa", "Anna", "BIP", "CUS", "EN", "English", "EUPL", "KO", "Kozienice", "Kozienicach", "Newsletter", "Ochrona",
    "Ogniwo", "PL", "RSS", "UK", "Wirek", "iod", "kozienice", "example", "polski", "w", "ABCD", "українська",
}  # fmt: skip
# Sentences that Polish and English happen to write alike.
ALIKE = {"Menu", "e-mail"}
WORD = re.compile(r"[^\W\d_]+")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
POLISH = re.compile(r"[ąćęłńóśźż]", re.IGNORECASE)
BAD, NOT_FOUND = 400, 404
# Forms without a page of their own, and steps of a form that was never begun.
NO_PAGE = {405, 410}


def pages_seen(browse, centre, resident, values):
    """(language, address, answer) of everything that is a page."""
    stranger = {language: browse(centre, language=language) for language in LANGUAGES}
    signed_in = {language: browse(centre, resident, language=language) for language in LANGUAGES}
    for page in pages_of(centre.site).live().select_related("locale"):
        language = page.locale.language_code
        yield language, urlsplit(page.full_url).path, stranger[language].get(urlsplit(page.full_url).path)
    for language in LANGUAGES:
        for address in [*plain_addresses(), *addresses(values)]:
            yield language, address, stranger[language].get(address)
            yield language, f"{address} (resident)", signed_in[language].get(address)
        for address in forms(values):
            yield language, f"{address} (sent empty)", stranger[language].post(address)


def is_page(answer):
    kind = answer.headers.get("Content-Type", "")
    return kind.startswith("text/html") and (answer.status_code < 300 or answer.status_code == NOT_FOUND)


def untranslated(language, sentences):
    """Sentences of a page that are in another language, as far as their letters tell."""
    for sentence in sentences:
        words = {word for word in WORD.findall(sentence) if word not in NAMES}
        if OWN in sentence or "@" in sentence or not words:
            continue
        if language == "uk" and not any(CYRILLIC.search(word) for word in words):
            yield sentence
        if language != "uk" and any(CYRILLIC.search(word) for word in words):
            yield sentence
        if language == "en" and any(POLISH.search(word) for word in words):
            yield sentence


@pytest.mark.long
def test_whole_site_is_sound_in_three_languages(browse, tmp_path):
    centre = found(tmp_path)
    resident, values = fill(centre)

    faults, titles, said, seen = [], Counter(), {language: {} for language in LANGUAGES}, Counter()
    for language, address, answer in pages_seen(browse, centre, resident, values):
        where = f"{language} {address}"
        if answer.status_code >= BAD and answer.status_code not in NO_PAGE and not address.startswith(MISSING):
            faults.append(f"{where}: {answer.status_code}")
        if not is_page(answer):
            continue
        page = Markup(answer.text)
        seen[language] += 1
        faults += [f"{where}: {problem}" for problem in page.problems]
        faults += [f"{where}: lang is {page.language}"] * (page.language != language)
        faults += [f"{where}: asks {url}" for url in page.fetched if urlsplit(url).hostname not in {None, HOST}]
        faults += [f"{where}: not translated: {words}" for words in untranslated(language, page.sentences)]
        said[language].update(dict.fromkeys(page.sentences, where))
        # A list that is filtered is still the same page.
        if not {"(", "?"} & {*address}:
            titles[language, page.title] += 1

    both = {*said["pl"]} & {*said["en"]}
    alike = {words for words in both if not {OWN, "@"} & {*words} and {*WORD.findall(words)} - NAMES}
    faults += [f"the same in Polish and in English: {words}" for words in sorted(alike - ALIKE)]
    assert not faults, "\n".join(faults)
    assert [title for title, number in titles.items() if number > 1] == []
    assert min(seen.values()) > 60
