from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    # There are two in this module, and Django takes neither unless one is marked.
    default = True
    name = "cms"
    verbose_name = _("Site content")

    def ready(self):
        from wagtail.tasks import update_reference_index_task  # noqa: PLC0415 -- models are there only now

        from accounts.domain import people  # noqa: PLC0415 -- models are there only now
        from cms import publishing  # noqa: PLC0415 -- models are there only now
        from cms.domain import (  # noqa: PLC0415 -- models are there only now
            groups,
            own_data,
            partner_photos,
            subscriptions,
            texts,
        )
        from neighbourhoods.domain import membership  # noqa: PLC0415 -- models are there only now
        from notifications.registry import hear_of_addresses, run_without_scope  # noqa: PLC0415 -- models are there only now
        from volunteering.domain import partners  # noqa: PLC0415 -- models are there only now

        publishing.listen()
        run_without_scope(update_reference_index_task)
        people.register_export(own_data.export)
        people.register_erasure(own_data.erase)
        people.register_text_versions(texts.version_in_force)
        people.register_text_addresses(texts.address_in_force)
        hear_of_addresses(subscriptions.hear_of)
        membership.on_change(groups.membership_changed)
        partners.keep_photos_in(partner_photos.collection_of)


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's lists of people and groups, for platform superusers. Roles are given at the desk, not here."""

    user_viewset = "cms.views.people.PersonViewSet"
