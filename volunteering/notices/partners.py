"""About partners: to the desk when they have written something, and to their staff when the centre has decided."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from neighbourhoods.models import Membership
from notifications.registry import Notice, register
from volunteering.notices.who import DeskNotice


class PartnerNotice(Notice):
    """To the staff of a partner; leads to their desk."""

    @staticmethod
    def recipients(event):
        return staff_of(event.subject_id)

    @staticmethod
    def url(event):
        return reverse("desk:own_partner")


class PartnerWordsNotice(Notice):
    """About words of an initiative; leads to these."""

    @staticmethod
    def recipients(event):
        return staff_of(event.data["organisation"])

    @staticmethod
    def url(event):
        return reverse("desk:own_words", args=[event.subject.slug])

    @staticmethod
    def is_obsolete(event):
        return event.subject is None


def staff_of(organisation_id):
    with scopes_disabled():
        rows = Membership.objects.active().filter(organisation_id=organisation_id)
        return list(rows.values_list("user_id", flat=True))


@register
class PartnerProposed(DeskNotice):
    kind = "volunteering.partner_propose"
    label = _("A partner has written a profile")
    template = "volunteering/notices/partner_propose.txt"

    @staticmethod
    def url(event):
        return reverse("desk:partner", args=[event.subject_id])


@register
class PartnerWordsSubmitted(DeskNotice):
    kind = "volunteering.partner_words_submit"
    label = _("A partner has sent words of an initiative")
    template = "volunteering/notices/partner_words_submit.txt"

    @staticmethod
    def url(event):
        return reverse("desk:initiative", args=[event.subject.slug])

    @staticmethod
    def is_obsolete(event):
        return event.subject is None


@register
class PartnerApproved(PartnerNotice):
    kind = "volunteering.partner_approve"
    template = "volunteering/notices/partner_approve.txt"


@register
class PartnerSentBack(PartnerNotice):
    kind = "volunteering.partner_send_back"
    template = "volunteering/notices/partner_send_back.txt"


@register
class PartnerHidden(PartnerNotice):
    kind = "volunteering.partner_hide"
    template = "volunteering/notices/partner_hide.txt"


@register
class PartnerShown(PartnerNotice):
    kind = "volunteering.partner_show"
    template = "volunteering/notices/partner_show.txt"


@register
class PartnerWordsApproved(PartnerWordsNotice):
    kind = "volunteering.partner_words_approve"
    template = "volunteering/notices/partner_words_approve.txt"


@register
class PartnerWordsReturned(PartnerWordsNotice):
    kind = "volunteering.partner_words_return"
    template = "volunteering/notices/partner_words_return.txt"
