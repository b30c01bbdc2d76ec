"""The officer's form for a pathway: what it is, and a line for each of its courses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from lms.courses.models import CoursePage
from lms.pathways.actions import FIELDS, Wanted
from lms.pathways.models import MOST_DAYS, Pathway
from lms.pathways.states import Group

MOST_COURSES = 30


class PathwayForm(forms.ModelForm):
    """What a pathway is; who makes it is chosen once."""

    class Meta:
        model = Pathway
        fields: tuple[str, ...] = ("organisation", *FIELDS)
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["organisation"]
            return
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ModelChoiceField)
        mine = Organisation.objects.active().filter(scope_of(user).q("", Role.ADMINISTRATOR))
        offer_organisations(choice, mine)
        choice.initial = mine.order_by("depth", "path").first()


class CourseForm(forms.Form):
    """One course of the pathway. A line without a course is none."""

    course = forms.ChoiceField(label=_("Course"), required=False)
    group = forms.ChoiceField(label=_("Counts as"), choices=Group.choices, required=False)
    days = forms.IntegerField(
        label=_("Due after joining (days)"), min_value=1, max_value=MOST_DAYS, required=False
    )
    position = forms.IntegerField(
        label=pgettext_lazy("order", "Place"), min_value=1, max_value=999, required=False
    )

    def __init__(self, *args: Any, courses: Mapping[str, CoursePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = courses
        choice = self.fields["course"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "—"), *((key, page.title) for key, page in courses.items())]

    def lined(self) -> list[forms.BoundField]:
        """The fields in the order of the table's columns."""
        return [self[name] for name in ("position", "course", "group", "days")]

    def clean_course(self) -> CoursePage | None:
        return self.courses.get(self.cleaned_data["course"])


def known_courses() -> dict[str, CoursePage]:
    """The published courses by their keys, for all lines of a form. One query."""
    rows = CoursePage.objects.filter(versions__isnull=False).distinct().order_by("title")
    return {str(page.pk): page for page in rows}


CourseFormSet = formset_factory(
    CourseForm, extra=3, max_num=MOST_COURSES, absolute_max=MOST_COURSES + 10, validate_max=True
)


def wanted_of(formset: BaseFormSet[Any]) -> list[Wanted]:
    """The courses of a valid formset in the order of their places; lines without a place keep theirs at the end."""
    lines = [form.cleaned_data for form in formset if form.cleaned_data.get("course")]
    ordered = sorted(lines, key=lambda line: line.get("position") or 1000)
    return [Wanted(line["course"], line.get("group") or "", line.get("days")) for line in ordered]


class AddPersonForm(forms.Form):
    """Whom the officer puts on the pathway."""

    name = forms.CharField(
        label=_("Name or pinyin"),
        max_length=60,
        help_text=_("Of a person in your organisations. Where several have the name you choose one."),
    )
