"""Completion by more than lessons and quizzes: what other features count, and the trainee's checklist."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lms.enrolments import actions
from lms.enrolments.policy import Attended
from lms.enrolments.queries import (
    checklist_of,
    checklists_of,
    completion,
    count_by,
    done_by,
    done_of,
    enrolments_of,
)
from lms.models import Attempt, LessonProgress
from tests.factories import (
    make_class,
    make_cohort,
    make_course_page,
    make_enrolment,
    make_learned,
    make_user,
    make_version,
)

LESSONS = {"lessons": True, "quizzes": True}


@pytest.fixture
def sources(monkeypatch):
    """Nobody counts anything but scores and the classes that are planned; what a test registers is gone after it.
    `attended[pk]` is what attendance would know."""
    kept = {name: completion._SOURCES[name] for name in ("scores", "classes")}
    monkeypatch.setattr(completion, "_SOURCES", kept)
    return SimpleNamespace(attended={}, passed={}, asked=[])


def register(sources):
    def attended(ids):
        sources.asked.append("attendance")
        return {pk: sources.attended[pk] for pk in ids if pk in sources.attended}

    def passed(ids):
        sources.asked.append("assignments")
        return {pk: sources.passed[pk] for pk in ids if pk in sources.passed}

    count_by("attendance", attended)
    count_by("assignments", passed)


def enrol(tree, person, rule, **fields):
    return make_enrolment(make_cohort(tree["district"], make_version(rule=rule), **fields), person)


def test_an_old_version_keeps_its_meaning(tree, cast, sources):
    register(sources)
    enrolment = make_learned(enrol(tree, cast.trainee.person, LESSONS))
    assert checklist_of(enrolment).is_complete
    assert sources.asked == []


def test_attendance_asked_and_counted_by_nobody_is_missing_in_words(tree, cast, sources):
    enrolment = make_learned(enrol(tree, cast.trainee.person, {**LESSONS, "attendance_percent": 80}))
    assert not actions.complete_if_done(enrolment=enrolment).is_complete
    (missing,) = checklist_of(enrolment).missing
    assert "not recorded here yet" in missing.sentence.msgid


def test_what_is_done_is_told_by_whoever_registers(tree, cast, monkeypatch):
    enrolment = make_learned(enrol(tree, cast.trainee.person, LESSONS))
    assert done_of([enrolment.pk])[enrolment.pk]
    monkeypatch.setattr(completion, "_DOERS", {})
    assert done_of([enrolment.pk]) == {enrolment.pk: frozenset()}
    done_by("here", lambda ids: [(pk, 1) for pk in ids])
    done_by("there", lambda ids: [(pk, "2") for pk in ids])
    assert done_of([enrolment.pk]) == {enrolment.pk: frozenset({"1", "2"})}


def test_whoever_knows_the_classes_says_how_many_count(tree, cast, sources):
    register(sources)
    enrolment = make_learned(enrol(tree, cast.trainee.person, {**LESSONS, "attendance_percent": 50}))
    sources.attended[enrolment.pk] = Attended(90, 1, 1)
    for planned, is_complete in ((4, False), (2, True)):
        count_by("classes", lambda ids, planned=planned: dict.fromkeys(ids, (planned, 1)))
        assert checklist_of(enrolment).is_complete is is_complete


def test_the_last_class_attended_completes(tree, cast, sources):
    register(sources)
    enrolment = make_learned(enrol(tree, cast.trainee.person, {**LESSONS, "attendance_percent": 80}))
    for days in (-2, -1):
        make_class(enrolment.cohort, days)
    make_class(enrolment.cohort, -3, is_required=False)
    make_class(enrolment.cohort, 1, cancelled_at=timezone.now())
    sources.attended[enrolment.pk] = Attended(90, 1, 1)
    assert actions.complete_those_done(enrolment_ids=[enrolment.pk]) == []
    sources.attended[enrolment.pk] = Attended(180, 2, 2)
    assert actions.complete_those_done(enrolment_ids=[enrolment.pk]) == [enrolment.pk]
    assert actions.complete_those_done(enrolment_ids=[enrolment.pk]) == []


def test_classes_from_before_the_place_was_given_do_not_count(tree, cast, sources):
    register(sources)
    rule = {"lessons": False, "quizzes": False, "attendance_percent": 100}
    enrolment = enrol(tree, cast.trainee.person, rule)
    enrolment.decided_at = timezone.now() - timedelta(days=5)
    enrolment.save()
    for days in (-20, -10, -2):
        make_class(enrolment.cohort, days)
    sources.attended[enrolment.pk] = Attended(90, 1, 1)
    assert actions.complete_those_done(enrolment_ids=[enrolment.pk]) == [enrolment.pk]


def test_reconcile_completes_also_who_has_only_been_in_classes(tree, cast, sources):
    register(sources)
    rule = {"lessons": False, "quizzes": False, "attended_minutes": 90}
    enrolment = enrol(tree, cast.trainee.person, rule)
    assert actions.reconcile() == []
    sources.attended[enrolment.pk] = Attended(90, 1, 1)
    assert actions.reconcile() == [f"enrolment {enrolment.pk}: completed"]
    told = completion.completion_told(enrolment.pk)
    assert (told.by_lessons, told.by_quizzes) == (False, False)


def test_minutes_of_lessons_count_and_the_average_reads_the_best_attempt(tree, cast, sources):
    enrolment = enrol(tree, cast.trainee.person, {"lessons": False, "minutes": 30, "quiz_average": 70})
    lesson, paper = enrolment.version.lessons.get(), enrolment.version.papers.get()
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    for number, percent in enumerate((90, 60), start=1):
        fields = {"state": "submitted", "passed": True, "finished_at": timezone.now(), "percent": percent}
        fields["marked_at"] = fields["finished_at"]
        Attempt.objects.create(enrolment=enrolment, paper=paper, number=number, **fields)
    assert checklist_of(enrolment).is_complete


def test_only_what_the_rules_ask_for_is_counted_and_in_constant_queries(
    tree, cast, sources, django_assert_num_queries
):
    register(sources)
    plain = enrol(tree, cast.trainee.person, LESSONS)
    with django_assert_num_queries(1):
        checklists_of([plain])
    rule = {**LESSONS, "attendance_percent": 80, "quiz_average": 60, "assignments": True}
    cohort = make_cohort(tree["district"], make_version(rule=rule))
    rows = [make_enrolment(cohort, make_user().person) for _ in range(5)]
    sources.asked.clear()
    for some in (rows[:1], rows):
        # What is done, the planned classes, the best scores; the others count for themselves.
        with django_assert_num_queries(3):
            checklists_of([*some, plain])
    assert sources.asked == ["attendance", "assignments"] * 2


def test_the_progress_page_says_everything_in_words_and_numbers(client, tree, cast, sources):
    register(sources)
    rule = {**LESSONS, "attendance_percent": 80, "minutes": 60, "assignments": True}
    enrolment = enrol(tree, cast.trainee.person, rule)
    for days in (-3, -2, 1, 2, 3):
        make_class(enrolment.cohort, days)
    sources.attended[enrolment.pk] = Attended(90, 1, 2)
    client.force_login(cast.trainee)
    page = client.get(reverse("lms:enrolment-progress", args=[enrolment.pk])).content.decode()
    assert "参加至少 80% 的课次" in page
    assert "目前 2 次中到了 1 次，50%" in page
    assert "再参加 3 次就够了" in page
    assert "还没有布置" in page
    outline = client.get(reverse("lms:learning-outline", args=[enrolment.pk])).content.decode()
    assert "5 项条件中已满足 1 项" in outline


def test_the_progress_page_is_for_the_trainee_and_the_desk(client, tree, cast):
    enrolment = enrol(tree, cast.trainee.person, LESSONS)
    address = reverse("lms:enrolment-progress", args=[enrolment.pk])
    for part, status in {"trainee": 200, "instructor": 200, "other_trainee": 404, "outsider": 404}.items():
        client.force_login(getattr(cast, part))
        assert client.get(address).status_code == status, part


def test_who_is_not_admitted_has_no_progress_yet(client, tree, cast):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "applied")
    client.force_login(cast.trainee)
    assert client.get(reverse("lms:enrolment-progress", args=[enrolment.pk])).status_code == 404


def test_the_card_counts_the_other_conditions_too(tree, cast, sources):
    enrolment = make_learned(enrol(tree, cast.trainee.person, {**LESSONS, "surveys": True}))
    (card,) = enrolments_of(cast.trainee.person)
    assert (card.done, card.total) == (2, 3)
    assert enrolment.state == "enrolled"


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"require_lessons": False, "require_quizzes": False}, "require_lessons"),
        ({"min_minutes": 60, "min_attended_minutes": 90}, "min_attended_minutes"),
        ({"attendance_percent": 101}, "attendance_percent"),
    ],
)
def test_an_editor_cannot_set_what_makes_no_sense(tree, fields, at):
    page = make_course_page()
    for name, value in fields.items():
        setattr(page, name, value)
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert at in refused.value.message_dict


def test_attendance_alone_is_a_rule(tree):
    page = make_course_page()
    page.require_lessons = page.require_quizzes = False
    page.attendance_percent = 80
    page.full_clean()
    assert page.rule == {"lessons": False, "quizzes": False, "attendance_percent": 80}


def test_what_is_not_asked_for_is_not_named_so_that_old_pages_make_no_new_version(tree):
    assert make_course_page().rule == LESSONS


def test_a_move_to_another_version_completes_whom_its_rule_lets_pass(tree, cast, sources):
    enrolment = make_learned(enrol(tree, cast.trainee.person, {**LESSONS, "surveys": True}))
    easier = make_version(course=enrolment.version.course, rule=LESSONS)
    actions.move_to_version(cohort=enrolment.cohort, version=easier, actor=cast.administrator)
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"
    assert enrolment.completed_at > timezone.now() - timedelta(minutes=1)


# --- What was learned -----------------------------------------------------------------------------------------------


def test_only_the_lessons_that_were_done_are_counted_and_frozen_at_completion(tree, cast, sources):
    version = make_version(lessons=3, quizzes=0, rule={"lessons": False, "minutes": 30})
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    first, *rest = version.lessons.order_by("position")
    LessonProgress.objects.create(enrolment=enrolment, lesson=first, completed_at=timezone.now())
    assert actions.complete_if_done(enrolment=enrolment).is_complete
    told = completion.completion_told(enrolment.pk)
    assert (told.minutes, told.lessons, version.minutes) == (30, {str(first.key): 30}, 90)
    for lesson in rest:  # read afterwards: what was told stays as it was
        LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    assert [event.minutes for event in completion.completions()] == [30]


def test_a_course_completed_by_classes_alone_has_taught_no_lesson(tree, cast, sources):
    register(sources)
    enrolment = enrol(tree, cast.trainee.person, {"lessons": False, "quizzes": False, "attended_minutes": 90})
    sources.attended[enrolment.pk] = Attended(90, 1, 1)
    actions.complete_if_done(enrolment=enrolment)
    assert completion.completion_told(enrolment.pk).minutes == 0


def test_the_database_asks_what_was_learned_of_whoever_has_completed(tree, cast):
    cohort = make_cohort(tree["district"])
    with pytest.raises(IntegrityError), transaction.atomic():
        make_enrolment(cohort, cast.trainee.person, "completed", learned=None)
