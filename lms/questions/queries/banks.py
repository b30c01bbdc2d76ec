"""Banks, their questions, and what papers draw from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from lms.questions.formats.blueprints import read_blueprint
from lms.questions.formats.drafts import split_path
from lms.questions.models import BankQuestion, KnowledgePoint, QuestionBank, QuestionRevision
from lms.questions.policy import Candidate, Line, Question, lacks, question_from
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


def picture_addresses(row: BankQuestion, said: Question) -> list[str]:
    """Where the desk shows the pictures of a question, in their order."""
    return [reverse("questions:picture", args=[row.pk, place]) for place in range(len(said.pictures))]


def shown_pictures(row: BankQuestion, said: Question) -> dict[str, tuple[str, str]]:
    """The address of each picture of a question and what it shows, by its name."""
    rows = zip(said.pictures, picture_addresses(row, said), strict=True)
    return {each.name: (address, each.alt) for each, address in rows}


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


def points_of(bank: QuestionBank) -> list[KnowledgePoint]:
    """The tree of a bank, each node before what stands below it."""
    return sorted(bank.points.all(), key=lambda point: (point.path.split(" / ")[0], point.path))


# --- Papers that are drawn ----------------------------------------------------------------------------------


def pool_of(bank_id: int) -> list[Candidate]:
    """What a quiz may draw from a bank: questions in use, of every kind, without pictures. One query."""
    rows = QuestionRevision.objects.filter(
        question__bank=bank_id,
        question__state=QuestionState.IN_USE,
        number=F("question__number"),
    ).exclude(content__has_key="pictures")
    facts = rows.order_by().values_list(
        "pk", "question__point__path", "question__difficulty", "question__kind"
    )
    return [Candidate(pk, split_path(path or ""), level, kind) for pk, path, level, kind in facts]


def contents_of(revisions: Collection[int]) -> dict[int, dict[str, Any]]:
    """What these revisions say, as papers keep it. One query."""
    return dict(QuestionRevision.objects.filter(pk__in=revisions).values_list("pk", "content"))


def lacking(bank_id: int, blueprint: list[Line]) -> list[str]:
    """A sentence for each line of the blueprint that the bank cannot serve now."""
    found = []
    for lack in lacks(blueprint, pool_of(bank_id)):
        words = _("Line %(number)s: %(needs)s questions are needed, the bank has %(has)s.")
        if lack.shared:
            words = _(
                "Line %(number)s: %(needs)s questions are needed, %(has)s are left when the other lines have theirs."
            )
        found.append(words % {"number": lack.number, "needs": lack.needs, "has": lack.has})
    return found


def wrong_with(bank_id: int, text: str) -> list[str]:
    """What is wrong with a blueprint as it is written, for this bank."""
    lines, faults = read_blueprint(text)
    return faults or lacking(bank_id, lines)
