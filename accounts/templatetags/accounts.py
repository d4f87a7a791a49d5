"""Filters of this app's templates."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value):
    """JSON for a data- attribute: the template escapes it, and scripts read it without any inline script."""
    return json.dumps(value, cls=DjangoJSONEncoder)
