"""The chooser that every form of supervision uses, and the regions that an officer may name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from wagtail.admin.widgets import BaseChooser

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.models import Organisation
from core.organisations.models import Tier as Level
from supervision.supervisors.models import Supervisor

REGIONS = (Level.PROVINCE, Level.CITY, Level.COUNTY)


def regions_for(user: Any, supervisor: Supervisor) -> models.QuerySet[Organisation]:
    """The regions an officer may name: provinces, cities and districts of the same province, and those named already."""
    scope = scope_of(user)
    rows = Organisation.objects.active().filter(tier__in=REGIONS)
    if not scope.everything:
        near = models.Q(pk__in=())
        for path in scope.paths(Role.ADMINISTRATOR):
            near |= models.Q(path__startswith=path[: Organisation.steplen])
        rows = rows.filter(near)
    if supervisor.pk:
        rows = rows | Organisation.objects.filter(pk__in=supervisor.regions.order_by().values("pk"))
    return rows


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
