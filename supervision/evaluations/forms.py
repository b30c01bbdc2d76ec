"""The forms of evaluations: the template and the rule at the desk, the answers of a pair."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.models import ServiceField
from core.ui.fields import one_line
from core.ui.forms import DatedRuleForm
from supervision.evaluations.actions import Said
from supervision.evaluations.models import MOST_QUESTIONS, Evaluation, EvaluationAnswer, EvaluationTemplate
from supervision.evaluations.policy import LEAST
from supervision.evaluations.states import About, Agreement, Direction, Skill
from supervision.goals.models import Competency

LONGEST = 200  # characters of a question


class EvaluationTemplateForm(WagtailAdminModelForm):
    """A template: whose, about whom, from when to when, and its questions, one on a line."""

    asked = forms.CharField(
        label=pgettext_lazy("evaluation", "Questions"),
        help_text=_("One sentence on each line. Each is answered from “not at all” to “fully”."),
        max_length=MOST_QUESTIONS * (LONGEST + 2),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write at least one question.")},
    )

    class Meta:
        model = EvaluationTemplate
        fields: tuple[str, ...] = (
            "organisation",
            "about",
            "title",
            "starts_on",
            "ends_on",
            "days_open",
            "asks_fields",
            "competencies",
        )
        widgets = {
            "starts_on": AdminDateInput,
            "ends_on": AdminDateInput,
            "competencies": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.active().filter(scope_of(self.for_user).q("", Role.ADMINISTRATOR))
        if "organisation" in self.fields:
            offer_organisations(self.fields["organisation"], mine)
        self.fields["ends_on"].help_text = _("Empty: open-ended.")
        self.fields["competencies"].queryset = Competency.objects.offered()
        self.fields["competencies"].help_text = _(
            "Asked with their levels, only in templates about the mentee."
        )
        self.fields["days_open"].min_value = 3
        self.initial["asked"] = "\n".join(self.instance.questions or [])

    def clean_asked(self) -> list[str]:
        lines = list(dict.fromkeys(one_line(line) for line in self.cleaned_data["asked"].splitlines()))
        questions = [line for line in lines if line]
        if not questions:
            raise forms.ValidationError(_("Write at least one question."))
        if len(questions) > MOST_QUESTIONS:
            raise forms.ValidationError(_("At most 20 questions: nobody answers more of them with care."))
        if any(len(line) > LONGEST for line in questions):
            raise forms.ValidationError(_("A question has at most 200 characters."))
        return questions

    def clean_days_open(self) -> int:
        days: int = self.cleaned_data["days_open"]
        if not 3 <= days <= 60:
            raise forms.ValidationError(_("From 3 to 60 days."))
        return days

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data

    def _post_clean(self) -> None:
        """The action writes the row; the form's own instance is not used."""

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        names = ("title", "starts_on", "ends_on", "days_open", "asks_fields")
        return {
            **{name: data[name] for name in names},
            "about": data.get("about") or self.instance.about,
            "questions": data["asked"],
            "competencies": list(data["competencies"]),
        }


class ChangeEvaluationTemplateForm(EvaluationTemplateForm):
    class Meta(EvaluationTemplateForm.Meta):
        fields = ("title", "starts_on", "ends_on", "days_open", "asks_fields", "competencies")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.about == About.SUPERVISOR:
            del self.fields["asks_fields"], self.fields["competencies"]

    def values(self) -> dict[str, Any]:
        self.cleaned_data.setdefault("asks_fields", False)
        self.cleaned_data.setdefault("competencies", ())
        return super().values()


class PublicationRuleForm(DatedRuleForm):
    """From how many people on evaluations are published at a place that the officer administers."""

    minimum = forms.IntegerField(
        label=_("Least number of people"),
        min_value=LEAST,
        max_value=99,
        initial=LEAST,
        help_text=_("Not below 5: with fewer, everybody would know who said what."),
    )


class AnswerForm(forms.Form):
    """One evaluation: every question has to be answered; of fields and competencies those that one can judge."""

    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {
            f"q{number}": words for number, words in enumerate(evaluation.template.questions, 1)
        }
        self.skills: dict[str, tuple[str, str]] = {}  # field of the form → ("fields" or "competencies", key)
        for name, words in self.questions.items():
            self.fields[name] = forms.TypedChoiceField(
                label=words,
                choices=Agreement.choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the five.")},
            )
        if evaluation.asks_skills:
            self._add_skills(evaluation)
        text = self.fields.pop("text")
        if evaluation.direction == Direction.OF_SUPERVISOR:
            text.help_text = _("Stays with you unless you tick the box below. Cases by code only, no names.")
            self.fields["text"] = text
            self.fields["may_share"] = forms.BooleanField(
                label=_("My supervisor may read these words, mixed with those of others and without my name"),
                required=False,
            )
        else:
            text.help_text = _("Both of you read it. Cases by code only, no names.")
            self.fields["text"] = text

    def _add_skills(self, evaluation: Evaluation) -> None:
        found: list[tuple[str, str, str, str]] = []
        if evaluation.template.asks_fields:
            rows = ServiceField.objects.filter(is_active=True).order_by("position", "pk")
            found += [(f"f{row.pk}", "fields", row.code, row.name_here) for row in rows]
        competencies = evaluation.template.competencies.order_by("position", "pk")
        found += [(f"c{row.pk}", "competencies", str(row.pk), row.name) for row in competencies]
        for name, kind, key, label in found:
            self.skills[name] = (kind, key)
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=[("", _("I cannot judge it")), *Skill.choices],
                coerce=int,
                empty_value=None,
                required=False,
            )

    def first_values(self, answer: EvaluationAnswer) -> None:
        """Begin with what was answered before."""
        self.initial = {"text": answer.text, "may_share": answer.may_share}
        for name, words in self.questions.items():
            self.initial[name] = answer.scores.get(words)
        for name, (kind, key) in self.skills.items():
            self.initial[name] = getattr(answer, kind).get(key)

    def fields_of(self, kind: str) -> list[forms.BoundField]:
        """The fields of the form for "fields" or "competencies"."""
        return [self[name] for name, (of, _key) in self.skills.items() if of == kind]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The parts of the form about skills, with their headings."""
        parts = ((_("Service fields"), "fields"), (_("Competencies"), "competencies"))
        return [(label, rows) for label, kind in parts if (rows := self.fields_of(kind))]

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.questions]

    @property
    def said(self) -> Said:
        """What the action takes."""
        data = self.cleaned_data
        skills: dict[str, dict[str, int]] = {"fields": {}, "competencies": {}}
        for name, (kind, key) in self.skills.items():
            if data.get(name) is not None:
                skills[kind][key] = data[name]
        return Said(
            scores={words: data[name] for name, words in self.questions.items()},
            text=data.get("text", ""),
            may_share=bool(data.get("may_share")),
            **skills,
        )
