"""Who has which right in a municipality. Every predicate takes the person and a municipality, or a thing that has one.

All of them together cost one query a request. Where no municipality is known (the portal), the answer is no.
"""

import rules

from neighbourhoods.domain.membership import OBSERVER, belonging_of
from neighbourhoods.models import CASE_ROLES, Municipality, Organisation, Role


def municipality_of(thing):
    """The municipality that a thing belongs to; None where there is none."""
    return thing if isinstance(thing, Municipality) else getattr(thing, "municipality", None)


def organisation_of(thing):
    return thing if isinstance(thing, Organisation) else getattr(thing, "organisation", None)


def role_predicate(name, *roles):
    """A predicate: whether the person has one of these roles in the municipality of the thing."""

    def predicate(user, thing=None):
        return belonging_of(user).has(municipality_of(thing), *roles)

    return rules.predicate(predicate, name=name)


is_case_worker = role_predicate("is_case_worker", *CASE_ROLES)
is_organiser = role_predicate("is_organiser", Role.ORGANISER)
is_director = role_predicate("is_director", Role.DIRECTOR)
is_editor = role_predicate("is_editor", Role.EDITOR)
is_partner = role_predicate("is_partner", Role.PARTNER)
is_observer = role_predicate("is_observer", OBSERVER)
is_member = role_predicate("is_member", *Role)


@rules.predicate
def works_for_organisation(user, thing=None):
    """A partner's own organisation, or a thing of it."""
    organisation = organisation_of(thing)
    return organisation is not None and organisation.pk in belonging_of(user).organisations


rules.add_perm("neighbourhoods.enter_desk", is_case_worker | is_director | is_partner)
# Before a site opens, whoever works for the centre sees all of it.
rules.add_perm("neighbourhoods.see_unopened_site", is_member)
rules.add_perm("neighbourhoods.work_cases", is_case_worker)
rules.add_perm("neighbourhoods.work_for_partner", is_partner)
rules.add_perm("neighbourhoods.see_figures", is_case_worker | is_director | is_observer)
rules.add_perm("neighbourhoods.manage_roles", is_organiser)
rules.add_perm("neighbourhoods.change_settings", is_organiser)
rules.add_perm("neighbourhoods.edit_content", is_editor)
rules.add_perm("neighbourhoods.run_organisation", is_case_worker | works_for_organisation)
