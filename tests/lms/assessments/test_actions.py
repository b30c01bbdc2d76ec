from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
import time_machine
from django.utils import timezone

from core.states import IllegalMove, move
from lms.assessments import actions
from lms.assessments.actions import Chosen, NotPossible, TooLate
from lms.assessments.states import MOVES, AttemptState
from lms.models import Answer, Attempt, Enrolment, LessonProgress
from tests.factories import make_cohort, make_enrolment, make_paper, make_version

ESSAY = {
    "key": "e",
    "kind": "essay",
    "prompt": "谈谈看法。",
    "choices": [],
    "correct": [],
    "explanation": "",
    "marks": 10,
}


def make(tree, cast, state="enrolled", **fields):
    version = make_version(lessons=0, **fields)
    cohort = make_cohort(tree["district"], version)
    return make_enrolment(cohort, cast.trainee.person, state), version.papers.get()


@pytest.fixture
def sitting(tree, cast):
    return make(tree, cast)


def start(sitting):
    return actions.start_attempt(enrolment=sitting[0], paper=sitting[1])


def right(attempt):
    rows = attempt.paper.questions
    actions.save_answers(attempt=attempt, answers=[Chosen(row["key"], tuple(row["correct"])) for row in rows])


def test_an_open_attempt_is_gone_on_with_on_another_device(sitting):
    assert start(sitting) == start(sitting)
    assert Attempt.objects.count() == 1


def test_all_right_passes_and_completes_the_course(sitting):
    attempt = start(sitting)
    right(attempt)
    done = actions.submit_attempt(attempt=attempt)
    assert (done.state, done.right, done.percent, done.passed) == ("submitted", 2, 100, True)
    assert Enrolment.objects.get().state == "completed"


def test_handing_in_twice_gives_the_same_result(sitting):
    attempt = start(sitting)
    right(attempt)
    first = actions.submit_attempt(attempt=attempt)
    again = actions.submit_attempt(attempt=Attempt.objects.get())
    assert (first.finished_at, first.percent) == (again.finished_at, again.percent)


def test_nothing_is_saved_after_handing_in(sitting):
    attempt = start(sitting)
    actions.submit_attempt(attempt=attempt)
    with pytest.raises(TooLate):
        right(attempt)
    assert not Answer.objects.filter(correct=True).exists()


def test_an_answer_may_be_changed_until_handing_in_and_saving_again_changes_nothing(sitting):
    attempt = start(sitting)
    for keys in (("1b",), ("1a",), ("1a",)):
        actions.save_answers(attempt=attempt, answers=[Chosen("question-1", keys, is_flagged=True)])
    answer = Answer.objects.get()
    assert (answer.chosen, answer.is_flagged, answer.correct) == (["1a"], True, None)


@pytest.mark.parametrize(
    "forged",
    [
        Chosen("question-9", ("1a",)),
        Chosen("question-1", ("2a",)),
        Chosen("question-1", ("1a", "1b")),
        Chosen("x" * 99, ()),
    ],
)
def test_forged_keys_are_refused_and_nothing_is_saved(sitting, forged):
    attempt = start(sitting)
    with pytest.raises(NotPossible):
        actions.save_answers(attempt=attempt, answers=[Chosen("question-2", ("2a",)), forged])
    assert not Answer.objects.exists()


def test_three_attempts_and_no_more(sitting):
    for _ in range(3):
        actions.submit_attempt(attempt=start(sitting))
    with pytest.raises(NotPossible):
        start(sitting)
    assert list(Attempt.objects.values_list("number", "passed")) == [(1, False), (2, False), (3, False)]


def test_attempts_in_an_older_version_count(sitting):
    enrolment, paper = sitting
    for _ in range(3):
        actions.submit_attempt(attempt=start(sitting))
    newer = make_version(lessons=0, course=paper.version.course)
    Enrolment.objects.update(version=newer)
    enrolment.refresh_from_db()
    with pytest.raises(NotPossible):
        actions.start_attempt(enrolment=enrolment, paper=newer.papers.get())


def test_who_has_passed_has_nothing_more_to_prove(sitting):
    attempt = start(sitting)
    right(attempt)
    actions.submit_attempt(attempt=attempt)
    with pytest.raises(NotPossible):
        start(sitting)


def test_as_often_as_one_likes(tree, cast):
    sitting = make(tree, cast, max_attempts=0)
    for _ in range(5):
        actions.submit_attempt(attempt=start(sitting))
    assert start(sitting).number == 6


@pytest.mark.parametrize(
    "state", ["applied", "waiting", "offered", "refused", "withdrawn", "lapsed", "cancelled"]
)
def test_only_who_learns_may_sit(tree, cast, state):
    with pytest.raises(NotPossible):
        start(make(tree, cast, state))


def test_the_quiz_opens_when_what_stands_before_it_is_done(tree, cast):
    version = make_version(lessons=1, in_order=True)
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    sitting = (enrolment, version.papers.get())
    with pytest.raises(NotPossible) as refused:
        start(sitting)
    assert "课时1" in str(refused.value)
    lesson = version.lessons.get()
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    assert start(sitting).number == 1


def test_the_servers_clock_decides(tree, cast):
    sitting = make(tree, cast, minutes_left=20)
    begun = timezone.now()
    with time_machine.travel(begun, tick=False) as clock:
        attempt = start(sitting)
        assert attempt.deadline_at == begun + timedelta(minutes=20)
        actions.save_answers(attempt=attempt, answers=[Chosen("question-1", ("1a",))])
        clock.move_to(begun + timedelta(minutes=20))
        with pytest.raises(TooLate):
            actions.save_answers(attempt=attempt, answers=[Chosen("question-2", ("2a",))])
        done = actions.submit_attempt(attempt=attempt)
    assert (done.state, done.right, done.percent, done.finished_at) == ("expired", 1, 50, attempt.deadline_at)


def test_what_was_answered_in_time_can_pass(tree, cast):
    sitting = make(tree, cast, minutes_left=20)
    attempt = start(sitting)
    right(attempt)
    Attempt.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    assert actions.expire_due() == 1
    assert actions.expire_due() == 0
    attempt.refresh_from_db()
    assert (attempt.state, attempt.passed) == ("expired", True)
    assert Enrolment.objects.get().state == "completed"


def test_starting_after_the_time_ran_out_begins_the_next_attempt(tree, cast):
    sitting = make(tree, cast, minutes_left=20)
    start(sitting)
    Attempt.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    assert start(sitting).number == 2


def test_saving_costs_four_statements_however_many_answers(
    sitting, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):  # the paper is kept in the process
        attempt = start(sitting)
        actions.save_answers(attempt=attempt, answers=[])
    with django_assert_num_queries(4):  # begin, lock, write, end
        actions.save_answers(attempt=attempt, answers=[Chosen("question-1", ("1a",))])
    with django_assert_num_queries(4):
        actions.save_answers(attempt=attempt, answers=[Chosen(f"question-{n}", (f"{n}a",)) for n in (1, 2)])


def test_multiple_choices_are_marked_as_a_whole(tree, cast):
    sitting = make(tree, cast, questions=make_paper(2, multiple=True))
    attempt = start(sitting)
    answers = [Chosen("question-1", ("1a", "1b")), Chosen("question-2", ("2a",))]
    actions.save_answers(attempt=attempt, answers=answers)
    assert actions.submit_attempt(attempt=attempt).percent == 50
    assert dict(Answer.objects.values_list("question", "correct")) == {
        "question-1": True,
        "question-2": False,
    }


@pytest.mark.parametrize(("old", "new"), list(product(AttemptState, AttemptState)))
def test_an_attempt_ends_once(sitting, old, new):
    ended, now = old != AttemptState.OPEN, timezone.now()
    fields = {"percent": 10, "passed": False, "finished_at": now, "marked_at": now} if ended else {}
    attempt = Attempt.objects.create(enrolment=sitting[0], paper=sitting[1], number=1, state=old, **fields)
    if new in MOVES[old]:
        move(attempt, new, MOVES, percent=20, passed=False, finished_at=now, marked_at=now)
        assert Attempt.objects.get().state == new
    else:
        with pytest.raises(IllegalMove):
            move(attempt, new, MOVES)


def test_an_attempt_with_an_essay_waits_until_it_is_read(sitting):
    enrolment, paper = sitting
    attempt = actions.start_attempt(enrolment=enrolment, paper=paper)
    Attempt.objects.filter(pk=attempt.pk).update(questions=[*paper.questions, ESSAY])
    attempt.refresh_from_db()
    right = [Chosen(row["key"], row["correct"]) for row in paper.questions]
    actions.save_answers(attempt=attempt, answers=[*right, Chosen("e", "我的看法。")])
    ended = actions.submit_attempt(attempt=attempt)
    assert (ended.waits, ended.percent, ended.passed) == (True, None, None)
    assert ended.points == len(right)
    with pytest.raises(NotPossible, match="正在评阅"):
        actions.start_attempt(enrolment=enrolment, paper=paper)
    ended.answers.filter(question="e").update(points=Decimal(7), is_read=True)
    settled = actions.settle(attempt=ended)
    assert not settled.waits
    assert settled.points == len(right) + 7
    assert settled.percent == (len(right) + 7) * 100 // (len(right) + 10)


def test_marking_anew_with_a_corrected_key_leaves_what_was_asked(sitting):
    enrolment, paper = sitting
    attempt = actions.start_attempt(enrolment=enrolment, paper=paper)
    first = paper.questions[0]
    wrong = next(each["key"] for each in first["choices"] if each["key"] not in first["correct"])
    actions.save_answers(attempt=attempt, answers=[Chosen(first["key"], [wrong])])
    before = actions.submit_attempt(attempt=attempt)
    after = actions.settle(attempt=before, corrected={first["key"]: {**first, "correct": [wrong]}})
    assert (before.right, after.right) == (0, 1)
    assert after.answers.get().correct is True
    assert after.marked_at == before.marked_at
    assert actions.settle(attempt=after).right == 0
