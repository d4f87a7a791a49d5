"""The one notice of this app: it goes to the probe's own inbox and proves that telling works (health.py)."""

from notifications.registry import Notice, register

PROBE = "notifications.probe"


@register
class Probe(Notice):
    kind = PROBE
    template = "notifications/notices/probe.txt"
    mail = False

    @staticmethod
    def recipients(event):
        return [event.subject_id]

    @staticmethod
    def url(event):
        return "/readyz"
