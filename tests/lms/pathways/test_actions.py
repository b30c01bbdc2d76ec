from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from lms.enrolments.actions import complete_if_done
from lms.models import Pathway, PathwayEnrolment
from lms.pathways import actions
from lms.pathways.actions import (
    PathwayRefused,
    Wanted,
    change_pathway,
    close_pathway,
    complete_pathway,
    expire_pathways,
    join_pathway,
    leave_pathway,
    reconcile,
)
from lms.pathways.queries import pathways_of, progress_in
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_learned,
    make_on_pathway,
    make_organisation,
    make_pathway,
    make_user,
    make_version,
)


@pytest.fixture
def versions(db):
    return [make_version() for _ in range(3)]


@pytest.fixture
def pathway(tree, versions):
    """One required course and one of two others, valid for a year."""
    return make_pathway(tree["district"], *versions, groups={1: "a", 2: "a"}, valid_months=12)


def complete(tree, person, version, days_ago=0):
    """The course completed in a new cohort, as of so many days ago."""
    moment = timezone.now() - timedelta(days=days_ago)
    cohort = make_cohort(tree["district"], version)
    return make_enrolment(cohort, person, "completed", completed_at=moment)


def join(pathway, user):
    return join_pathway(pathway=pathway, person=user.person, actor=user)


def acts():
    return set(AuditEntry.objects.filter(action__contains="pathway").values_list("action", flat=True))


def make(tree, cast, wanted, **fields):
    defaults = {"title": "全科社工", "organisation": tree["district"], "actor": cast.administrator}
    return actions.make_pathway(courses=wanted, **defaults | fields)


def test_a_pathway_is_made_of_courses_in_their_order(tree, cast, versions):
    wanted = [Wanted(version.course, "a" if number else "", 30) for number, version in enumerate(versions)]
    made = make(tree, cast, wanted)
    assert [row.course_id for row in made.courses.all()] == [version.course_id for version in versions]
    assert acts() == {"lms.make_pathway"}


def test_nonsense_is_no_pathway(tree, cast, versions):
    one = Wanted(versions[0].course)
    electives = [Wanted(version.course, "a") for version in versions[:2]]
    for wanted, fields in (
        ([], {}),
        ([one, one], {}),
        (electives, {"at_least_a": 3}),
        (electives, {"at_least_a": 0}),
    ):
        with pytest.raises(PathwayRefused):
            make(tree, cast, wanted, **fields)
    assert not Pathway.objects.exists()


def test_a_change_holds_for_those_who_join_later(pathway, cast, versions):
    before = join(pathway, cast.trainee)
    only = [Wanted(versions[0].course)]
    change_pathway(pathway=pathway, courses=only, actor=cast.administrator, title="新名称", valid_months=None)
    after = join(pathway, cast.other_trainee)
    before.refresh_from_db()
    assert len(before.frozen.steps) == 3
    assert before.frozen.months == 12
    assert len(after.frozen.steps) == 1
    assert after.frozen.months is None


def test_what_was_completed_before_counts_in_the_first_round(pathway, tree, cast, versions):
    complete(tree, cast.trainee.person, versions[0], days_ago=100)
    complete(tree, cast.trainee.person, versions[2], days_ago=10)
    enrolment = join(pathway, cast.trainee)
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"
    assert enrolment.completed_on == timezone.localdate()  # nobody completes before joining
    assert enrolment.expires_on > timezone.localdate() + timedelta(days=360)


def test_the_last_course_completes_the_pathway(pathway, tree, cast, versions):
    enrolment = join(pathway, cast.trainee)
    complete(tree, cast.trainee.person, versions[1])
    last = make_learned(make_enrolment(make_cohort(tree["district"], versions[0]), cast.trainee.person))
    complete_if_done(enrolment=last)
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"
    assert acts() == {"lms.join_pathway", "lms.complete_pathway"}
    assert Notice.objects.filter(user=cast.trainee, kind="lms.pathway_completed").count() == 1
    assert complete_pathway(enrolment=enrolment) is False


def test_a_pathway_that_misses_something_goes_on(pathway, tree, cast, versions):
    enrolment = join(pathway, cast.trainee)
    complete(tree, cast.trainee.person, versions[1])
    complete(tree, cast.trainee.person, versions[2])
    assert complete_pathway(enrolment=enrolment) is False
    assert progress_in(enrolment).done == 1


def test_nobody_is_twice_on_the_same_way(pathway, cast):
    join(pathway, cast.trainee)
    with pytest.raises(PathwayRefused):
        join(pathway, cast.trainee)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_on_pathway(pathway, cast.trainee.person, round=2)


def test_a_closed_pathway_takes_nobody_and_keeps_those_on_it(pathway, cast):
    enrolment = join(pathway, cast.trainee)
    assert close_pathway(pathway=pathway, actor=cast.administrator)
    assert not close_pathway(pathway=pathway, actor=cast.administrator)
    with pytest.raises(PathwayRefused):
        join(pathway, cast.other_trainee)
    enrolment.refresh_from_db()
    assert enrolment.state == "running"


@pytest.mark.parametrize("part", ["administrator", "other_trainee"])
def test_nobody_leaves_for_somebody_else(pathway, cast, part):
    enrolment = join(pathway, cast.trainee)
    with pytest.raises(PathwayRefused):
        leave_pathway(enrolment=enrolment, actor=getattr(cast, part))
    enrolment.refresh_from_db()
    assert enrolment.state == "running"


def test_who_left_can_begin_again_and_the_past_counts(pathway, tree, cast, versions):
    complete(tree, cast.trainee.person, versions[0], days_ago=9)
    first = join(pathway, cast.trainee)
    leave_pathway(enrolment=first, actor=cast.trainee)
    with pytest.raises(IllegalMove):
        leave_pathway(enrolment=first, actor=cast.trainee)
    second = join(pathway, cast.trainee)
    assert second.round == 2
    assert progress_in(second).done == 1


def test_a_new_round_counts_only_what_is_completed_in_it(pathway, tree, cast, versions):
    today = timezone.localdate()
    for version in versions[:2]:
        complete(tree, cast.trainee.person, version, days_ago=300)
    first = make_on_pathway(
        pathway,
        cast.trainee.person,
        state="completed",
        joined_on=today - timedelta(days=320),
        completed_on=today - timedelta(days=300),
        expires_on=today + timedelta(days=65),
    )
    second = join(pathway, cast.trainee)
    assert (second.round, second.state, progress_in(second).done) == (2, "running", 0)
    complete(tree, cast.trainee.person, versions[0])
    complete(tree, cast.trainee.person, versions[2])
    assert complete_pathway(enrolment=second)
    first.refresh_from_db()
    assert (first.state, first.completed_on) == ("completed", today - timedelta(days=300))


def test_a_short_result_is_not_renewed_by_what_earned_it(tree, cast, versions):
    pathway = make_pathway(tree["district"], versions[0], valid_months=1)
    complete(tree, cast.trainee.person, versions[0])
    assert join(pathway, cast.trainee).state == "completed"
    assert join(pathway, cast.trainee).state == "running"  # at once renewable, and nothing counts twice


@pytest.mark.parametrize("left", [91, 400])
def test_a_valid_result_is_not_renewed_too_early(pathway, cast, left):
    today = timezone.localdate()
    make_on_pathway(
        pathway,
        cast.trainee.person,
        state="completed",
        completed_on=today,
        expires_on=today + timedelta(days=left),
    )
    with pytest.raises(PathwayRefused):
        join(pathway, cast.trainee)


def test_a_result_runs_out_after_its_last_day(pathway, cast):
    with time_machine.travel("2026-03-14T10:00+08:00", tick=False):
        day = timezone.localdate()
        row = make_on_pathway(
            pathway, cast.trainee.person, state="completed", completed_on=day, expires_on=day
        )
    for clock, expired in (("2026-03-14T23:30+08:00", 0), ("2026-03-15T00:30+08:00", 1), ("2026-03-16", 0)):
        with time_machine.travel(clock, tick=False):
            assert expire_pathways()[0] == expired
    row.refresh_from_db()
    assert row.state == "expired"
    assert Notice.objects.filter(kind="lms.pathway_expired").count() == 1


def test_who_nears_the_end_is_reminded_three_times(pathway, cast):
    today = timezone.localdate()
    make_on_pathway(
        pathway,
        cast.trainee.person,
        state="completed",
        completed_on=today,
        expires_on=today + timedelta(days=70),
    )
    told = []
    for days in range(71):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            told.append(expire_pathways()[1])
    assert [number for number, count in enumerate(told) if count] == [10, 40, 63]


def test_who_has_renewed_is_left_alone(pathway, cast):
    today = timezone.localdate()
    near = {"completed_on": today, "expires_on": today + timedelta(days=5), "state": "completed"}
    make_on_pathway(pathway, cast.trainee.person, **near)
    later = near | {"expires_on": today + timedelta(days=365)}
    make_on_pathway(pathway, cast.trainee.person, round=2, **later)
    assert expire_pathways() == (0, 0)


def test_what_was_reached_unnoticed_is_completed_later(pathway, tree, cast, versions):
    row = make_on_pathway(pathway, cast.trainee.person)
    for version in versions[:2]:
        complete(tree, cast.trainee.person, version)
    assert len(reconcile()) == 1
    row.refresh_from_db()
    assert row.state == "completed"
    assert reconcile() == []


def test_the_cards_of_many_pathways_cost_two_queries(
    pathway, tree, cast, versions, django_assert_num_queries
):
    for _ in range(4):
        make_on_pathway(make_pathway(tree["district"], *versions), cast.trainee.person)
    with django_assert_num_queries(2):
        assert len(pathways_of(cast.trainee.person)) == 4


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_many_clicks_begin_one_round():
    pathway, user = make_pathway(make_organisation("示例机构")), make_user()

    def one(_):
        close_old_connections()
        try:
            return join_pathway(pathway=pathway, person=user.person, actor=user).pk
        except PathwayRefused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        done = [each for each in pool.map(one, range(12)) if each]
    assert len(done) == PathwayEnrolment.objects.count() == 1
