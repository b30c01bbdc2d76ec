"""Reading banks. `questions_at` and `content_of_revision` are the door for papers that are drawn from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from core.access.scope import Asker
from lms.questions.models import BankQuestion, KnowledgePoint, QuestionBank, QuestionRevision
from lms.questions.policy import Alike, Question, alike, question_from
from lms.questions.states import QuestionState


def banks_of(user: Asker) -> QuerySet[QuestionBank]:
    """The banks that this user reads, each with the number of its questions in use."""
    in_use = Count("questions", filter=Q(questions__state=QuestionState.IN_USE))
    rows = QuestionBank.objects.visible_to(user).select_related("organisation")
    return rows.annotate(in_use=in_use, all_questions=Count("questions")).order_by("title", "pk")


def below(points: Collection[KnowledgePoint]) -> Q:
    """The condition "at one of these points or below it"."""
    found = Q(pk__in=())
    for point in points:
        found |= Q(point=point) | Q(point__path__startswith=f"{point.path} / ")
    return found


def questions_at(
    bank: QuestionBank,
    *,
    points: Collection[KnowledgePoint] = (),
    difficulty: str = "",
    kind: str = "",
) -> QuerySet[BankQuestion]:
    """The questions in use that a paper may draw: at these points or below them (none named: anywhere)."""
    rows = BankQuestion.objects.filter(bank=bank, state=QuestionState.IN_USE)
    if points:
        rows = rows.filter(below(points))
    if difficulty:
        rows = rows.filter(difficulty=difficulty)
    return rows.filter(kind=kind) if kind else rows


def filtered(
    bank: QuestionBank, chosen: Mapping[str, str], points: Collection[KnowledgePoint]
) -> QuerySet[BankQuestion]:
    """The questions of a bank that somebody looks for: by words, point (its number), kind, difficulty and state. What is
    chosen may be anything that an address holds."""
    rows = BankQuestion.objects.filter(bank=bank)
    for name in ("kind", "difficulty", "state"):
        if value := chosen.get(name, "")[:20].replace("\0", ""):
            rows = rows.filter(**{name: value})
    if number := chosen.get("point", ""):
        rows = rows.filter(below([point for point in points if str(point.pk) == number]))
    for word in chosen.get("q", "")[:100].replace("\0", "").split()[:5]:
        rows = rows.filter(Q(text__icontains=word) | Q(key__icontains=word))
    return rows


def newest_revisions(questions: QuerySet[BankQuestion]) -> QuerySet[QuestionRevision]:
    """The revision that each of these questions has now."""
    return QuestionRevision.objects.filter(question__in=questions, number=F("question__number"))


def content_of_revision(pk: int) -> dict[str, Any]:
    """What a revision says, as papers keep it (lms.questions.policy.content_of). Raises DoesNotExist."""
    content: dict[str, Any] = QuestionRevision.objects.get(pk=pk).content
    return content


def question_of_row(row: BankQuestion) -> Question:
    """What a question of a bank says now."""
    return question_from(row.revisions.get(number=row.number).content)


def said_in(questions: QuerySet[BankQuestion]) -> Iterator[Question]:
    """What these questions say now, in the order of their making."""
    rows = newest_revisions(questions).order_by("question").values_list("content", flat=True)
    return (question_from(content) for content in rows.iterator(chunk_size=500))


def known_in(bank: QuestionBank, fingerprints: Iterable[str]) -> dict[str, int]:
    """Which of these fingerprints a question of the bank has, or had before it was corrected. One query for 500."""
    rows = QuestionRevision.objects.filter(question__bank=bank, fingerprint__in=list(fingerprints))
    return dict(rows.values_list("fingerprint", "question_id"))


def keys_in(bank: QuestionBank, keys: Iterable[str]) -> set[str]:
    """Which of these keys are taken in the bank."""
    rows = BankQuestion.objects.filter(bank=bank, key__in=[key for key in keys if key])
    return set(rows.values_list("key", flat=True))


def alike_in(bank: QuestionBank, questions: list[Question]) -> dict[int, tuple[Alike, Question]]:
    """For each of these questions, by its place: the one of the bank, or before it among these, that it is like."""
    kept = list(said_in(BankQuestion.objects.filter(bank=bank)))
    everything = [*kept, *questions]
    return {
        each.place - len(kept): (each, everything[each.earlier])
        for each in alike(everything, known=len(kept))
    }


def points_of(bank: QuestionBank) -> list[KnowledgePoint]:
    """The tree of a bank, each node before what stands below it."""
    return sorted(bank.points.all(), key=lambda point: (point.path.split(" / ")[0], point.path))
