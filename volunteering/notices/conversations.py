"""About conversations. No notice repeats what was written: it leads to the page where it stands."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from notifications.registry import Notice, register
from volunteering.domain.conversations import name_of
from volunteering.domain.mail_replies import reply_address
from volunteering.models import MailTrouble, Message, Participant
from volunteering.notices.who import DeskNotice

# Whoever has the conversation open reads it within this time and gets no letter.
PATIENCE = timedelta(minutes=5)
# A message that comes so soon after an unread one is announced already.
ANNOUNCED = timedelta(hours=1)


class ConversationNotice(Notice):
    """To those who take part and want to hear of it."""

    related = ("commitment__visit__help_request__category",)

    @staticmethod
    def recipients(event):
        with scopes_disabled():
            people = Participant.objects.filter(conversation=event.subject_id).who_want_to_hear()
            return list(people.values_list("user_id", flat=True))

    @staticmethod
    def url(event):
        return event.subject.get_absolute_url()

    @staticmethod
    def is_obsolete(event):
        return event.subject.erased_at is not None


@register
class MessageWritten(ConversationNotice):
    kind = "volunteering.conversation_say"
    label = _("Somebody has written to me")
    template = "volunteering/notices/conversation_say.txt"
    mail_after = PATIENCE
    # Who writes waits for an answer. What two people say to each other is not read out by staff.
    can_wait = False
    call = False

    @staticmethod
    def prepare(events, user_ids):
        with scopes_disabled():
            found = Participant.objects.with_people().filter(conversation__in={event.subject_id for event in events})
            people = {(it.conversation_id, it.user_id): it for it in found}
        for event in events:
            event.people = people
            event.writer = people.get((event.subject_id, event.actor_id))

    @staticmethod
    def context(event):
        return {
            "writer": name_of(event.writer.user, event.writer.side) if event.writer else "",
            "category": event.subject.commitment.visit.help_request.category,
        }

    @staticmethod
    def reply_address(event, user):
        reader = event.people.get((event.subject_id, user.pk))
        return reply_address(event.subject, reader) if reader else ""

    @staticmethod
    def is_settled_for(event, user):
        """Read on the page, muted, or announced by the word of a message shortly before."""
        with scopes_disabled():
            participant = (
                Participant.objects.who_want_to_hear().filter(conversation=event.subject_id, user=user).first()
            )
            if participant is None or participant.read_up_to >= event.data["message"]:
                return True
            unread = Message.objects.filter(conversation=event.subject_id).after(participant.read_up_to)
            earlier = unread.before(event.data["message"]).since(event.created_at - ANNOUNCED)
            return earlier.exclude(sender=None).exclude(sender=user).exists()


@register
class MailNotTaken(ConversationNotice):
    """To the one who takes part and whose address for answers was written to, and to nobody else."""

    kind = "volunteering.conversation_unsaid"
    template = "volunteering/notices/conversation_unsaid.txt"
    can_wait = False
    call = False

    @staticmethod
    def recipients(event):
        return [event.data["user"]]

    @staticmethod
    def context(event):
        trouble = MailTrouble(event.data["trouble"])
        return {"why": trouble.label, "is_said": trouble == MailTrouble.LEFT_OUT}

    @staticmethod
    def why(event, user):
        return _("You answered a message of this conversation by e-mail.")


@register
class CentreJoined(ConversationNotice):
    kind = "volunteering.conversation_join"
    template = "volunteering/notices/conversation_join.txt"
    mail = False


class DeskConversationNotice(DeskNotice):
    @staticmethod
    def url(event):
        return reverse("desk:today") + "#rozmowy-z-centrum"


@register
class CentreInvited(DeskConversationNotice):
    kind = "volunteering.conversation_invite_staff"
    label = _("The centre is asked into a conversation")
    template = "volunteering/notices/conversation_invite_staff.txt"

    @staticmethod
    def is_obsolete(event):
        return event.subject.staff_invited_at is None


@register
class ConversationReported(DeskConversationNotice):
    kind = "volunteering.conversation_report"
    label = _("A conversation was reported")
    template = "volunteering/notices/conversation_report.txt"

    @staticmethod
    def is_obsolete(event):
        with scopes_disabled():
            return not event.subject.reports.filter(settled_at=None).exists()


@register
class ConversationBlocked(DeskNotice):
    """Two people do not want to meet again: staff look whether somebody else is needed."""

    kind = "volunteering.conversation_block"
    label = _("Two people do not want to meet again")
    template = "volunteering/notices/conversation_block.txt"

    @staticmethod
    def url(event):
        with scopes_disabled():
            return reverse("desk:request", args=[event.subject.commitment.visit.help_request.reference])
