"""The officer's forms for a cohort."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.ui.fields import LineField
from lms.cohorts.actions import FIELDS, CohortRefused, refuse_below_quotas, refuse_fewer, refuse_plan
from lms.cohorts.models import Cohort
from lms.cohorts.policy import LONGEST_OFFER, SHORTEST_OFFER
from lms.courses.models import CoursePage


class ChangeCohortForm(WagtailAdminModelForm):
    """What may be changed of a cohort at any time. Its version is changed on a page of its own."""

    class Meta:
        model = Cohort
        fields: tuple[str, ...] = FIELDS
        field_classes = dict.fromkeys(("title", "title_en", "place"), LineField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.fields["plan"]
        assert isinstance(plan, forms.ModelChoiceField)
        plans: Any = plan.queryset  # of lms/admissions, which stands above cohorts
        kept = plans.filter(pk=self.instance.plan_id) if self.instance.plan_id else plans.none()
        usable = plans.usable_by(self.for_user)
        if self.instance.pk:
            usable = usable.filter(
                organisation__path__in=Organisation.paths_above(self.instance.organisation.path)
            )
        plan.queryset = usable | kept
        plan.empty_label = _("Plain application, decided by the organiser")
        for name in ("min_members", "offer_hours", "alarm_days"):
            self.fields[name].error_messages["min_value"] = _("Write a whole number, 0 or more.")
        self.fields["capacity"].error_messages["min_value"] = _("A cohort needs at least one place.")

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        if capacity < 1:
            raise ValidationError(_("A cohort needs at least one place."))
        try:
            refuse_fewer(capacity, self.instance.seats_taken)
        except CohortRefused as refused:
            raise ValidationError(str(refused)) from refused
        return capacity

    def clean(self) -> dict[str, Any]:
        """What two fields say against one another stands at the field that is to be corrected, all of it at once: the
        constraints of the table would say it on top, one round later."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, other, wrong, constraint in _PAIRS:
            one, two = data.get(name), data.get(other)
            if one is not None and two is not None and wrong(one, two):
                self.add_error(name, _said_by(constraint))
        hours = data.get("offer_hours")
        if hours is not None and not SHORTEST_OFFER <= hours <= LONGEST_OFFER:
            self.add_error("offer_hours", _said_by("cohort_offer_hours_in_reason"))
        organisation = data.get("organisation") or getattr(self.instance, "organisation", None)
        if organisation and "plan" in self.changed_data:
            self._ask("plan", lambda: refuse_plan(data.get("plan"), organisation))
        is_known = bool(data.get("capacity")) and "closes_at" in data
        if self.instance.pk and is_known and {"capacity", "closes_at"} & set(self.changed_data):
            kept = Cohort(pk=self.instance.pk, capacity=data["capacity"], closes_at=data["closes_at"])
            self._ask("capacity", lambda: refuse_below_quotas(kept))
        return data

    def _ask(self, name: str, refuses: Callable[[], Any]) -> None:
        """Ask what the action will ask, and put what it refuses at its field."""
        try:
            refuses()
        except CohortRefused as refused:
            self.add_error(name, str(refused))


def _said_by(constraint: str) -> str:
    """What a constraint of the table says when it is broken."""
    found = next(each for each in Cohort._meta.constraints if each.name == constraint)
    return str(found.violation_error_message)


# The field to correct, the one it is held against, when it is wrong, and the constraint that says so.
_PAIRS: tuple[tuple[str, str, Callable[[Any, Any], bool], str], ...] = (
    ("ends_on", "starts_on", operator.lt, "cohort_ends_after_start"),
    ("closes_at", "opens_at", operator.le, "cohort_closes_after_opening"),
    ("min_members", "capacity", operator.gt, "cohort_minimum_within_capacity"),
)


class CreateCohortForm(ChangeCohortForm):
    """A new cohort: of which course, run by whom. It is pinned to the newest version of the course."""

    class Meta(ChangeCohortForm.Meta):
        fields = ("course", "organisation", *FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course, organisation = self.fields["course"], self.fields["organisation"]
        course.queryset = CoursePage.objects.filter(versions__isnull=False).distinct().order_by("title")
        course.help_text = _("Only published courses. The cohort keeps the newest version of today.")
        self.fields["plan"].empty_label = _("The plan of the course, where it has one for this organisation")
        mine = scope_of(self.for_user).q("", Role.ADMINISTRATOR)
        rows = Organisation.objects.active().filter(mine)
        offer_organisations(organisation, rows)
        if isinstance(organisation, forms.ModelChoiceField) and not self.is_bound:
            organisation.initial = rows.order_by("depth", "path").first()


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not take place?"),
        help_text=_("Everybody in this cohort reads this sentence."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write why the cohort is cancelled: the people in it will read it.")},
    )
