"""A list costs the same number of queries for one row and for many. The numbers are literal: a change is a visible diff."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Job, Notice, Organisation, User
from lms.models import ClassSession, Mute, Report
from tests.architecture.furnishing import furnish
from tests.architecture.routes import FILLED, routes
from tests.factories import (
    ServiceFieldFactory,
    give_role,
    make_announcement,
    make_class,
    make_cohort,
    make_enrolment,
    make_on_pathway,
    make_organisation,
    make_post,
    make_question,
    make_user,
)

# The number of statements is the ORM's, whichever database answers them.
pytestmark = pytest.mark.once

# Lists of the desk as an administrator of the province sees them, of the site as the trainee does.
DESK = {
    "organisations:index": 10,
    "people:index": 13,
    "roles:index": 10,
    "service-fields:index": 10,
    "audit:index": 13,
    "jobs:index": 10,
    "imports:index": 10,
    "cohorts:index": 11,
    "timetable:cohort": 12,
    "assignments:cohort": 13,  # the assignments of its version
    "talk:announcements": 13,
    "talk:questions": 11,
    "talk:discussion": 13,
    "talk:thread": 13,
    "teaching:index": 18,  # two of them read what is kept in the process once a transaction commits
    "application-plans:index": 10,
    "approvals:index": 10,
    "applications:cohort": 13,
    "pathways:index": 10,
    "pathways:people": 13,
    "survey-designs:index": 10,
    "packages:index": 11,
    "packages:results": 11,
    "questions:index": 10,
    "marking:index": 12,
    "questions:bank": 13,
    "questions:alike": 13,
    "cohort-surveys:cohort": 11,
    "supervisors:index": 13,
    "appointments:index": 10,
    "own_trainings:index": 10,
    "pairings:index": 11,
    "pair_wishes:index": 13,
    "sessions:index": 11,
    "agreement_templates:index": 10,
    "competencies:index": 10,
    "supervision_requests:index": 10,
    "supervision_meetings:index": 10,
    "holidays:index": 10,
    "late_records:index": 10,
    "session_reviews:index": 10,
    "late_gatherings:index": 10,
    "circle_reviews:index": 10,
    "supervision_functions:index": 10,
    "supervision_reports:index": 10,
    "supervision_allowances:index": 10,
    "gatherings:index": 10,
    "circles:index": 12,
    "companion_projects:index": 10,
    "evaluation_templates:index": 10,
    "rounds:index": 11,
    "conflicts:index": 10,
    "qualifications:index": 11,
    "level-terms:index": 11,
    "public-notices:index": 10,
    "award-rounds:index": 11,  # whether one may be written
    "payments:index": 15,
    "payments:claims": 9,
    "payments:batches": 10,
    "payments:reversals": 10,
    "payments:budgets": 10,
    "conduct:index": 14,  # looking is audited
    "commendations:index": 10,
    "internships:index": 11,  # their proofs
    "designs:index": 10,
    "posts:index": 12,
    "sectors:index": 10,
    "talent:index": 14,
    "plans:index": 12,
    "forecasts:index": 11,
    "policies:index": 13,  # their versions; whether one may be added
}
SITE = {
    "core:notices": 6,
    "supervision:home": 16,
    "lms:timetable-mine": 10,
    "lms:survey-list": 4,
    "credentials:award-list": 10,
    "lms:talk": 9,
    "lms:talk-questions": 10,
    "lms:talk-discussion": 11,
    "lms:talk-thread": 12,
}
BY_OTHERS = {  # tests/credentials
    *("certificates:index", "hours:index", "hours-rules:index", "issuing:index"),
    *("levels:index", "manual-entries:index", "periods:index", "keys:index"),
    "claims:index",
}


def fill(tree: dict[str, Organisation], reader: User, corner: SimpleNamespace, number: int) -> None:
    """So many more rows of everything that these lists show."""
    for place in range(number):
        organisation = make_organisation(f"第{place}社工站", tree["street"])
        trainee, supervisor = make_user(f"学员{place}", organisation), make_user(f"督导{place}", organisation)
        give_role(trainee, "trainee", organisation)
        rows = furnish(organisation, trainee, supervisor)
        make_cohort(organisation, corner.cohort.version)
        rows.enrolment.pk = None
        rows.enrolment.cohort, rows.enrolment.version = corner.cohort, corner.cohort.version
        rows.enrolment.save()
        make_on_pathway(corner.pathway, trainee.person)
        make_class(corner.cohort, days=place + 2, instructor=supervisor.person)
        Job.objects.create(kind="test", title="x", organisation=organisation, created_by=trainee)
        Notice.objects.create(user=reader, kind="test", title="x", source=f"test:{place}")
        ServiceFieldFactory(code=f"field-{place}", name=f"领域{place}")
        learner = make_user(f"同学{place}", organisation)
        make_enrolment(corner.cohort, learner.person)
        make_announcement(corner.cohort, supervisor)
        make_question(corner.cohort, learner, is_public=True)
        thread = make_post(corner.cohort, learner).thread
        reported = make_post(corner.cohort, learner, corner.post.thread)
        Report.objects.create(post=reported, reporter=trainee, reason="跑题")
        make_post(corner.cohort, supervisor, thread, state="held")
        Mute.objects.create(
            cohort=corner.cohort, user=learner, until=timezone.localdate(), reason="跑题", muted_by=supervisor
        )
        rows.submission.pk, rows.submission.enrolment = None, rows.enrolment
        rows.submission.save()


def cost(client: Client, address: str) -> int:
    """The queries of the second look: the first fills what is kept for all. No cell says a word of Python."""
    page = client.get(address)
    assert page.status_code == 200
    assert not re.search(rb"<td[^>]*>\s*(True|False|None)\s*</td>", page.content), address
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.fixture
def leader(cast: SimpleNamespace, tree: dict[str, Organisation]) -> User:
    user = make_user("元首善", tree["province"])
    give_role(user, "administrator", tree["province"])
    return user


@pytest.mark.parametrize("name", [*DESK, *SITE])
def test_one_row_and_many_cost_the_same(
    client: Client, cast: SimpleNamespace, tree: dict[str, Organisation], leader: User, name: str
) -> None:
    reader = leader if name in DESK else cast.trainee
    corner = furnish(tree["district"], cast.trainee, cast.supervisor)
    ClassSession.objects.update(instructor=cast.supervisor.person)  # somebody teaches from the first row on
    client.force_login(reader)
    address = reverse(name, kwargs=FILLED[name](corner) if name in FILLED else None)
    few = cost(client, address)
    fill(tree, reader, corner, 6)
    assert (few, cost(client, address)) == (wanted := (DESK | SITE)[name], wanted)


def test_every_list_of_the_desk_is_counted() -> None:
    lists = {
        route.name
        for route in routes()
        if route.name.endswith(":index") and not route.name.startswith("wagtail")
    }
    assert lists - BY_OTHERS <= DESK.keys()
