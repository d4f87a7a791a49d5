"""What the editor's side panels show beside Wagtail's own."""

from django import template

from cms.domain import advice

register = template.Library()


@register.simple_tag
def advice_on(thing):
    """Sentences about how the saved draft could say things better; None where nothing is saved yet."""
    return advice.advice_on(thing) if thing is not None and thing.pk else None
