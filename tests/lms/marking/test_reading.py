from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from lms.marking import actions
from lms.marking.actions import NotPossible
from lms.marking.queries import answers_to_read, groups_for, neutral_number, readings_told
from lms.models import Answer, Attempt, Enrolment, PaperVersion, PointsCorrection, QuizPage, Reading
from tests.factories import give_role, make_cohort, make_paper, make_user, make_version
from tests.lms.marking.making import CASE, ESSAY, essay_paper, points, sit


@pytest.fixture
def cohort(tree, cast):
    return make_cohort(tree["district"], make_version(lessons=0, quizzes=0))


@pytest.fixture
def readers(tree, cast):
    rows = [cast.instructor]
    for number in range(2):
        user = make_user(f"阅卷{number}", tree["district"])
        give_role(user, "instructor", tree["district"])
        rows.append(user)
    return rows


def take(paper, reader, key="essay"):
    return actions.take_next(paper=paper, question=key, actor=reader)


def give(paper, reader, number, remark=""):
    return actions.give_reading(
        reading=take(paper, reader), points=points(number), remark=remark, actor=reader
    )


def test_one_reader_gives_points_and_the_result_stands(cohort, readers):
    paper = essay_paper(cohort.version)
    attempt = sit(paper, cohort)
    assert attempt.waits
    give(paper, readers[0], 8, "写得好")
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed, attempt.waits) == (80, True, False)
    assert [told.remarks for told in readings_told(attempt)] == [["写得好"]]
    assert Notice.objects.filter(kind="lms.result_published").count() == 1
    assert AuditEntry.objects.filter(action__in=("lms.give_reading", "lms.publish_result")).count() == 2


def test_who_passes_by_what_was_read_completes_the_course(cohort, readers):
    paper = essay_paper(cohort.version)
    sit(paper, cohort)
    give(paper, readers[0], 8)
    assert Enrolment.objects.get().state in ("enrolled", "completed")


def test_the_result_waits_until_every_answer_is_read(cohort, readers):
    paper = essay_paper(cohort.version, questions=[ESSAY, CASE])
    attempt = sit(paper, cohort, answers={"essay": "尊重", "case": {"a": "照料", "b": "个案"}})
    give(paper, readers[0], 8)
    attempt.refresh_from_db()
    assert attempt.waits
    assert not Notice.objects.exists()
    parts = {"a": Decimal(3), "b": Decimal(1)}
    actions.give_reading(reading=take(paper, readers[1], "case"), points=parts, remark="", actor=readers[1])
    attempt.refresh_from_db()
    assert (attempt.points, attempt.most, attempt.percent) == (12, 16, 75)


def test_a_second_reader_sees_nothing_of_the_first_until_both_have_read(cohort, readers):
    paper = essay_paper(cohort.version, readers=2, difference="3")
    attempt = sit(paper, cohort)
    give(paper, readers[0], 6)
    assert not Reading.objects.visible_to(readers[1]).exists()
    mine = take(paper, readers[1])
    assert (mine.round, mine.points) == (2, None)
    assert set(Reading.objects.visible_to(readers[1])) == {mine}
    actions.give_reading(reading=mine, points=points(8), remark="", actor=readers[1])
    assert Reading.objects.visible_to(readers[1]).count() == 2
    attempt.refresh_from_db()
    assert attempt.percent == 70


def test_where_two_differ_a_third_decides(cohort, readers):
    paper = essay_paper(cohort.version, readers=2, difference="2")
    attempt = sit(paper, cohort)
    give(paper, readers[0], 2)
    give(paper, readers[1], 9)
    attempt.refresh_from_db()
    assert attempt.waits
    assert take(paper, readers[0]) is None  # who has read does not decide
    assert groups_for(readers[2])[0].open == 1
    give(paper, readers[2], 7)
    attempt.refresh_from_db()
    assert (attempt.percent, Answer.objects.get().points) == (70, 7)


def test_nobody_reads_their_own_answer(cohort, cast):
    paper = essay_paper(cohort.version)
    sit(paper, cohort, person=cast.instructor.person)
    assert not answers_to_read(cast.instructor).exists()
    assert take(paper, cast.instructor) is None
    assert answers_to_read(cast.administrator).count() == 1


def test_nobody_reads_outside_their_tree(cohort, cast):
    paper = essay_paper(cohort.version)
    sit(paper, cohort)
    for reader in (cast.outsider, cast.trainee, cast.auditor, cast.finance):
        assert take(paper, reader) is None


def test_an_answer_that_was_left_lying_goes_to_the_next_reader(cohort, readers):
    paper = essay_paper(cohort.version)
    sit(paper, cohort)
    mine = take(paper, readers[0])
    assert take(paper, readers[1]) is None
    Reading.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    theirs = take(paper, readers[1])
    assert (theirs.pk, theirs.round) == (mine.pk, 1)
    with pytest.raises(NotPossible):
        actions.give_reading(reading=mine, points=points(5), remark="", actor=readers[0])
    actions.give_reading(reading=theirs, points=points(5), remark="", actor=readers[1])


def test_what_was_put_back_comes_after_all_others(cohort, readers):
    paper = essay_paper(cohort.version)
    for number in range(3):
        sit(paper, cohort, f"学员{number}")
    first = take(paper, readers[0])
    assert take(paper, readers[0]) == first  # goes on with it
    actions.put_back(reading=first, actor=readers[0])
    others = []
    for _ in range(2):
        others.append(take(paper, readers[0]))
        actions.give_reading(reading=others[-1], points=points(5), remark="", actor=readers[0])
    assert first not in others
    assert take(paper, readers[0]) == first


@pytest.mark.parametrize("wrong", ["-1", "10.5", "7.3", None])
def test_points_that_cannot_be_given_are_refused(cohort, readers, wrong):
    paper = essay_paper(cohort.version)
    sit(paper, cohort)
    given = {"whole": Decimal(wrong) if wrong else None}
    with pytest.raises(NotPossible):
        actions.give_reading(reading=take(paper, readers[0]), points=given, remark="", actor=readers[0])


def test_what_was_given_is_never_changed_nor_deleted(cohort, readers):
    paper = essay_paper(cohort.version)
    sit(paper, cohort)
    give(paper, readers[0], 8)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.update(points=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.all().delete()


def test_points_are_corrected_by_a_row_of_their_own_and_a_pass_stays(cohort, readers):
    paper = essay_paper(cohort.version)
    attempt = sit(paper, cohort)
    give(paper, readers[0], 8)
    facts = {"points": Decimal(3), "remark": "", "reason": "看错了行", "actor": readers[1]}
    made = actions.correct_points(answer=Answer.objects.get(), seen=0, **facts)
    attempt.refresh_from_db()
    assert (made.before, attempt.percent, attempt.passed) == (8, 30, True)
    assert [told.reason for told in readings_told(attempt)] == ["看错了行"]
    with pytest.raises(NotPossible):  # two clicks
        actions.correct_points(answer=Answer.objects.get(), seen=0, **facts)
    with pytest.raises(NotPossible):
        actions.correct_points(answer=Answer.objects.get(), seen=1, **facts | {"reason": " "})
    assert PointsCorrection.objects.count() == Notice.objects.filter(kind="lms.points_corrected").count() == 1


def test_an_answer_without_a_word_is_read_by_nobody(cohort, readers):
    paper = essay_paper(cohort.version)
    assert sit(paper, cohort, answers={"essay": "  "}).percent == 0
    assert take(paper, readers[0]) is None


def test_the_number_of_an_answer_does_not_tell_when_it_came():
    numbers = [neutral_number(pk) for pk in range(1, 200)]
    assert len(set(numbers)) == 199
    assert numbers != sorted(numbers)


def test_a_paper_keeps_how_it_is_read_and_says_nothing_of_what_is_usual():
    assert QuizPage(title="测验").read_by == {}
    page = QuizPage(readers=2, difference=Decimal("2.50"), rubric="要点 | 60\n表达｜40%")
    rubric = [{"title": "要点", "percent": 60}, {"title": "表达", "percent": 40}]
    assert page.read_by == {"readers": 2, "difference": "2.5", "rubric": rubric}


def test_a_paper_of_choices_alone_has_nothing_to_read(cohort, readers):
    paper = essay_paper(cohort.version, questions=make_paper())
    sit(paper, cohort, answers={"question-1": ["1a"]})
    assert groups_for(readers[0]) == []
    assert PaperVersion.objects.get(pk=paper.pk).marking == {}
    assert Attempt.objects.get().percent == 50
