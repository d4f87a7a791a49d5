"""About opinions of residents. Their words stay at the desk."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.registry import register
from volunteering.notices.who import DeskNotice
from volunteering.states import OpinionState


@register
class OpinionSent(DeskNotice):
    kind = "volunteering.opinion_send"
    label = _("Somebody has sent an opinion")
    template = "volunteering/notices/opinion_send.txt"

    @staticmethod
    def url(event):
        return reverse("desk:opinion", args=[event.subject_id])

    @staticmethod
    def is_obsolete(event):
        return event.subject is None or event.subject.state != OpinionState.NEW
