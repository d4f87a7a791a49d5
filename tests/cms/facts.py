"""Facts of a centre, and where its pages are."""

from wagtail.models import Page

FACTS = {
    "slug": "klucze",
    "name": "Klucze",
    "locative": "Kluczach",
    "code": "KL",
    "terc": "1212042",
    "centre_name": "CUS w Kluczach",
    "phone": "+48325550112",
    "email": "cus@klucze.example",
    "address": "ul. Bajkowa 1",
    "opening_hours": "8:00–16:00",
    "latitude": 50.335,
    "longitude": 19.56,
}


def trees():
    """Addresses of all pages, by language."""
    pages = Page.objects.filter(depth__gt=1).select_related("locale").order_by("path")
    return sorted((page.locale.language_code, page.full_url) for page in pages if page.full_url)
