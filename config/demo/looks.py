"""What stands on every page of a demonstration centre: data protection officer, funding, quick links. All invented."""

from cms.models import QuickLink, SiteLook

FUNDED = {"ruda-slaska"}
SENTENCE = (
    "Projekt „Czas na Centrum Usług Społecznych” jest współfinansowany przez Unię Europejską ze środków Europejskiego "
    "Funduszu Społecznego Plus."
)


def dress(municipality):
    look = SiteLook.for_site(municipality.site)
    look.dpo_name = "Inspektor Przykład"
    look.dpo_email = f"iod@{municipality.slug}.example"
    look.bip_url = f"https://bip.{municipality.slug}.example/"
    look.eu_text = SENTENCE if municipality.slug in FUNDED else ""
    look.save()
    QuickLink.objects.bulk_create(
        [
            QuickLink(
                look=look, sort_order=1, text_pl="Dostępność", text_en="Accessibility", text_uk="Доступність",
                page=look.accessibility_page,
            ),
            QuickLink(
                look=look, sort_order=2, text_pl="Twoje dane", text_en="Your data", text_uk="Ваші дані",
                page=look.privacy_page,
            ),
        ]
    )  # fmt: skip
