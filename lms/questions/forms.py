"""Writing a question by hand, opening a bank, and sending a file of questions."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.imports.forms import UploadForm
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from lms.questions.formats import (
    DIFFICULTY_WORDS,
    FORMATS,
    KIND_WORDS,
    FileRefused,
    format_of,
    labels,
    words_of,
)
from lms.questions.formats.cells import escape, lines_of, unmarked
from lms.questions.formats.drafts import Draft, draft_of, join_path, question_of, split_path
from lms.questions.models import QuestionBank
from lms.questions.policy import Difficulty, FaultKind, Kind, Picture, Question, faults, plain

KINDS = [(kind.value, KIND_WORDS[kind.value]) for kind in Kind if kind != Kind.SHORT]
SHORT_KINDS = [
    (Kind.SHORT.value, _("Short answer, marked by itself")),
    (labels.SHORT_BY_HAND, _("Short answer, marked by somebody")),
]
DIFFICULTIES = [(level.value, DIFFICULTY_WORDS[level.value]) for level in Difficulty]
SMALL, LARGE = forms.Textarea(attrs={"rows": 2}), forms.Textarea(attrs={"rows": 5})
ENDINGS = (*(ending for each in FORMATS.values() for ending in each.endings), ".txt")
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


class BankForm(forms.ModelForm[QuestionBank]):
    class Meta:
        model = QuestionBank
        fields = ["organisation", "code", "title", "title_en"]

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        rows = Organisation.objects.active().filter(scope_of(user).q("", Role.ADMINISTRATOR))
        offer_organisations(field, rows)
        field.initial = rows.order_by("depth", "path").first()


class QuestionForm(forms.Form):
    """One question as texts, in the spelling of our table. `question` is what they make when the form is valid."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("question", "Kind"), choices=[*KINDS[:7], *SHORT_KINDS, *KINDS[7:]]
    )
    prompt = forms.CharField(
        label=_("Question text"),
        max_length=20_000,
        widget=LARGE,
        help_text=_("Of a case: the material. Where something is to be filled in, write ____."),
    )
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=40_000,
        widget=LARGE,
        help_text=_("One to a line, without letters. Of an ordering question: the items in any order."),
    )
    answer = forms.CharField(
        label=pgettext_lazy("question", "Right answer"),
        required=False,
        max_length=20_000,
        widget=LARGE,
        help_text=_(
            "Choices: their letters, such as ABD. True or false: 对 or 错. Blanks: one line for each, | between what is accepted. "
            "Matching: left -> right, a pair to a line. Ordering: the letters in their right order. Number: such as 3.14±0.01."
        ),
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

    def __init__(self, *args: Any, was: Question | None = None, paths: Any = (), **kwargs: Any) -> None:
        if was is not None:
            kwargs.setdefault("initial", initial_of(was))
        super().__init__(*args, **kwargs)
        self.pictures: tuple[Picture, ...] = was.pictures if was is not None else ()
        self.question: Question | None = None
        self.paths = paths
        self.fields["point"].widget.attrs |= {"list": "points", "autocomplete": "off"}
        if was is None:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Make the question; everything wrong with it is said at its field."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        question, found = question_of(self._draft(data))
        known = {each.kind for each in found}
        if question is not None:
            found += [each for each in faults(question) if each.kind not in known]
        for each in found:
            self.add_error(AT.get(each.kind, "answer"), ValidationError(words_of(each)))
        self.question = question
        return data

    def _draft(self, data: dict[str, Any]) -> Draft:
        draft = Draft(kind=labels.kind_word(data["kind"]), points=data["points"], pictures=self.pictures)
        for name in PLAIN:
            setattr(draft, name, data[name].replace("\r\n", "\n").strip())
        draft.choices = [unmarked(line) for line in lines_of(data["choices"])]
        draft.point = split_path(data["point"])
        draft.difficulty = labels.difficulty_word(Difficulty(data["difficulty"]))
        draft.exact_case = "是" if data["exact_case"] else ""
        if data["kind"] == Kind.CASE:
            draft.parts = [_part(line) for line in lines_of(data["parts"])]
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


class FileForm(UploadForm):
    """A file of questions; its format by its ending, unless one is chosen."""

    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[
            ("", _("By the ending of the file")),
            *((each.name, each.label) for each in FORMATS.values()),
        ],
    )
    field_order = ["file", "format", "all_or_none"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.label, field.help_text = (
            _("File"),
            _(
                "At most 20 MB and 20,000 questions. Nothing is taken over before you have seen what is in it."
            ),
        )
        field.widget.attrs["accept"] = ",".join(ENDINGS)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in ENDINGS:
            raise ValidationError(
                _("Files with this ending are not known. Known are: %(endings)s.")
                % {"endings": " ".join(ENDINGS)}
            )
        if not file.size:
            raise ValidationError(_("This file is empty. Choose it again."))
        if file.size > 20 * 1024 * 1024:
            raise ValidationError(_("This file is larger than 20 MB. Divide it."))
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        file = data.get("file")
        if file is None:
            return data
        try:
            name = PurePath(file.name or "").name
            data["chosen"] = (
                FORMATS[data["format"]] if data.get("format") else format_of(name, file.read(200_000))
            )
        except FileRefused as refused:
            self.add_error("file", str(refused))
        finally:
            file.seek(0)
        return data
