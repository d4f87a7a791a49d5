from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteeringConfig(AppConfig):
    name = "volunteering"
    verbose_name = _("Volunteering")

    def ready(self):
        from accounts.domain import people  # noqa: PLC0415 -- models are there only now
        from notifications import registry  # noqa: PLC0415 -- models are there only now
        from volunteering.domain import homes, landing, mail_replies, own_data  # noqa: PLC0415 -- models are there only now

        registry.set_homes(homes.homes_of)
        registry.set_answers(mail_replies.take)
        people.register_landing(landing.first_page)
        people.register_export(own_data.export)
        people.register_obstacle(own_data.obstacles)
        people.register_erasure(own_data.erase)
