"""Events as entries of a calendar."""

from volunteering.ics import Entry


def entry_of(register, page, request):
    url = page.get_full_url(request) or request.build_absolute_uri("/")
    place = page.place or (page.online_url if page.shows_online_url else "")
    return Entry(
        uid=f"{register.translation_key}@{register.site.hostname}",
        title=page.title,
        starts_at=page.starts_at,
        ends_at=page.ends_at,
        changed_at=page.last_published_at or page.starts_at,
        place=place,
        words=page.lead,
        url=url,
        sequence=register.sequence,
        is_cancelled=page.called_off,
    )
