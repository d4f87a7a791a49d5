"""How forms look everywhere: our own field template, so that every form has labels, hints and errors alike."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    field_template_name = "components/field.html"
