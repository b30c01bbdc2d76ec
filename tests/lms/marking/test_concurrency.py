import pytest

from core.models import AuditEntry, Job, Notice
from lms.marking import actions, jobs
from lms.marking.actions import NotPossible
from lms.models import Attempt, Reading, Regrade, RegradeLine
from tests.factories import give_role, make_cohort, make_organisation, make_paper, make_user, make_version
from tests.lms.enrolments.test_concurrency import at_once
from tests.lms.marking.making import CASE, ESSAY, essay_paper, points, sit

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def make(number, **marking):
    organisation = make_organisation("示例机构")
    cohort = make_cohort(organisation, make_version(lessons=0, quizzes=0))
    readers = [make_user(f"阅卷{n}") for n in range(number)]
    for reader in readers:
        give_role(reader, "instructor", organisation)
    questions = marking.pop("questions", (ESSAY,))
    return essay_paper(cohort.version, questions=questions, **marking), cohort, readers


def test_of_many_readers_at_once_each_round_is_taken_once():
    paper, cohort, readers = make(12, readers=2)
    for number in range(3):
        sit(paper, cohort, f"学员{number}")
    taken = at_once(lambda reader: actions.take_next(paper=paper, question="essay", actor=reader), readers)
    got = [(row.answer_id, row.round) for row in taken if row]
    assert len(got) == len(set(got)) == 6 == Reading.objects.count()


def test_one_reader_in_two_windows_takes_one_answer_once():
    paper, cohort, readers = make(1, readers=2)
    sit(paper, cohort)
    rows = at_once(lambda _: actions.take_next(paper=paper, question="essay", actor=readers[0]), range(8))
    assert len({row.pk for row in rows if row}) == 1 == Reading.objects.count()


def test_two_who_give_at_the_same_moment_make_one_result():
    paper, cohort, readers = make(2, readers=2, difference="5")
    sit(paper, cohort)
    held = [(reader, actions.take_next(paper=paper, question="essay", actor=reader)) for reader in readers]

    def give(pair):
        reader, row = pair
        actions.give_reading(reading=row, points=points(6), remark="", actor=reader)

    at_once(give, held)
    assert Attempt.objects.get().percent == 60
    assert Notice.objects.filter(kind="lms.result_published").count() == 1


def test_the_last_two_answers_read_at_the_same_moment_leave_no_result_behind():
    paper, cohort, readers = make(2, questions=[ESSAY, {**CASE, "kind": "essay", "parts": []}])
    sit(paper, cohort, answers={"essay": "一", "case": "二"})
    held = [
        (reader, actions.take_next(paper=paper, question=key, actor=reader))
        for reader, key in zip(readers, ("essay", "case"), strict=True)
    ]
    at_once(
        lambda pair: actions.give_reading(reading=pair[1], points=points(6), remark="", actor=pair[0]), held
    )
    assert not Attempt.objects.get().waits
    assert AuditEntry.objects.filter(action="lms.publish_result").count() == 1


def test_two_clicks_give_one_reading():
    paper, cohort, readers = make(1)
    sit(paper, cohort)
    row = actions.take_next(paper=paper, question="essay", actor=readers[0])

    def give(_):
        try:
            actions.give_reading(reading=row, points=points(6), remark="", actor=readers[0])
            return True
        except NotPossible:
            return False

    assert sum(at_once(give, range(6))) == 1
    assert AuditEntry.objects.filter(action="lms.give_reading").count() == 1


def test_many_clicks_correct_a_key_once():
    paper, cohort, (officer,) = make(1, questions=make_paper())
    give_role(officer, "administrator", cohort.organisation)
    sit(paper, cohort, answers={"question-1": ["1b"]})
    change = {"remedy": "key", "change": {"correct": ["1b"]}, "reason": "答案印错"}

    def click(_):
        return actions.regrade_paper(paper=paper, question="question-1", seen=0, actor=officer, **change).pk

    assert len(set(at_once(click, range(6)))) == 1 == Regrade.objects.count()
    assert Job.objects.filter(kind="lms.regrade_paper").count() == 1


def test_an_attempt_is_marked_anew_once_by_two_workers():
    paper, cohort, (officer,) = make(1, questions=make_paper())
    attempt = sit(paper, cohort, answers={"question-1": ["1b"]})
    facts = {"paper": paper, "question": "question-1", "number": 1, "remedy": "full", "reason": "错"}
    made = Regrade.objects.create(**facts, made_by=officer)
    at_once(lambda _: jobs.regrade_attempt(regrade=made, attempt_id=attempt.pk), range(6))
    line = RegradeLine.objects.get()
    assert (line.before, line.after) == (0, 50)
    assert Notice.objects.filter(kind="lms.result_regraded").count() == 1
