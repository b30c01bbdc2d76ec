"""The officer's forms for a cohort."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from lms.cohorts.actions import FIELDS, CohortRefused, refuse_fewer
from lms.cohorts.models import Cohort
from lms.courses.models import CoursePage


class ChangeCohortForm(WagtailAdminModelForm):
    """What may be changed of a cohort at any time. Its version is changed on a page of its own."""

    class Meta:
        model = Cohort
        fields: tuple[str, ...] = FIELDS

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

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        if capacity < 1:
            raise ValidationError(_("A cohort needs at least one place."))
        try:
            refuse_fewer(capacity, self.instance.seats_taken)
        except CohortRefused as refused:
            raise ValidationError(str(refused)) from refused
        return capacity


class CreateCohortForm(ChangeCohortForm):
    """A new cohort: of which course, run by whom. It is pinned to the newest version of the course."""

    class Meta(ChangeCohortForm.Meta):
        fields = ("course", "organisation", *FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course, organisation = self.fields["course"], self.fields["organisation"]
        course.queryset = CoursePage.objects.filter(versions__isnull=False).distinct().order_by("title")
        course.help_text = _("Only published courses. The cohort keeps the newest version of today.")
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
