"""What editors are told of the newsletter."""

from django.urls import reverse

from notifications.registry import Notice, register


@register
class IssueSent(Notice):
    """To whoever sent it, and whoever wrote it: the last letter has left."""

    kind = "cms.newsletter_complete"
    template = "cms/notices/newsletter_complete.txt"
    mail = False
    call = False

    @staticmethod
    def recipients(event):
        return {event.subject.sent_by_id, event.subject.author_id} - {None}

    @staticmethod
    def url(event):
        return reverse("cms:desk_newsletter_issue", args=[event.subject_id])
