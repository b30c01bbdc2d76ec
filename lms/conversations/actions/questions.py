"""Asking the teachers, answering, asking on, and being done with it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import both, notify, notify_many, settle
from core.people.models import User
from core.states import move
from lms.cohorts.models import Cohort
from lms.conversations.actions.fitness import (
    NotPossible,
    note,
    refuse_flood,
    refuse_numbers,
    refuse_others,
    refuse_silent,
    refuse_strangers,
    sent_before,
)
from lms.conversations.models import Question, Reply
from lms.conversations.policy import listed_word
from lms.conversations.queries import mute_of, teachers_of, teaches, words_for
from lms.conversations.states import QUESTION_MOVES, QuestionState
from lms.enrolments.models import Enrolment


@transaction.atomic
def ask_question(
    *,
    enrolment: Enrolment,
    actor: Asker,
    key: UUID,
    title: str,
    body: str,
    is_public: bool = False,
    lesson: tuple[str, str] | None = None,
) -> Question:
    """Ask the teachers of the cohort, before everybody or in private; `lesson` is a key and a title.

    The same `key` is the same question, however often it is sent. Whoever may not write in the discussion still asks
    in private, and so does a question in which a listed word stands. Raises NotPossible for a number of a person in
    the text and for too many questions at once. Side effects, in order: the question; notices to the teachers.
    """
    cohort = enrolment.cohort
    refuse_strangers(cohort, actor)
    refuse_numbers(title, body)
    sent = Question.objects.filter(key=key, author=actor.pk).first()
    if sent is not None:
        return sent
    refuse_flood(actor)
    if is_public and (mute_of(actor, cohort) or listed_word(f"{title}\n{body}", words_for(cohort))):
        is_public = False
    lesson_key, lesson_title = lesson or (None, "")
    try:
        with transaction.atomic():
            question = Question.objects.create(
                key=key,
                cohort=cohort,
                author=cast(User, actor),
                title=title.strip(),
                body=body.strip(),
                is_public=is_public,
                lesson_key=lesson_key,
                lesson_title=lesson_title[:255],
                asked_at=timezone.now(),
                waiting_since=timezone.now(),
            )
    except IntegrityError:  # the first of two clicks was faster
        return sent_before(Question.objects.all(), key, actor)
    _tell_teachers(question, actor, 0)
    return question


@transaction.atomic
def add_reply(*, question: Question, actor: Asker, key: UUID, body: str) -> Reply:
    """Answer as a teacher, or ask on as the asker; the same `key` is the same reply.

    A teacher's answer ends the waiting, whatever the asker adds begins it again. Raises NotPossible for everybody
    else, for a number of a person in the text and for too much at once; in a public question also for an asker who may
    not write in the discussion, and for a listed word. Side effects, in order: the reply; the
    state, with an audit entry where it moves; notices to the other side.
    """
    row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    row.cohort, row.author = question.cohort, question.author
    is_answer = row.author_id != actor.pk
    if is_answer and not teaches(actor, row.cohort):
        raise NotPossible(_("Only the teachers of this cohort answer questions."))
    refuse_strangers(row.cohort, actor)
    refuse_numbers(body)
    sent = Reply.objects.filter(key=key, author=actor.pk).first()
    if sent is not None:
        return sent
    if row.is_public and not is_answer:
        _refuse_unseen(row.cohort, actor, body)
    refuse_flood(actor)
    try:
        with transaction.atomic():
            fields = {"author": cast(User, actor), "is_answer": is_answer, "written_at": timezone.now()}
            reply = Reply.objects.create(key=key, question=row, body=body.strip(), **fields)
    except IntegrityError:
        return sent_before(Reply.objects.all(), key, actor)
    if is_answer:
        _answered(row, reply, actor)
    else:
        if row.state != QuestionState.WAITING:
            old = move(row, QuestionState.WAITING, QUESTION_MOVES, waiting_since=timezone.now())
            _record_move("lms.add_reply", row, actor, old)
        _tell_teachers(row, actor, reply.pk)
    question.state, question.waiting_since = row.state, row.waiting_since
    return reply


def _refuse_unseen(cohort: Cohort, actor: Asker, body: str) -> None:
    """What the asker adds to a public question the cohort reads at once, so it stands under the rules of the discussion."""
    refuse_silent(cohort, actor)
    if listed_word(body, words_for(cohort)):
        raise NotPossible(
            _("Here the whole cohort reads it. Ask this as a new question to the teachers only.")
        )


def _answered(question: Question, reply: Reply, actor: Asker) -> None:
    if question.state == QuestionState.WAITING:
        old = move(question, QuestionState.ANSWERED, QUESTION_MOVES, waiting_since=None)
        _record_move("lms.add_reply", question, actor, old)
    _settle(question)
    enrolment = question.cohort.enrolments.learning().filter(person__user=question.author_id).first()
    if enrolment is None:  # the asker has left the cohort meanwhile
        return
    notify(
        user=question.author,
        kind="lms.question_answered",
        title=gettext_noop("Your question was answered: %(question)s"),
        body=gettext_noop("Read the answer. If something is still unclear, ask on in the same place."),
        url=reverse("lms:talk-question", args=[enrolment.pk, question.pk]),
        source=f"lms.question:{question.pk}:answer:{reply.pk}",
        question=question.title,
    )


@transaction.atomic
def solve_question(*, question: Question, actor: Asker) -> None:
    """Mark one's own question as solved: it waits for nobody any more.

    Raises NotPossible for whoever did not ask it, and IllegalMove when it is solved already. Side effects: the
    state; an audit entry; the notices to the teachers are settled.
    """
    if question.author_id != actor.pk:
        raise NotPossible(_("Only the asker knows whether the question is solved."))
    old = move(question, QuestionState.SOLVED, QUESTION_MOVES, waiting_since=None)
    _record_move("lms.solve_question", question, actor, old)
    _settle(question)


@transaction.atomic
def mark_frequent(*, question: Question, actor: Asker, is_frequent: bool) -> bool:
    """Show a question before all others, or no longer; False when it was so already.

    Raises NotPossible for a private question: it was not asked before everybody. Side effect: an audit entry.
    """
    refuse_others(question.cohort, actor)
    rows = Question.objects.filter(pk=question.pk)
    if is_frequent and not rows.filter(is_public=True).exists():
        raise NotPossible(_("Only a question that the whole cohort may read can be a frequent one."))
    if not rows.filter(is_frequent=not is_frequent).update(is_frequent=is_frequent):
        return False
    note("lms.mark_frequent", question, question.cohort, actor, after={"is_frequent": is_frequent})
    return True


@transaction.atomic
def make_private(*, question: Question, actor: Asker) -> bool:
    """Take a question away from the cohort; the asker and the teachers go on with it. False when it was private.

    Side effects: an audit entry; a notice to the asker.
    """
    refuse_others(question.cohort, actor)
    if not Question.objects.filter(pk=question.pk, is_public=True).update(is_public=False, is_frequent=False):
        return False
    note("lms.make_private", question, question.cohort, actor, after={"is_public": False})
    enrolment = question.cohort.enrolments.learning().filter(person__user=question.author_id).first()
    if enrolment is not None:
        notify(
            user=question.author,
            kind="lms.question_private",
            title=gettext_noop("Only the teachers read your question now: %(question)s"),
            body=gettext_noop("A teacher took it away from the cohort. You can go on with it in private."),
            url=reverse("lms:talk-question", args=[enrolment.pk, question.pk]),
            source=f"lms.question:{question.pk}:private",
            question=question.title,
        )
    return True


def _tell_teachers(question: Question, actor: Asker, number: int) -> None:
    notify_many(
        users=[user for user in teachers_of(question.cohort) if user.pk != actor.pk],
        kind="lms.question_asked",
        title=gettext_noop("A question waits for an answer: %(question)s"),
        body=gettext_noop("From the cohort %(cohort)s."),
        url=reverse("talk:question", args=[question.pk]),
        source=f"lms.question:{question.pk}:asked:{number}",
        question=question.title,
        cohort=both(question.cohort.title, question.cohort.title_en),
    )


def _settle(question: Question) -> None:
    settle(source=f"lms.question:{question.pk}:asked:", users=teachers_of(question.cohort))


def _record_move(action: str, question: Question, actor: Asker, old: str) -> None:
    """What moved, without a word of what was asked: it may have been asked in private."""
    label = f"{question.cohort} · {question.pk}"
    note(
        action,
        question,
        question.cohort,
        actor,
        label=label,
        before={"state": old},
        after={"state": question.state},
    )
