"""The button by which one follows, or stops."""

from django import template
from django.urls import reverse

from volunteering.domain.follows import address_of, field_of
from volunteering.models import Follow, Initiative, Joining

register = template.Library()


@register.inclusion_tag("volunteering/follows/button.html", takes_context=True)
def follow_button(context, thing):
    """For whoever is signed in, a form that follows the thing at once, or stops; for others the way through signing in.
    One query for the first, none for the others: their page is the same for all."""
    if thing is None or (isinstance(thing, Initiative) and (not thing.pk or thing.joining == Joining.CLOSED)):
        return {"thing": None}
    request, viewer = context.get("request"), context.get("viewer")
    wish = Follow.objects.of(viewer).on(**{field_of(thing): thing}).first() if viewer else None
    return {
        "thing": thing,
        "what": address_of(thing)[0],
        "url": reverse("volunteering:follow", args=address_of(thing)),
        "wish": wish,
        "viewer": viewer,
        "back": request.path if request else "",
        "csrf_token": context.get("csrf_token") if viewer else "",
    }
