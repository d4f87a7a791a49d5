"""What stands in an issue, with where it leads today."""

from wagtail.models import Page

from volunteering.models import Initiative


def items_of(issue):
    """The items with where they lead: published pages (in all languages) and initiatives that everybody may read of."""
    items = list(issue.items.select_related("page", "initiative"))
    keys = {item.page.translation_key for item in items if item.page_id}
    families = {}
    for page in Page.objects.live().filter(translation_key__in=keys).select_related("locale"):
        families.setdefault(page.translation_key, {})[page.locale.language_code] = page
    told = [item.initiative_id for item in items if item.initiative_id]
    readable = set(Initiative.objects.readable().filter(pk__in=told).values_list("pk", flat=True)) if told else set()
    for item in items:
        item.translations = families.get(item.page.translation_key, {}) if item.page_id else {}
        item.readable = readable
    return items
