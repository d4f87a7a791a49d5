"""About ideas of residents: to the desk, and to who had the idea."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.registry import Notice, register
from volunteering.notices.who import DeskNotice


class ProposerNotice(Notice):
    @staticmethod
    def recipients(event):
        return [event.data["proposer"]]

    @staticmethod
    def url(event):
        return reverse("volunteering:proposal", args=[event.subject_id])


class DeskProposalNotice(DeskNotice):
    @staticmethod
    def url(event):
        return reverse("desk:proposal", args=[event.subject_id])


@register
class ProposalSent(DeskProposalNotice):
    kind = "volunteering.proposal_send"
    label = _("A resident has an idea for an initiative")
    template = "volunteering/notices/proposal_send.txt"


@register
class ProposalAnswered(DeskProposalNotice):
    kind = "volunteering.proposal_answer"
    label = _("A resident has answered about an idea")
    template = "volunteering/notices/proposal_answer.txt"


@register
class ProposalAsked(ProposerNotice):
    kind = "volunteering.proposal_ask"
    label = _("The centre asks about my idea")
    template = "volunteering/notices/proposal_ask.txt"
    can_wait = False


@register
class ProposalTakenUp(ProposerNotice):
    kind = "volunteering.proposal_take_up"
    label = _("My idea is taken up")
    template = "volunteering/notices/proposal_take_up.txt"


@register
class ProposalClosed(ProposerNotice):
    kind = "volunteering.proposal_close"
    label = _("My idea will not happen this time")
    template = "volunteering/notices/proposal_close.txt"
