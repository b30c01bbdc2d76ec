"""What is wrong with a question or a file, and what a format leaves out, in sentences that say what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.sheets.words import list_words
from lms.questions.formats.results import Loss
from lms.questions.policy import Difficulty, Fault, FaultKind, Kind, Likeness

KIND_WORDS: dict[str, Any] = {
    Kind.SINGLE.value: pgettext_lazy("question", "Single choice"),
    Kind.MULTIPLE.value: pgettext_lazy("question", "Multiple choice"),
    Kind.TRUE_FALSE.value: pgettext_lazy("question", "True or false"),
    Kind.FILL_IN.value: pgettext_lazy("question", "Fill in the blanks"),
    Kind.MATCHING.value: pgettext_lazy("question", "Matching"),
    Kind.ORDERING.value: pgettext_lazy("question", "Ordering"),
    Kind.NUMERIC.value: pgettext_lazy("question", "Number"),
    Kind.SHORT.value: pgettext_lazy("question", "Short answer"),
    Kind.ESSAY.value: pgettext_lazy("question", "Essay"),
    Kind.CASE.value: pgettext_lazy("question", "Case analysis"),
}
DIFFICULTY_WORDS: dict[str, Any] = {
    Difficulty.EASY.value: pgettext_lazy("difficulty", "Easy"),
    Difficulty.MEDIUM.value: pgettext_lazy("difficulty", "Medium"),
    Difficulty.HARD.value: pgettext_lazy("difficulty", "Hard"),
}
FAULT_WORDS: dict[FaultKind, Any] = {
    FaultKind.NO_PROMPT: _("There is no question text. Write what is asked."),
    FaultKind.TOO_LONG: _("A text has more than %(most)s characters. Shorten it."),
    FaultKind.SIGNS: _("A text holds characters that cannot be shown. Delete them and type the text anew."),
    FaultKind.POINTS: _("The points must be a number above 0, at most %(most)s."),
    FaultKind.TOO_FEW: _("There are fewer than two choices. Add one."),
    FaultKind.TOO_MANY: _("There are more than %(most)s. Divide them."),
    FaultKind.NO_RIGHT: _("No choice is marked as right. Mark one."),
    FaultKind.TWO_RIGHT: _(
        "Several choices (%(keys)s) are right, but only one can be chosen. Keep one, or make it a multiple choice."
    ),
    FaultKind.UNKNOWN_RIGHT: _("The answer names %(keys)s, and there is no such choice. Correct the answer."),
    FaultKind.EMPTY_CHOICE: _("A choice or an answer is empty. Write it or delete it."),
    FaultKind.SAME_CHOICES: _("Two choices say the same: “%(text)s”. Make them differ."),
    FaultKind.SAME_KEYS: _("The letters of the choices do not follow one another from A. Number them anew."),
    FaultKind.NOT_TWO: _("A true-or-false question has exactly two choices, one for true and one for false."),
    FaultKind.SHARE: _(
        "A share of the points must be a number between 0 and 100, or down to -100 for wrong choices."
    ),
    FaultKind.NO_FULL: _("No answer is worth all points. Give one of them 100 %%."),
    FaultKind.NO_BLANK: _("There is no blank. Write ____ where something is to be filled in."),
    FaultKind.BLANKS_DIFFER: _(
        "The text has %(places)s blanks, but there are answers for %(answers)s. Write one line for each blank."
    ),
    FaultKind.BLANK_EMPTY: _("Blank %(number)s has no answer. Write what may stand in it."),
    FaultKind.TOO_FEW_PAIRS: _("There are fewer than two pairs. Add one."),
    FaultKind.PAIR_EMPTY: _("One side of a pair is empty. Write it or delete the pair."),
    FaultKind.PAIRS_NOT_ONE: _(
        "The pairs are not one to one: a side stands there twice. Make all sides differ."
    ),
    FaultKind.TOO_FEW_ITEMS: _("There are fewer than two items to put in order. Add one."),
    FaultKind.NO_NUMBER: _("There is no number as the answer. Write one, such as 12 or 3.14±0.01."),
    FaultKind.TOLERANCE: _("What a number may differ by cannot be below 0."),
    FaultKind.NUMBER_LARGE: _("A number is larger than can be computed with. Choose another unit."),
    FaultKind.NO_PARTS: _("The case asks no question. Add at least one below it."),
    FaultKind.PART_KIND: _("Question %(number)s of the case can only be a short answer or an essay."),
    FaultKind.PART_EMPTY: _("Question %(number)s of the case has no text. Write what is asked."),
    FaultKind.PARTS_SUM: _(
        "The questions of the case have %(total)s points together, the case has %(points)s. Make them agree."
    ),
    FaultKind.NO_PICTURE: _(
        "The picture “%(name)s” is not in the file. Send it along, or take it out of the text."
    ),
    FaultKind.UNKNOWN_KIND: _("The kind “%(kind)s” is not known here. Use one of the kinds of the template."),
    FaultKind.UNREADABLE: _("From here on the file cannot be read. Export or save it again."),
    FaultKind.NOT_CLOSED: _(
        "The braces do not pair. Write { and } around the answer, and \\{ or \\} for a brace in a text."
    ),
    FaultKind.NOTHING_ASKED: _(
        "Between the braces stands no answer. Begin a right answer with =, a wrong one with ~."
    ),
    FaultKind.DESCRIPTION: _("This is a text without a question. It is passed over."),
    FaultKind.NO_ANSWER_LINE: _("There is no line ANSWER: with the letter of the right choice."),
    FaultKind.ANSWER_UNKNOWN: _("The answer “%(text)s” is not understood. Write it as the template says."),
    FaultKind.NOT_A_NUMBER: _("“%(text)s” is not a number."),
    FaultKind.DIFFICULTY: _("The difficulty “%(text)s” is not known. Write easy, medium or hard."),
    FaultKind.STRAY: _("A line belongs to no question. Check the lines before it."),
    FaultKind.PICTURE_KIND: _(
        "The picture “%(name)s” is no PNG, JPEG, GIF or WebP. Save it as one of these."
    ),
    FaultKind.BECAME_CHOICE: _(
        "In the file this was a choice within a text; here it is a question with choices of its own."
    ),
    FaultKind.BECAME_BLANKS: _(
        "Blank %(number)s was a choice in the file; here it is filled in, and the right choices are accepted. Left out as wrong: %(text)s."
    ),
    FaultKind.WRONG_LEFT: _("Wrong answers of the file are left out: %(text)s."),
    FaultKind.HINTS_LEFT: _("Hints are left out: a question here has none."),
    FaultKind.PICTURE_LARGE: _("The picture “%(name)s” is larger than 1 MB. Make it smaller."),
}
FIELD_WORDS: dict[str, Any] = {
    "kind": _("the kind of question"),
    "prompt": _("the question text"),
    "key": _("the key"),
    "title": _("the title"),
    "point": _("the knowledge point"),
    "difficulty": _("the difficulty"),
    "points": _("the points"),
    "explanation": _("the explanation"),
    "tags": _("tags"),
    "source": _("the source"),
    "pictures": _("pictures"),
    "choices": _("words of choices"),
    "shares": _("shares of choices"),
    "feedback": _("remarks to choices"),
    "blanks": _("several blanks"),
    "unit": _("the unit"),
    "model": _("the model answer"),
    "arrow": _("the sign -> within an answer"),
    "lines": _("the ends of lines"),
    "length": _("a text longer than a cell"),
    "signs": _("characters that cannot be written"),
}
LIKENESS_WORDS: dict[Likeness, Any] = {
    Likeness.SAME: _("Says the same as “%(other)s”."),
    Likeness.OTHER_ANSWER: _("Asks the same as “%(other)s”, with another answer."),
    Likeness.NEAR: _("Is nearly the same as “%(other)s” (%(share)s %%)."),
}


def words_of(found: Fault) -> str:
    """What is wrong, in the language of the reader."""
    return str(FAULT_WORDS[found.kind]) % found.names


def likeness_words(likeness: Likeness, other: str, share: float) -> str:
    return str(LIKENESS_WORDS[likeness]) % {"other": other, "share": int(share * 100)}


def loss_words(lost: Loss) -> str:
    """What a format leaves out of a question."""
    fields = list_words(str(FIELD_WORDS[name]) for name in lost.fields)
    if lost.is_whole:
        return str(_("Cannot be written in this format: %(fields)s.")) % {"fields": fields}
    return str(_("Left out: %(fields)s.")) % {"fields": fields}
