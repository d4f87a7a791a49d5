"""Data for machines inside a page."""

import json

from django import template
from django.utils.safestring import mark_safe

register = template.Library()

# What could end the script or begin markup, as JSON writes it inside of strings.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@register.filter
def as_json(data):
    """JSON that may stand inside a `<script type="application/ld+json">`: no word of an editor can end the script. Data
    blocks are never run, so the content security policy lets them be."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 -- escaped
