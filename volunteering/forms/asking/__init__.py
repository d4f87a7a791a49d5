"""The questions of the request wizard, one form a page. Each knows what was answered before it."""

from volunteering.domain.intake import Asked
from volunteering.forms.asking.contact import Contact
from volunteering.forms.asking.what import What
from volunteering.forms.asking.when import Times, When
from volunteering.forms.asking.where import Where
from volunteering.forms.asking.whom import Whom
from volunteering.forms.asking.words import Words

STEPS = (What, Words, Where, When, Times, Whom, Contact)
BY_SLUG = {step.slug: step for step in STEPS}


def asked(forms_by_name):
    """The whole request out of the valid forms of all steps."""
    where, contact = forms_by_name["where"], forms_by_name["contact"]
    return Asked(
        category=forms_by_name["what"].category(),
        words=forms_by_name["words"].cleaned_data["words"],
        neighbourhood=where.neighbourhoods[where.cleaned_data["neighbourhood"]],
        address=where.address(),
        directions=where.cleaned_data["directions"],
        times=forms_by_name["times"].times(),
        for_someone_else=contact.is_for_other,
        people_needed=forms_by_name["whom"].cleaned_data["people"],
        person_name=contact.person_name(),
        phone=str(contact.cleaned_data["phone"] or ""),
        language=contact.cleaned_data["language"],
    )
