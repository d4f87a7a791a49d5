from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NeighbourhoodsConfig(AppConfig):
    name = "neighbourhoods"
    verbose_name = _("Neighbourhoods")

    def ready(self):
        from accounts.domain import people  # noqa: PLC0415 -- models are there only now
        from neighbourhoods.domain import membership  # noqa: PLC0415 -- models are there only now
        from notifications import outbox, registry  # noqa: PLC0415 -- models are there only now

        people.register_staff(membership.is_staff)
        people.register_obstacle(membership.obstacles_to_erasure)
        people.register_export(membership.export)
        people.register_erasure(membership.erase)
        # The accounts app lies below the audit trail, so this one introduces them to each other.
        people.register_witness(outbox.publish)
        people.register_farewell(outbox.revoke)
        registry.set_origin(origin_of)
        registry.set_centre(centre_of)
        # What each app wants to be there before a site opens.
        autodiscover_modules("readiness")


def origin_of(municipality_id):
    """Scheme, host and port of a municipality's own site, for links in mails; None where there is none."""
    from neighbourhoods.models import Municipality  # noqa: PLC0415 -- models are there only now

    municipality = Municipality.objects.with_site().filter(pk=municipality_id).first()
    return municipality.origin if municipality else None


def centre_of(municipality_id):
    """What a text message says of its sender, and how many the centre pays for; None where there is no such one."""
    from neighbourhoods.models import Municipality  # noqa: PLC0415 -- models are there only now
    from notifications.registry import Centre  # noqa: PLC0415 -- models are there only now

    municipality = Municipality.objects.filter(pk=municipality_id).first()
    if municipality is None:
        return None
    return Centre(municipality.centre_name, municipality.phone.as_national, municipality.sms_per_month)
