from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteeringConfig(AppConfig):
    name = "volunteering"
    verbose_name = _("Volunteering")

    def ready(self):
        from accounts.domain import people  # noqa: PLC0415 -- models are there only now
        from volunteering.domain import landing  # noqa: PLC0415 -- models are there only now

        people.register_landing(landing.first_page)
