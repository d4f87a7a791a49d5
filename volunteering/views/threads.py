"""What pages of conversations and of groups have in common: things said one after the other, and new ones that come in
by themselves."""

from django.http import HttpResponse

AT_ONCE = 50
# What live news brings at most; whoever slept longer gets a fresh page.
NEWS_AT_ONCE = 200


def key_in(text):
    """The key of a message from the address; None where there is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def part_of(said, before):
    """One page of what was said, the oldest first: the newest, or what was `before` that key. With the key before which
    there is more, or None."""
    found = list((said.newest_first() if before is None else said.before(before))[: AT_ONCE + 1])
    return found[:AT_ONCE][::-1], found[AT_ONCE - 1].pk if len(found) > AT_ONCE else None


def photo_answer(photo):
    """A photo out of the database, which shows nothing else and runs nothing."""
    answer = HttpResponse(bytes(photo.content), content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="{photo.pk}.jpg"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
