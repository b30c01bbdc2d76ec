"""The instructor's desk: what it shows to whom, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.models import Contact
from tests.factories import (
    give_role,
    make_class,
    make_user,
)
from tests.lms.teaching.steps import at, enrol, fail, make_running, page, read

pytestmark = pytest.mark.usefixtures("sources_kept")

SHEETS = ("grades-sheet", "grid-sheet")
PAGES = ("risk", "grades", "grid", *SHEETS)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("instructor", True),
        ("administrator", True),
        ("city_administrator", True),
        ("auditor", True),
        ("outsider", False),
        ("finance", False),
    ],
)
def test_a_cohort_is_there_for_those_in_whose_tree_it_is(client, cast, corner, name, part, seen):
    client.force_login(getattr(cast, part))
    assert client.get(at(name, corner.cohort.pk)).status_code == (200 if seen else 404)


def test_a_trainee_never_reaches_the_desk(client, cast, corner):
    client.force_login(cast.trainee)
    for name in PAGES:
        assert client.get(at(name, corner.cohort.pk)).status_code in (302, 403, 404)
    assert client.get(at("index")).status_code in (302, 403, 404)


def test_an_instructor_of_another_district_sees_nothing(client, tree, corner):
    user = make_user("外区老师", tree["other_district"])
    give_role(user, "instructor", tree["other_district"])
    client.force_login(user)
    assert "春季班" not in page(client, "index")
    assert client.get(at("risk", corner.cohort.pk)).status_code == 404


def test_auditors_read_and_do_not_contact(client, cast, corner):
    client.force_login(cast.auditor)
    assert client.get(at("contact", corner.cohort.pk)).status_code == 404
    assert "checkbox" not in page(client, "risk", corner.cohort.pk)


COSTS = {"index": 13, "risk": 13, "grades": 12, "grid": 12, "marking": 8}


@pytest.mark.parametrize("name", COSTS)
def test_one_row_and_many_cost_the_same(
    teacher, cast, tree, corner, name, django_capture_on_commit_callbacks
):
    def cost():
        address = at(name) if name in ("index", "marking") else at(name, corner.cohort.pk)
        with django_capture_on_commit_callbacks(execute=True):  # the versions are kept in the process
            assert teacher.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            teacher.get(address)
        return len(captured)

    def add(number):
        for place in range(number):
            row = enrol(corner.cohort, make_user(f"学员{place}", tree["station"]))
            make_class(corner.cohort, place + number)  # on days of their own
            read(row, place % 3, days_ago=20)
            fail(row, place % 4)
            Contact.objects.create(enrolment=row, number=1, by=cast.instructor, way="phone", note="x")
            make_running(tree, title=f"班{place}")

    add(2)
    few = cost()
    add(8)
    assert (few, cost()) == (COSTS[name], COSTS[name])


@pytest.mark.parametrize("name", SHEETS)
def test_the_sheet_of_many_costs_as_little(teacher, tree, corner, name):
    for number in range(30):
        enrol(corner.cohort, make_user(f"学员{number}"))
    teacher.get(at(name, corner.cohort.pk))
    with CaptureQueriesContext(connection) as captured:
        teacher.get(at(name, corner.cohort.pk))
    assert len(captured) <= 15
