"""Forms of legal pages, filled in with what is known of the centre."""

from django.utils import timezone

from cms.editing import SitePageForm


class StatementForm(SitePageForm):
    """A new accessibility statement begins with the facts of the site that it is written for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and (site := self.parent_page and self.parent_page.get_site()):
            for name, fact in facts_of(site).items():
                self.initial.setdefault(name, fact)
                self.initial[name] = self.initial[name] or fact


def facts_of(site):
    """What a site says of itself, by the names of the statement's fields."""
    centre = getattr(site, "municipality", None)
    facts = {"entity": site.site_name, "site_address": f"{site.root_url}/", "prepared_on": timezone.localdate()}
    if centre is not None:
        facts |= {"entity": centre.centre_name, "email": centre.email, "phone": centre.phone}
    return facts
