"""Which pages the law wants of a site, and which of them it still lacks."""

from cms.models import AccessibilityStatementPage, EasyReadPage, PrivacyPage, ProtectionStandardsPage, TermsPage
from cms.trees import homes_of

# In the order in which a new site should get them. The statement is wanted in every language of the site; the standards
# where there are minors to protect, that is at centres.
WANTED = (PrivacyPage, TermsPage, AccessibilityStatementPage, EasyReadPage)
WANTED_OF_CENTRES = (ProtectionStandardsPage,)
IN_EVERY_LANGUAGE = frozenset({AccessibilityStatementPage})


def missing(site):
    """Pairs of a kind of page and the home below which none of it is published yet."""
    homes = [home for home in homes_of(site).select_related("locale") if home.live]
    kinds = WANTED + (WANTED_OF_CENTRES if hasattr(site, "municipality") else ())
    for kind in kinds:
        there = set(kind.objects.live().values_list("path", flat=True))
        for home in homes:
            if home.pk != site.root_page_id and kind not in IN_EVERY_LANGUAGE:
                continue
            if not any(path.startswith(home.path) for path in there):
                yield kind, home
