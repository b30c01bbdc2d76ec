"""Both of a pair are asked once at mid-term and once at the end, and an answer stays theirs."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import Refused
from supervision.evaluations import actions
from supervision.evaluations.actions import Said
from supervision.evaluations.queries import evaluation_data_of, own_growth
from supervision.models import (
    Evaluation,
    EvaluationAnswer,
)
from supervision.pairings.actions import NotPossible, end_pairing
from tests.factories import (
    make_agreement,
    make_session,
)
from tests.supervision.evaluations.said import MARKER, said


def test_both_are_asked_once_and_told_once(pair, asked, cast):
    assert set(asked) == {"supervisor", "mentee", "self"}
    assert {row.occasion for row in asked.values()} == {"mid"}
    assert (asked["self"].closes_on - asked["self"].opens_on).days == 13
    assert actions.open_evaluations() == 0
    told = Notice.objects.filter(kind="supervision.evaluation")
    assert sorted(told.values_list("user", flat=True)) == sorted([cast.trainee.pk, cast.supervisor.pk])


def test_a_pair_that_never_met_is_not_asked(pair, templates):
    make_agreement(pair.pairing, "accepted", review_on=timezone.localdate())
    assert actions.open_evaluations() == 0


def test_without_a_template_nobody_is_asked(pair):
    make_session(pair.pairing, "confirmed")
    make_agreement(pair.pairing, "accepted", review_on=timezone.localdate())
    assert actions.open_evaluations() == 0


def test_the_end_of_a_pairing_opens_the_last_one(pair, templates, cast):
    make_session(pair.pairing, "confirmed")
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="目标达成")
    assert set(Evaluation.objects.values_list("occasion", "direction")) == {
        ("end", "supervisor"),
        ("end", "mentee"),
        ("end", "self"),
    }


def test_whoever_is_asked_at_the_end_is_not_asked_for_the_middle_as_well(pair, asked, cast):
    actions.answer_evaluation(evaluation=asked["mentee"], actor=cast.supervisor, said=said(asked["mentee"]))
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="目标达成")
    states = Evaluation.objects.values_list("occasion", "direction", "state")
    assert {row for row in states if row[0] == "mid"} == {
        ("mid", "supervisor", "missed"),
        ("mid", "self", "missed"),
        ("mid", "mentee", "answered"),  # what was answered is kept
    }
    assert {row[2] for row in states if row[0] == "end"} == {"open"}


def test_an_answer_is_one_row_and_can_be_changed_until_the_last_day(asked, cast):
    row = asked["supervisor"]
    first = actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, text=MARKER))
    again = actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, 2))
    assert first.pk == again.pk and EvaluationAnswer.objects.get().scores["督导准时"] == 2
    assert AuditEntry.objects.filter(action="supervision.answer_evaluation").count() == 1
    noon = timezone.make_aware(datetime.combine(row.closes_on, time(23, 59)))
    with time_machine.travel(noon, tick=False):
        actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, 3))
    with time_machine.travel(noon + timedelta(minutes=2), tick=False), pytest.raises(NotPossible):
        actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row, 5))


def test_after_the_window_the_database_locks_it(asked, cast):
    row = asked["self"]
    answer = actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row))
    late = timezone.make_aware(datetime.combine(row.closes_on + timedelta(days=1), time(0, 1)))
    with pytest.raises(DatabaseError), transaction.atomic():  # even before the clock has closed it
        EvaluationAnswer.objects.filter(pk=answer.pk).update(changed_at=late)
    with time_machine.travel(late, tick=False):
        assert actions.close_evaluations() == 3
    row.refresh_from_db()
    assert row.state == "locked"
    assert set(Evaluation.objects.exclude(pk=row.pk).values_list("state", flat=True)) == {"missed"}
    for act in (
        lambda: EvaluationAnswer.objects.filter(pk=answer.pk).update(scores={"督导准时": 1}),
        lambda: EvaluationAnswer.objects.filter(pk=answer.pk).delete(),
        lambda: Evaluation.objects.filter(pk=row.pk).update(state="open"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_only_who_is_asked_answers_and_every_question(asked, cast):
    row = asked["mentee"]
    with pytest.raises(NotPossible):
        actions.answer_evaluation(evaluation=row, actor=cast.trainee, said=said(row))
    for bad in (Said(scores={}), Said(scores=dict.fromkeys(row.template.questions, 6))):
        with pytest.raises(NotPossible):
            actions.answer_evaluation(evaluation=row, actor=cast.supervisor, said=bad)
    assert not EvaluationAnswer.objects.exists()


def test_whoever_is_late_is_reminded_once(asked, cast):
    row = asked["supervisor"]
    actions.answer_evaluation(evaluation=asked["mentee"], actor=cast.supervisor, said=said(asked["mentee"]))
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert actions.remind_evaluations() == 1  # the mentee, once for both forms
        assert actions.remind_evaluations() == 0
    assert Notice.objects.filter(user=cast.trainee, title__contains="still missing").count() == 1
    assert row.closes_on


def test_the_assessment_is_told_to_the_mentee_and_drawn(asked, cast, service_fields):
    row = asked["mentee"]
    code = service_fields[0].code
    actions.answer_evaluation(
        evaluation=row, actor=cast.supervisor, said=said(row, fields={code: 3}, text="稳")
    )
    actions.answer_evaluation(
        evaluation=asked["self"], actor=cast.trainee, said=said(asked["self"], fields={code: 2})
    )
    assert Notice.objects.filter(user=cast.trainee, title__contains="assessed").count() == 1
    (line,) = own_growth(cast.trainee.person)
    assert (line.skill, line.latest, line.by_self[0][1]) == (service_fields[0].name, 3, 2)


def test_a_template_that_was_used_stays_and_its_edit_is_the_next_version(cast, asked, templates):
    old = templates["supervisor"]
    edited = actions.save_evaluation_template(
        actor=cast.administrator,
        organisation=old.organisation,
        about=old.about,
        title="新",
        questions=["一个问题"],
        starts_on=old.starts_on,
        template=old,
    )
    old.refresh_from_db()
    assert (edited.version, edited.replaces, old.questions) == (2, old, ["督导准时", "督导有帮助"])
    with pytest.raises(Refused):
        actions.save_evaluation_template(
            actor=cast.administrator,
            organisation=old.organisation,
            about=old.about,
            title="又",
            questions=["一"],
            starts_on=old.starts_on,
            template=old,
        )


def test_ones_own_data_holds_what_one_wrote_and_what_was_said_about_one_as_mentee(asked, cast):
    for direction, author in (
        ("supervisor", cast.trainee),
        ("mentee", cast.supervisor),
        ("self", cast.trainee),
    ):
        row = asked[direction]
        actions.answer_evaluation(evaluation=row, actor=author, said=said(row, text=f"{MARKER}-{direction}"))
    texts = {row["text"] for row in evaluation_data_of(cast.trainee.person)}
    assert texts == {f"{MARKER}-{direction}" for direction in asked}
    assert [row["text"] for row in evaluation_data_of(cast.supervisor.person)] == [f"{MARKER}-mentee"]
    assert evaluation_data_of(cast.other_trainee.person) == []
