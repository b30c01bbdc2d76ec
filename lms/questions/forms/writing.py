"""A question written by hand: texts in the spelling of our table, asked as its kind needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.questions.formats import DIFFICULTY_WORDS, labels, words_of
from lms.questions.formats.cells import escape, lines_of, unmarked
from lms.questions.formats.drafts import Draft, draft_of, join_path, question_of, split_path
from lms.questions.forms.pictures import Pictures
from lms.questions.forms.shapes import ALIKE, LETTERED, OF_ALL, SELDOM, SHAPES
from lms.questions.policy import Difficulty, FaultKind, Kind, Picture, Question, faults, plain

DIFFICULTIES = [(level.value, DIFFICULTY_WORDS[level.value]) for level in Difficulty]
SMALL, LARGE = forms.Textarea(attrs={"rows": 2}), forms.Textarea(attrs={"rows": 5})
# At which field a fault is shown; any other at the answer.
AT = {
    **dict.fromkeys((FaultKind.NO_PROMPT, FaultKind.NO_BLANK, FaultKind.NO_PICTURE), "prompt"),
    **dict.fromkeys((FaultKind.POINTS, FaultKind.PARTS_SUM), "points"),
    **dict.fromkeys(
        (FaultKind.TOO_FEW, FaultKind.SAME_CHOICES, FaultKind.EMPTY_CHOICE, FaultKind.TOO_FEW_ITEMS),
        "choices",
    ),
    **dict.fromkeys((FaultKind.NO_PARTS, FaultKind.PART_EMPTY, FaultKind.PART_KIND), "parts"),
    FaultKind.SHARE: "shares",
}
PLAIN = ("prompt", "answer", "model", "explanation", "feedback", "shares", "unit", "title", "tags", "source")


class QuestionForm(forms.Form):
    """One question as texts, in the spelling of our table. `question` is what they make when the form is valid."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("question", "Kind"),
        choices=[(kind, shape.name) for kind, shape in SHAPES.items()],
    )
    prompt = forms.CharField(
        label=_("Question text"),
        max_length=20_000,
        widget=LARGE,
    )
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=40_000,
        widget=LARGE,
        help_text=_("One to a line, without letters."),
    )
    answer = forms.CharField(
        label=pgettext_lazy("question", "Right answer"), required=False, max_length=20_000, widget=LARGE
    )
    parts = forms.CharField(
        label=_("Questions of the case"),
        required=False,
        max_length=60_000,
        widget=LARGE,
        help_text=_("One to a line: points | question | model answer."),
    )
    model = forms.CharField(
        label=_("Model answer"),
        required=False,
        max_length=20_000,
        widget=SMALL,
        help_text=_("For whoever marks it."),
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=20_000,
        widget=SMALL,
        help_text=_("Shown after the answer, never before."),
    )
    point = forms.CharField(
        label=_("Knowledge point"),
        required=False,
        max_length=500,
        help_text=_("Subject / chapter / point. A new one is made when the question is kept."),
    )
    difficulty = forms.ChoiceField(
        label=_("Difficulty"), choices=DIFFICULTIES, initial=Difficulty.MEDIUM.value
    )
    points = forms.CharField(label=pgettext_lazy("question", "Points"), max_length=10, initial="1")
    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=40,
        help_text=_("Of a number; it may be left out in the answer."),
    )
    exact_case = forms.BooleanField(label=_("Capital letters count"), required=False)
    shares = forms.CharField(
        label=_("Shares of choices"),
        required=False,
        max_length=1_000,
        widget=SMALL,
        help_text=_("In per cent, such as A=50, one to a line. Left empty, the rule of the paper counts."),
    )
    feedback = forms.CharField(
        label=_("Remarks to choices"),
        required=False,
        max_length=20_000,
        widget=SMALL,
        help_text=_("Such as A=Too early, one to a line."),
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    tags = forms.CharField(label=_("Tags"), required=False, max_length=500, help_text=_("Set apart by ;"))
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    reason = forms.CharField(label=_("What was corrected and why"), required=False, max_length=300)

    def __init__(
        self,
        *args: Any,
        was: Question | None = None,
        kind: str = "",
        paths: Any = (),
        addresses: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """With `was` the question that is corrected; with `kind` a new one of that kind; else of any kind. `addresses`: where
        its pictures are shown."""
        if was is not None:
            kwargs.setdefault("initial", initial_of(was))
            kind = kwargs["initial"]["kind"]
        super().__init__(*args, **kwargs)
        self.pictures = Pictures(
            was.pictures if was is not None else (),
            has_choices="choices" in (SHAPES[kind].fields if kind else ()),
            data=self.data if self.is_bound else None,
            files=self.files if self.is_bound else None,
            addresses=addresses,
        )
        self.question: Question | None = None
        self.kept = initial_of(was) if was is not None else {}  # what is not asked stays
        self.paths = paths
        self.fields["point"].widget.attrs |= {"list": "points", "autocomplete": "off"}
        if was is None:
            del self.fields["reason"]
        if kind:
            self._shape(kind, may_change=was is not None and kind in ALIKE)

    def _shape(self, kind: str, may_change: bool) -> None:
        """Ask only what a question of this kind has."""
        shape = SHAPES[kind]
        asked = {*OF_ALL, *shape.fields}
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one, SHAPES[one].name) for one in (ALIKE if may_change else (kind,))]
        if not may_change:
            field.widget, field.initial = forms.HiddenInput(), kind
        self.fields["prompt"].help_text = str(shape.prompt)
        if kind == Kind.TRUE_FALSE:
            both = [("对", pgettext_lazy("answer", "True")), ("错", pgettext_lazy("answer", "False"))]
            label = self.fields["answer"].label
            self.fields["answer"] = forms.ChoiceField(label=label, choices=both, widget=forms.RadioSelect)
        elif "answer" in self.fields:
            self.fields["answer"].help_text = str(shape.answer)
            self.fields["answer"].widget.attrs["rows"] = 2 if kind in LETTERED else 5
        if kind == Kind.ORDERING:
            self.fields["choices"].label = _("Items")
            self.fields["choices"].help_text = _("One to a line, without letters, in any order.")

    @property
    def main(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in SELDOM]

    @property
    def more(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in SELDOM]

    @property
    def is_more_open(self) -> bool:
        return any(field.errors or field.value() for field in self.more)

    def clean(self) -> dict[str, Any]:
        """Make the question; everything wrong with it is said at its field."""
        data: dict[str, Any] = super().clean() or {}
        if not self.pictures.is_valid():
            self.add_error(None, _("Something is wrong with a picture."))
        if self.errors:
            return data
        try:
            data = self.kept | data
            draft = self._draft(data, self.pictures.settle(data))
        except ValidationError as refused:
            self.add_error(None, refused)
            return data
        question, found = question_of(draft)
        known = {each.kind for each in found}
        if question is not None:
            found += [each for each in faults(question) if each.kind not in known]
        for each in found:
            place = next((name for name in (AT.get(each.kind), "answer") if name in self.fields), None)
            self.add_error(place, ValidationError(words_of(each)))
        self.question = question
        return data

    def _draft(self, data: dict[str, Any], pictures: tuple[Picture, ...]) -> Draft:
        draft = Draft(kind=labels.kind_word(data["kind"]), points=data["points"], pictures=pictures)
        for name in PLAIN:
            setattr(draft, name, data.get(name, "").replace("\r\n", "\n").strip())
        draft.choices = [unmarked(line) for line in lines_of(data.get("choices", ""))]
        draft.point = split_path(data["point"])
        draft.difficulty = labels.difficulty_word(Difficulty(data["difficulty"]))
        draft.exact_case = "是" if data.get("exact_case") else ""
        if data["kind"] == Kind.CASE:
            draft.parts = [_part(line) for line in lines_of(data.get("parts", ""))]
            draft.points = data["points"] if data["points"].strip() not in ("", "1") else ""
        return draft


def _part(line: str) -> Draft:
    """A question of a case from its line; one without points says so by being worth nothing."""
    pieces = [unmarked(piece).strip() for piece in line.replace("｜", "|").split("|")]
    points, prompt, *answer = pieces if len(pieces) > 1 else ["0", pieces[0]]
    return Draft(labels.PARTS[Kind.ESSAY], prompt, points=points, model="\n".join(answer))


def initial_of(question: Question) -> dict[str, Any]:
    """What the form shows of a question that is there."""
    draft = draft_of(question)
    data = {name: getattr(draft, name) for name in PLAIN}
    by_hand = question.kind == Kind.SHORT and question.by_hand
    rows = ((plain(p.points), escape(p.prompt, "|"), escape(p.answer, "|")) for p in question.parts)
    return data | {
        "kind": labels.SHORT_BY_HAND if by_hand else question.kind.value,
        "choices": "\n".join(escape(text) for text in draft.choices),
        "parts": "\n".join(" | ".join(row) for row in rows),
        "point": join_path(question.point),
        "difficulty": question.difficulty.value,
        "points": plain(question.points),
        "exact_case": question.exact_case,
    }
