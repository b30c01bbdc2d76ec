"""A supervisor signs twice at once, two departments place one student, and a plan is changed while it is placed."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from core.models import AuditEntry
from core.states import IllegalMove, Refused, StaleState
from credentials.internships import actions
from credentials.models import Internship
from tests.factories import give_role, make_internship, make_organisation, make_user

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
MANY = 20
DAY = datetime.timedelta(days=1)


def at_once(acts):
    together = Barrier(len(acts))

    def alone(act):
        close_old_connections()
        try:
            together.wait(30)
            act()
        except (Refused, IllegalMove, StaleState) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


@pytest.fixture
def bureaus():
    """Two departments of one city, each with an officer and a supervisor; and a student of the first."""
    city = make_organisation("示例市民政局", tier="city", kind="bureau")
    found = []
    for name in ("甲区民政局", "乙区民政局"):
        place = make_organisation(name, city, tier="county", kind="bureau")
        officer, supervisor = make_user(f"{name[0]}经办", place), make_user(f"{name[0]}督导", place)
        give_role(officer, "administrator", city)
        give_role(supervisor, "supervisor", place)
        found.append((place, officer, supervisor))
    return found


def test_a_supervisor_who_signs_twenty_times_at_once_has_signed_once(bureaus):
    (place, officer, supervisor), _other = bureaus
    row = make_internship(make_user("林小荷", place).person, officer, supervisor, place, "placed")
    said = {"words": "踏实", "minutes": 6000, "ends_on": row.ends_on, "actor": supervisor}
    found = at_once(
        [lambda: actions.sign_internship(internship=Internship.objects.get(pk=row.pk), **said)] * MANY
    )
    assert found.count("done") == 1
    assert AuditEntry.objects.filter(action="credentials.sign_internship").count() == 1


def test_two_departments_that_plan_for_one_student_at_once_plan_one_internship(bureaus):
    student = make_user("林小荷", bureaus[0][0]).person
    found = at_once(
        [
            lambda each=each: make_internship(student, each[1], each[2], each[0])
            for each in bureaus * (MANY // 2)
        ]
    )
    assert found.count("done") == 1 and Internship.objects.count() == 1


def test_a_plan_that_is_changed_while_it_is_placed_is_either_but_not_both(bureaus):
    (place, officer, supervisor), (_place, other, _supervisor) = bureaus
    today = timezone.localdate()
    days = {"starts_on": today - 3 * DAY, "ends_on": today + 60 * DAY}
    row = make_internship(make_user("林小荷", place).person, officer, supervisor, place, "confirmed", **days)
    actions.open_internship_paper(internship=row, actor=other)
    plan = actions.Plan(
        "别的学院", row.major, row.is_social_work, row.is_full_time, row.year_of_study, place, row.station,
        supervisor, row.starts_on, row.ends_on,
    )  # fmt: skip
    found = at_once(
        [
            lambda: actions.change_internship(internship=Internship.objects.get(pk=row.pk), plan=plan, actor=officer),
            lambda: actions.place_internship(internship=Internship.objects.get(pk=row.pk), actor=other),
        ]
    )  # fmt: skip
    row.refresh_from_db()
    assert found.count("done") == 1
    assert (row.state, row.school == "别的学院") in {("placed", False), ("proposed", True)}
