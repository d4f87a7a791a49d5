"""How forms look everywhere: our own field template, so that every form has labels, hints and errors alike.

The classes are not set on widgets: a form of an app may not import from `config`. The field template reads from the
widget what it is (its `input_type`), and the stylesheet does the rest.
"""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    field_template_name = "components/field.html"
