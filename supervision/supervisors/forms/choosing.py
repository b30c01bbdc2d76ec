"""The choosers of people that every form of supervision uses, and lists of words as they are kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser

from core.people.models import Person
from supervision.supervisors.models import Supervisor


class ScopedChooser(BaseChooser):
    """Chooses from a searchable window instead of a list of thousands; it never names a row outside `rows`."""

    show_edit_link = False
    icon = "user"

    def __init__(self, model: type[models.Model], chooser: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model
        self.chooser_modal_url_name = f"{chooser}:choose"
        self.rows: models.QuerySet[Any] = model._default_manager.none()

    def get_instance(self, value: Any) -> models.Model | None:
        if value is None or isinstance(value, self.model):
            return value
        try:
            return self.rows.filter(pk=value).first()
        except (TypeError, ValueError):
            return None


def choose_from(form: forms.BaseForm, name: str, rows: models.QuerySet[Any]) -> None:
    """Let a chooser field of the form accept, and show, only these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = field.widget.rows = rows


def supervisor_field(label: Any = "", help_text: Any = "") -> forms.ModelChoiceField:
    """Chooses a supervisor; which ones, `choose_from` says."""
    return forms.ModelChoiceField(
        label=label or _("Supervisor"),
        queryset=Supervisor.objects.none(),
        widget=ScopedChooser(Supervisor, "supervision_supervisors"),
        help_text=help_text,
        error_messages={
            "required": _("Choose the supervisor."),
            "invalid_choice": _("This supervisor takes no new mentees, or serves other regions than yours."),
        },
    )


def mentee_field(help_text: Any = "") -> forms.ModelChoiceField:
    """Chooses a mentee; which ones, `choose_from` says."""
    return forms.ModelChoiceField(
        label=_("Mentee"),
        queryset=Person.objects.none(),
        widget=ScopedChooser(Person, "supervision_people"),
        help_text=help_text,
        error_messages={
            "required": _("Choose the mentee."),
            "invalid_choice": _("Choose somebody who is employed in your tree."),
        },
    )
