"""Making banks, and writing and correcting questions in them: a question is never overwritten, it gets a revision more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.states import Refused, move
from lms.questions.formats import words_of
from lms.questions.formats.drafts import join_path
from lms.questions.models import BankQuestion, KnowledgePoint, QuestionBank, QuestionRevision
from lms.questions.policy import Question, content_of, faults, fingerprint
from lms.questions.policy.subjects import SUBJECTS
from lms.questions.queries import keys_in, known_in
from lms.questions.states import MOVES, QuestionState

PIECE = 500
DEEPEST = 6


class QuestionRefused(Refused):
    """The question cannot be kept so; the message says why."""


@transaction.atomic
def open_bank(
    *,
    organisation: Organisation,
    code: str,
    title: str,
    actor: Asker,
    title_en: str = "",
    with_subjects: bool = True,
) -> QuestionBank:
    """A new bank, with the subjects and chapters of the national examination unless these are not wanted.

    Raises QuestionRefused when the organisation has a bank of that code. Side effects: rows, an audit entry.
    """
    if QuestionBank.objects.filter(organisation=organisation, code=code).exists():
        raise QuestionRefused(_("There is a bank with this code already. Choose another code."))
    bank = QuestionBank.objects.create(organisation=organisation, code=code, title=title, title_en=title_en)
    if with_subjects:
        points_for(
            bank, [(subject, chapter) for subject, chapters in SUBJECTS.items() for chapter in chapters]
        )
    record(
        action="lms.open_bank",
        target=bank,
        actor=actor,
        organisation=organisation,
        after={"code": code, "title": title},
    )
    return bank


def points_for(bank: QuestionBank, paths: Sequence[tuple[str, ...]]) -> dict[str, KnowledgePoint]:
    """The knowledge points of these paths, made where they are missing, by their path. A level at a time, whatever the
    number."""
    wanted = {
        join_path(path[:depth]): path[:depth] for path in paths for depth in range(1, len(path[:DEEPEST]) + 1)
    }
    found = {point.path: point for point in bank.points.filter(path__in=wanted)}
    last = bank.points.count()
    for depth in range(1, DEEPEST + 1):
        missing = [path for text, path in wanted.items() if len(path) == depth and text not in found]
        rows = [
            KnowledgePoint(
                bank=bank,
                parent=found.get(join_path(path[:-1])),
                title=path[-1][:120],
                path=join_path(path)[:600],
                depth=depth,
                position=last + place,
            )
            for place, path in enumerate(missing, 1)
        ]
        last += len(rows)
        found |= {point.path: point for point in KnowledgePoint.objects.bulk_create(rows)}
    return found


@transaction.atomic
def add_questions(
    *, bank: QuestionBank, questions: Sequence[Question], actor: Asker, state: str = QuestionState.DRAFT
) -> list[BankQuestion]:
    """Keep questions that `faults` finds nothing wrong with. One without a key gets the bank's next.

    Raises IntegrityError when a key or the same content is there already: whoever has not looked before, looks again.
    Side effects: questions, revisions and knowledge points in a few statements; no audit entry.
    """
    points = points_for(bank, [question.point for question in questions if question.point])
    keyed = _with_keys(bank, questions)
    rows = [_row(bank, question, points, state) for question in keyed]
    made = BankQuestion.objects.bulk_create(rows, batch_size=PIECE)
    creator = actor if actor.is_authenticated else None
    QuestionRevision.objects.bulk_create(
        [
            QuestionRevision(
                question=row,
                number=1,
                content=content_of(question),
                fingerprint=row.fingerprint,
                created_by=creator,
            )
            for row, question in zip(made, keyed, strict=True)
        ],
        batch_size=PIECE,
    )
    return made


def _with_keys(bank: QuestionBank, questions: Sequence[Question]) -> list[Question]:
    """The questions, each with a key: numbers of the bank, past those that somebody has used by hand."""
    wanted = sum(not question.key for question in questions)
    if not wanted:
        return list(questions)
    QuestionBank.objects.filter(pk=bank.pk).update(last_number=F("last_number") + wanted)
    bank.refresh_from_db(fields=["last_number"])
    numbers = [f"Q{number:05d}" for number in range(bank.last_number - wanted + 1, bank.last_number + 1)]
    taken = keys_in(bank, numbers) | {question.key for question in questions}
    free = iter([f"{key}-1" if key in taken else key for key in numbers])
    return [question if question.key else replace(question, key=next(free)) for question in questions]


def _row(
    bank: QuestionBank, question: Question, points: dict[str, KnowledgePoint], state: str
) -> BankQuestion:
    return BankQuestion(bank=bank, key=question.key, state=state, **_facts(question, points))


def _facts(question: Question, points: dict[str, KnowledgePoint]) -> dict[str, Any]:
    return {
        "point": points.get(join_path(question.point[:DEEPEST])),
        "kind": question.kind.value,
        "difficulty": question.difficulty.value,
        "prompt": " ".join(question.prompt.split())[:400],
        "text": "\n".join(text for text in question.texts() if text)[:20_000],
        "fingerprint": fingerprint(question),
    }


def refuse_faulty(question: Question) -> None:
    """Raises QuestionRefused with everything that is wrong with a question, or when its key is too long."""
    if found := faults(question):
        raise QuestionRefused(" ".join(words_of(each) for each in found))
    if len(question.key) > 60:
        raise QuestionRefused(_("The key has more than 60 characters. Shorten it."))


@transaction.atomic
def add_question(
    *, bank: QuestionBank, question: Question, actor: Asker, state: str = QuestionState.DRAFT
) -> BankQuestion:
    """Write one question. Raises QuestionRefused for a faulty one, a key that is taken, or one that is there already.

    Side effects: rows, an audit entry.
    """
    refuse_faulty(question)
    if keys_in(bank, [question.key]):
        raise QuestionRefused(
            _("The key %(key)s belongs to another question of this bank.") % {"key": question.key}
        )
    if known_in(bank, [fingerprint(question)]):
        raise QuestionRefused(_("This bank has this very question already."))
    try:
        with transaction.atomic():
            (row,) = add_questions(bank=bank, questions=[question], actor=actor, state=state)
    except IntegrityError:
        raise QuestionRefused(_("This bank has this very question already."))
    record(action="lms.add_question", target=row, actor=actor, organisation=bank.organisation)
    return row


@transaction.atomic
def correct_question(
    *, row: BankQuestion, question: Question, actor: Asker, reason: str = ""
) -> BankQuestion:
    """Give a question another revision; papers that name an older one keep it. Its key stays.

    Raises QuestionRefused for a faulty question, one that says nothing new, or what another question says already.
    Side effects: a revision, the row, an audit entry.
    """
    question = replace(question, key=row.key)
    refuse_faulty(question)
    locked = (
        BankQuestion.objects.select_for_update(of=("self",))
        .select_related("bank__organisation")
        .get(pk=row.pk)
    )
    mark = fingerprint(question)
    if mark == locked.fingerprint:
        raise QuestionRefused(_("Nothing was changed."))
    if BankQuestion.objects.filter(bank=locked.bank, fingerprint=mark).exists():
        raise QuestionRefused(_("This bank has this very question already."))
    points = points_for(locked.bank, [question.point] if question.point else [])
    for name, value in _facts(question, points).items():
        setattr(locked, name, value)
    locked.number += 1
    QuestionRevision.objects.create(
        question=locked,
        number=locked.number,
        content=content_of(question),
        fingerprint=mark,
        reason=reason[:300],
        created_by=actor if actor.is_authenticated else None,
    )
    locked.save()
    record(
        action="lms.correct_question",
        target=locked,
        actor=actor,
        organisation=locked.organisation,
        after={"revision": locked.number},
        reason=reason,
    )
    return locked


@transaction.atomic
def use_question(*, row: BankQuestion, actor: Asker) -> None:
    """Let papers draw the question. Raises IllegalMove when they may already. Side effect: an audit entry."""
    move(row, QuestionState.IN_USE, MOVES)
    record(action="lms.use_question", target=row, actor=actor, organisation=row.organisation)


@transaction.atomic
def retire_question(*, row: BankQuestion, actor: Asker) -> None:
    """No paper draws the question any more; those that have it keep it. Raises IllegalMove; an audit entry."""
    move(row, QuestionState.RETIRED, MOVES)
    record(action="lms.retire_question", target=row, actor=actor, organisation=row.organisation)
