"""Who has the right to do what. Views check these; whether it can be done now is the verbs' own question."""

import rules

from neighbourhoods.rules import is_case_worker
from volunteering.states import CommitmentState


@rules.predicate
def is_requester(user, thing):
    """The resident whose request (or whose helper's commitment) this is."""
    help_request = getattr(thing, "visit", thing)
    help_request = getattr(help_request, "help_request", help_request)
    return help_request.requester_id is not None and help_request.requester_id == user.pk


@rules.predicate
def is_helper(user, commitment):
    return commitment.volunteer_id == user.pk


@rules.predicate
def is_accepted(user, commitment):
    return commitment.state in {CommitmentState.ACCEPTED, CommitmentState.ARRIVED, CommitmentState.DONE}


@rules.predicate
def is_participant(user, participation):
    return participation.user_id is not None and participation.user_id == user.pk


@rules.predicate
def works_here(user, thing):
    """A case worker of the gmina that the thing belongs to."""
    return is_case_worker(user, municipality_of(thing))


def municipality_of(thing):
    for path in ("commitment", "visit", "help_request", "meeting", "initiative"):
        if hasattr(type(thing), "municipality"):
            break
        thing = getattr(thing, path, thing)
    return getattr(thing, "municipality", None)


rules.add_perm("volunteering.work_requests", works_here)
rules.add_perm("volunteering.cancel_request", is_requester | works_here)
rules.add_perm("volunteering.answer_helper", is_requester | works_here)
rules.add_perm("volunteering.withdraw", is_helper)
rules.add_perm("volunteering.confirm", is_helper | is_requester | works_here)
rules.add_perm("volunteering.report_no_show", is_requester | works_here)
rules.add_perm("volunteering.see_address", is_helper & is_accepted)
rules.add_perm("volunteering.leave_meeting", is_participant | works_here)
