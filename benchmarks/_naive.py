"""The same application with the guard against double booking taken away: the race check must notice."""


def take_the_guard_away():
    """Neither locks nor compare-and-set nor one transaction; nothing else changes. Called once Django is set up."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 -- needs Django set up

    from volunteering.domain import commitments, help_requests  # noqa: PLC0415 -- needs Django set up
    from volunteering.models import HelpRequest, Visit  # noqa: PLC0415 -- needs Django set up

    def claim_place(visit):
        """Look, then write: what most systems do."""
        fresh = Visit.objects.get(pk=visit.pk)
        if fresh.taken >= fresh.places:
            return False
        fresh.taken += 1
        fresh.save(update_fields=["taken"])
        return True

    def unlocked_request(pk):
        return HelpRequest.objects.select_related("category", "municipality__site", "neighbourhood").get(pk=pk)

    people = get_user_model().objects
    commitments.take = commitments.take.__wrapped__
    commitments.claim_place = claim_place
    commitments.lock_person = lambda pk: people.get(pk=pk)
    commitments.lock_request = unlocked_request
    # Both ask for a transaction, and there is none any more.
    commitments.publish = lambda *args, **kwargs: None
    help_requests.settle = lambda help_request: help_request
