from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from django.contrib.auth.signals import user_logged_out  # noqa: PLC0415 -- needs the models

        from accounts.domain import people  # noqa: PLC0415 -- models are there only now
        from notifications import bounces, own_data, replies, signing_out  # noqa: PLC0415 -- models are there only now

        autodiscover_modules("notices", "duties")
        # Signing out is Django's own verb, with no other hook: this is no business rule on a model.
        user_logged_out.connect(signing_out.close_sockets, dispatch_uid="notifications.signing_out")
        if apps.is_installed("anymail"):
            bounces.connect()
            replies.connect()
        people.register_export(own_data.export)
        people.register_erasure(own_data.erase)
