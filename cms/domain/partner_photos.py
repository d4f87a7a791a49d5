"""Where photos of partners are kept: a collection for each, inside of that of the site's editors, who can use them."""

from django.db import transaction

from cms.models import EditorialTeam


@transaction.atomic
def collection_of(organisation):
    """The collection of a partner, made with the first photo. Partners have no account in the CMS; what they see of it
    is their own."""
    team = EditorialTeam.objects.with_parts().get(site=organisation.municipality.site_id)
    name = f"{organisation.name} ({organisation.pk})"
    shelf = team.collection.get_children().filter(name__endswith=f"({organisation.pk})").first()
    return shelf or team.collection.add_child(name=name)
