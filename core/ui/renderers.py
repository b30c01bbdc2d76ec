"""Forms in our look wherever somebody writes {{ form }} or {{ field.as_field_group }}."""

from django.forms.renderers import TemplatesSetting


class SiteFormRenderer(TemplatesSetting):
    """Needs django.forms among the installed apps, for the widgets' own templates."""

    form_template_name = "core/ui/form.html"
    field_template_name = "core/ui/field.html"
