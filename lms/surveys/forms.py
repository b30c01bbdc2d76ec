"""The officer's forms for surveys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.models import User
from lms.cohorts.models import Cohort
from lms.enrolments.policy import rule_of
from lms.surveys.models import SurveyDesign, SurveyInvitation
from lms.surveys.policy import ANONYMOUS, FAR, OPENINGS, RATERS, Plan
from lms.surveys.queries import possible_raters
from lms.surveys.states import Level, Opens, Rater
from lms.timetable.models import ClassSession


class DesignForm(WagtailAdminModelForm):
    """A survey: whose, called what, at which level, and its questions."""

    data: Any
    is_torn = False  # the questions did not arrive as the editor sends them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mend_body()
        organisation = self.fields["organisation"]
        mine = scope_of(self.for_user).q("", Role.ADMINISTRATOR, Role.INSTRUCTOR)
        offer_organisations(organisation, Organisation.objects.active().filter(mine))
        if not self.is_bound and not self.instance.pk:
            organisation.initial = organisation.queryset.order_by("depth", "path").first()

    def _mend_body(self) -> None:
        """Wagtail counts on every field of a stream being there; where one is missing the stream is taken as empty."""
        if not self.is_bound:
            return
        name = self.add_prefix("body")
        try:
            self.fields["body"].widget.value_from_datadict(self.data, self.files, name)
        except (KeyError, ValueError):
            self.is_torn = True
            self.data = self.data.copy()
            self.data[f"{name}-count"] = "0"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if self.is_torn:
            self.add_error(
                "body", _("The questions did not arrive whole. Nothing was saved: please send it again.")
            )
        return data


LATER = {
    Level.REACTION: (0, 14),
    Level.LEARNING: (0, 14),
    Level.BEHAVIOUR: (90, 30),
    Level.RESULTS: (180, 30),
}


class AssignForm(forms.Form):
    """How a survey is put to a cohort; only the questions that its level leaves open are asked."""

    opens_from = forms.ChoiceField(label=_("Counted from"))
    class_session = forms.ModelChoiceField(
        label=_("Class"), queryset=ClassSession.objects.none(), required=False, empty_label=_("None")
    )
    after = forms.IntegerField(
        label=_("Opens so many days later"),
        min_value=0,
        max_value=FAR,
        help_text=_("0: on that very day. 90 days are about three months."),
    )
    lasts = forms.IntegerField(label=_("Stays open for so many days"), min_value=1, max_value=FAR)
    raters = forms.MultipleChoiceField(label=_("Answered by"), widget=forms.CheckboxSelectMultiple)
    is_anonymous = forms.BooleanField(
        label=_("Anonymous"),
        required=False,
        help_text=_(
            "Answers are kept without any link to the person, and shown once the survey has closed and there are enough. It cannot be changed later."
        ),
    )
    is_required = forms.BooleanField(
        label=_("Required for completion"),
        required=False,
        help_text=_("Nobody completes the course before answering. It can be answered late."),
    )

    def __init__(self, *args: Any, cohort: Cohort, design: SurveyDesign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.level = Level(design.level)
        possible, raters = OPENINGS[self.level], RATERS[self.level]
        classes = ClassSession.objects.filter(cohort=cohort).standing()
        fields["class_session"].queryset = classes
        if self.level != Level.REACTION or not classes.exists():
            del fields["class_session"]
            possible = tuple(each for each in possible if each != Opens.CLASS)
        fields["opens_from"].choices = [(each, Opens(each).label) for each in possible]
        fields["raters"].choices = [(each, Rater(each).label) for each in raters]
        fields["raters"].initial = raters[:1]
        fields["after"].initial, fields["lasts"].initial = LATER[self.level]
        if len(raters) == 1:
            del fields["raters"]
        if not rule_of(cohort.version.rule).require_surveys:
            del fields["is_required"]  # nothing in this course would wait for it
        if self.level not in ANONYMOUS:
            del fields["is_anonymous"]

    @property
    def plan(self) -> Plan:
        """What was chosen; after is_valid()."""
        data = self.cleaned_data
        return Plan(
            level=self.level,
            opens_from=data["opens_from"],
            after=data["after"],
            lasts=data["lasts"],
            raters=frozenset(data.get("raters") or RATERS[self.level][:1]),
            is_anonymous=data.get("is_anonymous", False),
            is_required=data.get("is_required", False),
        )


class StopForm(forms.Form):
    """Why a survey is stopped."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("For the records of the desk."))


class RaterForm(forms.Form):
    """Who answers in place of nobody."""

    respondent = forms.ModelChoiceField(label=_("Who is to answer?"), queryset=User.objects.none())

    def __init__(self, *args: Any, asker: Asker, invitation: SurveyInvitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["respondent"]
        field.queryset = possible_raters(asker, invitation)
        field.label_from_instance = lambda user: f"{user.person.name} · {user.person.employer or user.email}"
