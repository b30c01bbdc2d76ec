"""Which questions of a bank, or of a file for it, are alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from lms.questions.models import AlikePair, BankQuestion, QuestionBank
from lms.questions.policy import (
    Alike,
    Question,
    Reduced,
    alike_reduced,
    question_from,
    reduced,
)
from lms.questions.queries.banks import newest_revisions, said_in, shown_pictures
from lms.questions.states import QuestionState

SHOWN = 40  # characters of a question that another is said to be like


def alike_in(bank: QuestionBank, questions: list[Question]) -> dict[int, tuple[Alike, str]]:
    """For each of these questions, by its place: how it is like another of the bank, or one before it among these, and the
    beginning of that one. Of the bank only words are held, a piece of it at a time."""
    said: list[Reduced] = []
    prompts: list[str] = []
    known = 0
    for question in chain(said_in(BankQuestion.objects.filter(bank=bank)), [None], questions):
        if question is None:
            known = len(said)
            continue
        said.append(reduced(question))
        prompts.append(question.prompt[:SHOWN])
    return {each.place - known: (each, prompts[each.earlier]) for each in alike_reduced(said, known=known)}


def pairs_in(bank: QuestionBank) -> list[tuple[int, int, Alike]]:
    """Which questions of a bank that are not retired are alike: the earlier, the later, and how. In the time of one reading:
    each is compared with the few that share its rarest pieces."""
    rows = newest_revisions(BankQuestion.objects.filter(bank=bank).exclude(state=QuestionState.RETIRED))
    said: list[Reduced] = []
    ids: list[int] = []
    for pk, content in rows.order_by("question").values_list("question", "content").iterator(chunk_size=100):
        ids.append(pk)
        said.append(reduced(question_from(content)))
    return [(ids[each.earlier], ids[each.place], each) for each in alike_reduced(said)]


def open_pairs(bank: QuestionBank) -> QuerySet[AlikePair]:
    """The pairs that somebody should look at: neither question retired, and nobody has said that both stay."""
    rows = AlikePair.objects.filter(bank=bank, kept_at=None)
    retired = QuestionState.RETIRED
    return rows.exclude(first__state=retired).exclude(second__state=retired)


def side_by_side(pairs: Sequence[AlikePair]) -> list[dict[str, Any]]:
    """Pairs with what both questions say now. One query."""
    ids = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    rows = newest_revisions(BankQuestion.objects.filter(pk__in=ids)).values_list("question", "content")
    said = {pk: question_from(content) for pk, content in rows}
    return [
        {
            "pair": pair,
            "sides": [
                {"row": row, "question": said[row.pk], "pictures": shown_pictures(row, said[row.pk])}
                for row in (pair.first, pair.second)
            ],
        }
        for pair in pairs
    ]
