"""The forms of an assignment: the trainee's work, and the teacher's mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.attachments.forms import AttachmentsField
from lms.assignments.models import MAX_TEXT
from lms.assignments.policy import Criterion, Level, Pick
from lms.assignments.states import SubmissionState
from lms.courses.versions import AssignmentVersion


class WorkForm(forms.Form):
    """The work as far as it is written. Nothing is asked for yet: that is done when it is handed in."""

    text = forms.CharField(
        label=_("Your text"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Write about people without their names, numbers and addresses. Up to 20,000 characters."
        ),
    )
    work_files = AttachmentsField(
        label=_("Your files"),
        help_text=_(
            "PDF, JPG, PNG, DOCX or XLSX, each at most 10 MB, up to five. What you add stays with the draft."
        ),
    )

    def __init__(self, *args: Any, assignment: AssignmentVersion, draft_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._right: list[Any] = []
        if (
            draft_url
        ):  # the text alone is kept while it is written: a file would be sent again with every pause
            self.fields["text"].widget.attrs |= {
                "hx-post": draft_url,
                "hx-params": "text",
                "hx-trigger": "input changed delay:2s",
                "hx-target": "#saved",
                "hx-sync": "this:replace",
            }
        if not assignment.takes_text:
            del self.fields["text"]
        if not assignment.takes_file:
            del self.fields["work_files"]

    @property
    def right_files(self) -> list[Any]:
        """The files that can be kept, even where something else in the form is at fault."""
        return self._right if self.is_bound and self.errors is not None else []

    def clean(self) -> None:
        handed = self.cleaned_data.get("work_files")
        self._right = handed.right if handed else []
        for fault in handed.wrong if handed else ():
            self.add_error("work_files", fault)


class RubricForm(forms.Form):
    """A score, or in its place a level for each criterion of the rubric; these stand before everything else."""

    score = forms.IntegerField(label=_("Score"), required=False, min_value=0, max_value=1000)

    def __init__(self, *args: Any, rubric: Sequence[Criterion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        if rubric:
            del self.fields["score"]
        add_rubric(self, rubric)
        self.order_fields([*(name for name in self.fields if name.startswith("rubric-")), *self.fields])


class MarkForm(RubricForm):
    """The mark: a score, or a level for each criterion of the rubric; what to say about it; and whether it passes."""

    comment = forms.CharField(
        label=pgettext_lazy("assignment", "Comment"),
        required=False,
        max_length=3000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The trainee reads this. Say what is good, and what is to be better."),
    )

    def facts(self) -> dict[str, Any]:
        """What the verbs of marking take."""
        rest = {name: value for name, value in self.cleaned_data.items() if not name.startswith("rubric-")}
        return {"score": None, **rest, "picks": picks_of(self.rubric, self.cleaned_data)}


def add_rubric(form: forms.Form, rubric: Sequence[Criterion]) -> None:
    """A field for the level of each criterion, and one for a comment on it."""
    for number, row in enumerate(rubric):
        form.fields[f"rubric-{number}"] = forms.ChoiceField(
            label=row.title,
            help_text=row.words,
            required=False,
            choices=[(level.key, _level_words(level)) for level in row.levels],
            widget=forms.RadioSelect,
        )
        form.fields[f"rubric-{number}-comment"] = forms.CharField(
            label=_("On “%(title)s”") % {"title": row.title}, required=False, max_length=500, strip=True
        )


def _level_words(level: Level) -> str:
    shown = _("%(title)s (%(points)s points)") % {"title": level.title, "points": level.points}
    return _("%(a)s: %(b)s") % {"a": shown, "b": level.words} if level.words else shown


def picks_of(rubric: Sequence[Criterion], cleaned: Mapping[str, Any]) -> dict[str, Pick]:
    """The levels and comments that a form with these fields came with, by the key of the criterion."""
    return {
        row.key: Pick(cleaned.get(f"rubric-{number}") or "", cleaned.get(f"rubric-{number}-comment") or "")
        for number, row in enumerate(rubric)
    }


def initial_of(rubric: Sequence[Criterion], picks: Mapping[str, Pick]) -> dict[str, str]:
    """The values of those fields for what was picked before."""
    found: dict[str, str] = {}
    for number, row in enumerate(rubric):
        if pick := picks.get(row.key):
            found |= {f"rubric-{number}": pick.level, f"rubric-{number}-comment": pick.comment}
    return found


class PeerForm(RubricForm):
    """What one says of another's work: a level for each criterion, or a score; and a comment."""

    comment = forms.CharField(
        label=_("Your words to the author"),
        required=False,
        max_length=3000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what is good, and what could be better. Do not write who you are."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:  # a draft lacks what is needed before it is sent
            self.fields[name].needed_later = not name.startswith("rubric-") or not name.endswith("-comment")  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the verbs of a review take."""
        values = self.cleaned_data
        picks = picks_of(self.rubric, values)
        return {"score": values.get("score"), "comment": values["comment"], "picks": picks}


class ReasonForm(forms.Form):
    """Why there is another attempt, for the trainee to read."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )


class CorrectionForm(MarkForm, ReasonForm):
    """Another mark in place of the one that was seen, and why."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    field_order = ["score", "comment", "reason"]

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            raise forms.ValidationError(_("Please load the page again, and send it once more."))


class DeskFilter(forms.Form):
    """The search and the state filter above what was handed in."""

    q = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(required=False, choices=[("", ""), *SubmissionState.choices])
