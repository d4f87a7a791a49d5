"""Notices as they travel through sockets: the part that all readers share is encoded once."""

import json
from functools import cache

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime

from notifications.words import Wording

BODY_LIMIT = 500


def shared_part(event, words, language):
    """The inside of a frame without the number, which is each reader's own."""
    with translation.override(language):
        content = {
            "kind": event.kind,
            "title": words.title,
            "body": Truncator(words.body).chars(BODY_LIMIT),
            "at": event.created_at.isoformat(timespec="seconds"),
            "when": date_format(localtime(event.created_at), "j E Y, G:i"),
        }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))[1:-1]


def frame(seq, part):
    """One notice as text for one socket. Its address marks it read and leads on to its page."""
    return f'{{"seq":{seq},"url":"{address_of_inbox()}{seq}/",{part}}}'


@cache
def address_of_inbox():
    return reverse("notifications:inbox")


def copies(event, readers, seqs):
    """The item for the doorbell: every person's number, and the words that all share, each language once.

    `readers` are users, `seqs` maps their ids to the number. A reader with words of their own gets them beside the
    number, as the only copy.
    """
    wording = Wording([event], readers)
    frames, news, own = {}, [], []
    for reader in readers:
        words = wording.words(event, reader, reader.language)
        if wording.is_personal(event, reader):
            own.append([reader.pk, seqs[reader.pk], reader.language, shared_part(event, words, reader.language)])
            continue
        news.append([reader.pk, seqs[reader.pk]])
        if reader.language not in frames:
            frames[reader.language] = shared_part(event, words, reader.language)
    return {"news": news, "frames": frames, "own": own}


def shared_copies(event, readers, seqs):
    """The same for very many readers: who has words of their own gets the number alone, and reads the words from the
    database."""
    wording = Wording([event], readers)
    apart = wording.personal_readers(event)
    frames = {}
    for language, reader in {reader.language: reader for reader in readers if reader.pk not in apart}.items():
        frames[language] = shared_part(event, wording.words(event, reader, language), language)
    news = [[reader.pk, seqs[reader.pk]] for reader in readers if reader.pk not in apart]
    own = [[reader.pk, seqs[reader.pk], "", ""] for reader in readers if reader.pk in apart]
    return {"news": news, "frames": frames, "own": own}


def of_notifications(notifications, reader, language):
    """Pairs of number and frame for one reader's notifications."""
    wording = Wording([notification.event for notification in notifications], [reader])
    return [
        (
            notification.seq,
            frame(
                notification.seq,
                shared_part(notification.event, wording.words(notification.event, reader, language), language),
            ),
        )
        for notification in notifications
    ]
