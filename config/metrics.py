"""/metrics: the figures of the desk's page about the telling, for Prometheus. Of the whole installation only: figures
of one centre may be so small that they speak of a person."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import operations


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For who shows METRICS_TOKEN as a bearer token; where there is none, there is no such page."""
    # Only here: most processes are never asked, and the package takes its time to load.
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest  # noqa: PLC0415 -- slow import

    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(Figures()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Figures:
    """What is read anew with every question; the package asks for it by this name."""

    def collect(self):
        yield from news()
        yield from deliveries()
        yield from failures()
        yield from today()
        yield from worker()


def news():
    backlog = operations.backlog()
    yield gauge("events_undelivered", "Events that nobody was told of yet.", backlog.number)
    yield gauge("events_oldest_seconds", "Age of the oldest of them.", age(backlog.since))


def deliveries():
    queues = operations.queues()
    yield gauge("deliveries_waiting", "What has not left through a channel.", {q.channel: q.waiting for q in queues})
    yield gauge("deliveries_due", "What of it could have left by now.", {q.channel: q.due for q in queues})
    yield gauge(
        "deliveries_oldest_seconds", "How long the first of it could.", {q.channel: age(q.since) for q in queues}
    )


def failures():
    """By channel and class of error, of the days that the desk shows; no series where nothing failed."""
    sums = {}
    for failure in operations.failures():
        key = (failure.channel, failure.reason or "other")
        sums[key] = sums.get(key, 0) + failure.number
    yield gauge("failures", "What could not be told within 14 days.", sums, labels=["channel", "reason"])


def today():
    shares = operations.today_by_channel()
    yield gauge("told_today", "What was told since midnight.", {name: it.told for name, it in shares.items()})
    yield gauge(
        "told_today_in_time",
        "What of it was told within 10 seconds.",
        {name: it.in_time for name, it in shares.items()},
    )


def worker():
    crew, tasks = operations.crew(), operations.tasks()
    seen_at = crew.seen_at.timestamp() if crew.seen_at else 0
    yield gauge("worker_seen_timestamp_seconds", "When a worker last said that it lives; 0: never.", seen_at)
    yield gauge("duties_failing", "Regular duties that fail.", len(crew.failing))
    counts = {"ready": tasks.ready, "running": tasks.running, "failed": tasks.failed}
    yield gauge("tasks", "Tasks of the queue; failed ones are kept for a month.", counts, labels=["status"])
    yield gauge("tasks_oldest_seconds", "Age of the oldest task that waits.", age(tasks.since))


def gauge(name, words, value, *, labels=("channel",)):
    """One figure, or one for each key of a dict."""
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 -- slow import

    if not isinstance(value, dict):
        return GaugeMetricFamily(f"ogniwo_{name}", words, value=value)
    family = GaugeMetricFamily(f"ogniwo_{name}", words, labels=labels)
    for key, figure in value.items():
        family.add_metric(key if isinstance(key, tuple) else (key,), figure)
    return family


def age(moment):
    return max((timezone.now() - moment).total_seconds(), 0) if moment else 0
