"""Who is at risk and why, and the limits that say so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from lms.enrolments.policy import Attended
from lms.enrolments.queries import completion
from lms.models import LessonProgress, RiskLimits
from lms.teaching.queries import (
    Followed,
    at_risk_in,
    limits_of,
    own_reasons,
    sources,
)
from lms.teaching.queries.grades import columns_for
from tests.factories import (
    make_learned,
    make_user,
    make_version,
)
from tests.lms.teaching.steps import at, enrol, fail, page, read

pytestmark = pytest.mark.usefixtures("sources_kept")


def found_in(cohort):
    return {
        row.enrolment_id: [reason.risk.value for reason in row.reasons]
        for row in at_risk_in([cohort])[cohort.pk]
    }


def test_each_is_at_risk_for_what_they_did_or_did_not(tree, corner):
    slow, failing = enrol(corner.cohort, make_user()), enrol(corner.cohort, make_user())
    read(slow, 1, days_ago=20)
    read(failing, 4)
    fail(failing, 2)
    assert found_in(corner.cohort) == {
        corner.idle.pk: ["not_started"],
        slow.pk: ["idle"],
        failing.pk: ["failed"],
    }


def test_the_gravest_come_first_and_who_has_completed_is_not_watched(corner, cast):
    failing = enrol(corner.cohort, make_user())
    fail(failing, 3)
    make_learned(enrol(corner.cohort, make_user(), state="completed"))
    rows = at_risk_in([corner.cohort])[corner.cohort.pk]
    assert [row.enrolment_id for row in rows] == [failing.pk, corner.idle.pk]


def test_what_was_done_in_an_older_version_counts_once(corner):
    newer = make_version(lessons=4, course=corner.cohort.version.course)
    for row in (corner.idle, corner.well):
        row.version = newer
        row.save()
    read(corner.well, 4)
    (row,) = at_risk_in([corner.cohort])[corner.cohort.pk]
    assert row.enrolment_id == corner.idle.pk


def test_a_lesson_that_only_another_version_has_does_not_count(corner):
    """Both versions are looked at together; a lesson of the longer one is no lesson of the shorter one."""
    rows, lessons = LessonProgress.objects.filter(enrolment=corner.well), corner.well.version.lessons.all()
    rows.filter(lesson=lessons[0]).update(lesson=lessons[3], completed_at=timezone.now())
    shorter = make_version(lessons=3, quizzes=0, course=corner.cohort.version.course)
    corner.well.version = shorter
    corner.well.save()
    columns = columns_for(corner.cohort, [corner.idle, corner.well])
    done = next(column for column in columns if column.key == "done")
    assert done.cells[corner.well.pk].note == "2/3"
    assert done.cells[corner.idle.pk].note == "0/5"


def test_the_nearest_limits_hold(tree, corner, cast):
    RiskLimits.objects.create(organisation=tree["city"], not_started_days=60)
    assert found_in(corner.cohort) == {}
    RiskLimits.objects.create(organisation=tree["district"], not_started_days=30)
    assert found_in(corner.cohort) == {corner.idle.pk: ["not_started"]}
    limited = limits_of([tree["station"], tree["other_station"]])
    assert limited[tree["station"].pk].organisation == tree["district"]
    assert limited[tree["other_station"].pk].organisation == tree["city"]


def test_classes_missed_in_a_row_are_counted_by_whoever_registers(corner):
    sources.follow_classes_by(lambda ids: dict.fromkeys(ids, Followed(3)))
    assert found_in(corner.cohort)[corner.well.pk] == ["missed"]


def test_whoever_was_in_a_class_has_begun(corner):
    now = timezone.now()
    was_there = {corner.idle.pk: Followed(last_there=now - timedelta(days=2))}
    sources.follow_classes_by(lambda ids: was_there)
    assert found_in(corner.cohort) == {corner.idle.pk: ["behind"]}
    was_there[corner.idle.pk] = Followed(last_there=now - timedelta(days=20))
    assert found_in(corner.cohort) == {corner.idle.pk: ["idle", "behind"]}


def test_the_list_shows_attendance_once_somebody_counts_it(teacher, corner):
    assert "67%" not in page(teacher, "risk", corner.cohort.pk)
    completion.count_by("attendance", lambda ids: {pk: Attended(240, 2, 3) for pk in ids})
    assert "67% · 2/3" in page(teacher, "risk", corner.cohort.pk)


def test_the_list_says_why_and_filters_by_reason(teacher, corner):
    shown = page(teacher, "risk", corner.cohort.pk)
    assert "林小荷" in shown and "甲一" not in shown
    assert "开班 30 天还没有开始学习" in shown
    assert "林小荷" in page(teacher, "risk", corner.cohort.pk, reason="not_started")
    assert "林小荷" in page(teacher, "risk", corner.cohort.pk, reason="nonsense")
    fail(enrol(corner.cohort, make_user("乙二")), 3)
    only = page(teacher, "risk", corner.cohort.pk, reason="no_attempts")
    assert "乙二" in only and "林小荷" not in only


def test_the_trainee_reads_a_kind_version(client, cast, corner):
    client.force_login(cast.trainee)
    shown = client.get(reverse("lms:enrolment-progress", args=[corner.idle.pk])).content.decode()
    assert "第一课在等你" in shown
    corner.well.refresh_from_db()
    assert own_reasons(corner.well) == ()


VALUES = {
    "not_started_days": 3,
    "idle_days": 10,
    "behind_points": 20,
    "failed_times": 2,
    "missed_in_row": 2,
    "deadline_days": 7,
    "deadline_missing": 40,
}


def test_an_administrator_sets_the_limits_and_a_teacher_reads_them(client, cast, tree, corner):
    address = at("limits", tree["district"].pk)
    client.force_login(cast.instructor)
    assert client.get(address).status_code == 200
    assert client.post(address, VALUES).status_code == 404
    client.force_login(cast.administrator)
    assert client.post(address, VALUES).status_code == 302
    assert client.post(address, {**VALUES, "idle_days": "9999"}).status_code == 200
    row = RiskLimits.objects.get()
    assert (row.organisation, row.not_started_days) == (tree["district"], 3)
    assert AuditEntry.objects.filter(action="lms.save_risk_limits").count() == 1
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404
