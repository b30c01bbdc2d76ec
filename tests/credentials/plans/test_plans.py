"""A plan cascades down the tree and its completions roll up."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, Person
from core.states import IllegalMove
from credentials.models import PlanTarget, TalentPlan, TalentProfile
from credentials.plans.actions import (
    PlanRefused,
    close_plan,
    divide_target,
    make_plan,
    remove_target,
    set_target,
    start_plan,
)
from credentials.plans.queries import Achieved, desk_plans, overview, rows_of, targets_of
from credentials.posts.actions import give_post, record_route
from credentials.talent import actions as talent
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_period,
    make_plan_of,
    make_qualification,
    make_staff_post,
)

YEAR = timezone.localdate().year


@pytest.fixture
def plan(cast, tree):
    return make_plan_of(tree["city"], cast.city_administrator, trained=10, qualified=4, posted=2)


@pytest.fixture
def reached(cast, tree):
    """One in our district has done everything, one in the other has completed a course."""
    for user, place in ((cast.trainee, "district"), (cast.outside_trainee, "other_district")):
        make_enrolment(make_cohort(tree[place]), user.person, "completed")
    make_enrolment(make_cohort(tree["city"]), cast.trainee.person, "completed")  # a person counts once
    make_qualification(cast.trainee.person, days_ago=0)
    post = make_staff_post(tree["station"])
    give_post(post=post, person=cast.trainee.person, starts_on=timezone.localdate(), actor=cast.administrator)
    record_route(
        person=cast.trainee.person, route="promoted", since=timezone.localdate(), actor=cast.administrator
    )
    talent.reconcile()


def target_of(plan, kind="trained"):
    return plan.targets.get(kind=kind)


def test_targets_cascade_and_what_does_not_add_up_is_named(cast, tree, plan):
    target = target_of(plan)
    shares = {tree["district"].pk: 6, tree["other_district"].pk: 3, tree["agency"].pk: 99}
    assert divide_target(target=target, numbers=shares, actor=cast.city_administrator) == 2
    assert divide_target(target=target, numbers=shares, actor=cast.city_administrator) == 0
    (row, *_rest) = rows_of(plan)
    assert (row.division.shared, row.division.under, row.division.over) == (9, 1, 0)
    district = TalentPlan.objects.get(organisation=tree["district"])
    assert (district.parent, district.state) == (plan, "draft")
    told = Notice.objects.filter(user=cast.administrator, kind="plan")
    before = told.count()
    assert before
    for number in (7, 6):  # back to what it was is news as well
        divide_target(target=target, numbers={tree["district"].pk: number}, actor=cast.city_administrator)
    assert told.count() == before + 2
    passed = target_of(district)
    with pytest.raises(PlanRefused):  # it is changed above
        set_target(plan=district, kind="trained", number=2, actor=cast.administrator)
    with pytest.raises(PlanRefused):
        remove_target(target=passed, actor=cast.administrator)
    divide_target(target=passed, numbers={tree["street"].pk: 8}, actor=cast.administrator)
    assert rows_of(district)[0].division.over == 2
    street = TalentPlan.objects.get(organisation=tree["street"])
    assert target_of(street).parent == passed
    divide_target(target=target, numbers={tree["district"].pk: 7}, actor=cast.city_administrator)
    assert target_of(district).number == 7
    assert rows_of(plan)[0].division.under == 0


def test_of_a_place_that_was_moved_the_targets_are_its_own_until_the_new_place_above_passes_some_on(
    cast, tree, plan
):
    for place in ("district", "other_district"):
        numbers = {tree[place].pk: 5}
        divide_target(target=target_of(plan), numbers=numbers, actor=cast.city_administrator)
    ours, theirs = (
        TalentPlan.objects.get(organisation=tree[place]) for place in ("district", "other_district")
    )
    divide_target(target=target_of(ours), numbers={tree["street"].pk: 4}, actor=cast.administrator)
    tree["street"].move(tree["other_district"], "last-child")
    street = TalentPlan.objects.get(organisation=tree["street"])
    assert rows_of(ours)[0].given == []
    set_target(plan=street, kind="trained", number=2, actor=cast.outsider)
    assert (target_of(street).number, target_of(street).parent) == (2, None)
    divide_target(target=target_of(theirs), numbers={tree["street"].pk: 3}, actor=cast.outsider)
    street.refresh_from_db()
    assert (street.parent, target_of(street).parent, target_of(street).number) == (
        theirs,
        target_of(theirs),
        3,
    )
    with pytest.raises(PlanRefused):
        set_target(plan=street, kind="trained", number=2, actor=cast.outsider)


def test_completions_roll_up_from_what_really_happened(cast, tree, plan, reached):
    divide_target(
        target=target_of(plan),
        numbers={tree["district"].pk: 1, tree["other_district"].pk: 2},
        actor=cast.city_administrator,
    )
    rows = {row.target.kind: row for row in rows_of(plan)}
    assert {kind: row.progress.done for kind, row in rows.items()} == {
        "trained": 2,
        "qualified": 1,
        "posted": 1,
    }
    assert [share.progress.done for share in rows["trained"].given] == [1, 1]
    assert [share.progress.missing for share in rows["trained"].given] == [0, 1]
    recruited = set_target(
        plan=plan, kind="trained", route="promoted", number=1, actor=cast.city_administrator
    )
    assert next(row for row in rows_of(plan) if row.target == recruited).progress.reached
    line = overview([plan])[0]
    assert line.missing == 8 + 3 + 1
    # Whoever was promoted is among all who were trained: neither the target nor the person is counted twice.
    assert (line.kinds[0].number, line.kinds[0].done) == (10, 2)
    set_target(plan=plan, kind="trained", route="recruited", number=9, actor=cast.city_administrator)
    assert overview([plan])[0].kinds[0].missing == 9


def test_what_was_gained_two_years_ago_is_no_gain_of_this_year(cast, tree, plan):
    make_qualification(cast.trainee.person, days_ago=2 * 366)
    make_period(cast.trainee.person)
    rows = {row.target.kind: row for row in rows_of(plan)}
    assert rows["qualified"].progress.done == 0


def test_states_and_frozen_figures(cast, tree, plan, reached):
    with pytest.raises(PlanRefused):  # a second plan
        make_plan(organisation=tree["city"], year=YEAR, title="又一个", actor=cast.city_administrator)
    empty = make_plan(organisation=tree["district"], year=YEAR, title="空", actor=cast.administrator)
    with pytest.raises(PlanRefused):
        start_plan(plan=empty, actor=cast.administrator)
    with pytest.raises(IllegalMove):
        close_plan(plan=plan, actor=cast.city_administrator)
    start_plan(plan=plan, actor=cast.city_administrator)
    with pytest.raises(PlanRefused):
        remove_target(target=target_of(plan), actor=cast.city_administrator)
    close_plan(plan=plan, actor=cast.city_administrator)
    make_enrolment(make_cohort(tree["city"]), cast.other_trainee.person, "completed")
    assert rows_of(plan)[0].progress.done == 2
    with pytest.raises(PlanRefused):
        set_target(plan=plan, kind="trained", number=2, actor=cast.city_administrator)
    acts = AuditEntry.objects.for_instance(plan).values_list("action", flat=True)
    assert {
        "credentials.make_plan",
        "credentials.set_target",
        "credentials.start_plan",
        "credentials.close_plan",
    } <= set(acts)


def test_the_database_itself_refuses_what_makes_no_sense(cast, tree, plan):
    sector = make_staff_post(tree["station"]).sector
    for wrong in (
        {"kind": "trained", "sector": sector},
        {"kind": "posted", "route": "trained"},
        {"kind": "trained"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanTarget.objects.create(plan=plan, number=1, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        TalentPlan.objects.filter(pk=plan.pk).update(state="closed")


def test_the_pages(client, cast, tree, plan, reached, django_assert_max_num_queries):
    client.force_login(cast.city_administrator)
    inspect, divide = (
        reverse("plans:inspect", args=[plan.pk]),
        reverse("plans:divide", args=[target_of(plan).pk]),
    )
    assert client.get(reverse("plans:index"), {"year": "99999", "tier": "x"}).status_code == 200
    data = {f"to_{tree['district'].pk}": "5", f"to_{tree['other_district'].pk}": ""}
    client.post(divide, data)
    assert client.get(divide).status_code == 200
    wrong = client.post(inspect, {"set": "1", "kind": "posted", "route": "trained", "number": "x"})
    assert set(wrong.context["form"].errors) == {"route", "number"}
    client.post(inspect, {"set": "1", "kind": "trained", "route": "trained", "number": "3"})
    client.post(inspect, {"start": "1"})
    client.post(inspect, {"start": "1"})
    plan.refresh_from_db()
    assert plan.state == "in_force"
    client.get(inspect)
    with django_assert_max_num_queries(24):
        assert client.get(inspect).status_code == 200
    added = {"organisation": tree["other_district"].pk, "year": YEAR + 1, "title": "明年计划"}
    assert client.post(reverse("plans:add"), added).status_code == 302
    client.force_login(cast.administrator)
    given = TalentPlan.objects.get(organisation=tree["district"], year=YEAR)
    page = client.post(
        reverse("plans:inspect", args=[given.pk]), {"set": "1", "kind": "trained", "number": "77"}
    )
    assert page.context["form"]["number"].value() == "77" and "number" in page.context["form"].errors
    TalentPlan.objects.filter(pk=given.pk).update(
        state="closed", started_at=timezone.now(), closed_at=timezone.now()
    )
    client.force_login(cast.city_administrator)
    page = client.post(divide, {f"to_{tree['district'].pk}": "9"})
    assert page.context["form"][f"to_{tree['district'].pk}"].value() == "9"
    client.force_login(cast.auditor)
    theirs = TalentPlan.objects.get(organisation=tree["district"])
    assert client.get(reverse("plans:inspect", args=[theirs.pk])).status_code == 200
    assert client.post(reverse("plans:inspect", args=[theirs.pk]), {"start": "1"}).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(reverse("plans:inspect", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("plans:remove", args=[target_of(theirs).pk])).status_code == 404


def test_everybody_counts_for_a_plan_and_whoever_reads_it_may_see_each_of_them(
    client, cast, tree, plan, reached
):
    assert not TalentProfile.objects.filter(is_listed=True).exists()
    share = {tree["district"].pk: 3, tree["other_district"].pk: 2}
    divide_target(target=target_of(plan), numbers=share, actor=cast.city_administrator)
    assert rows_of(plan)[0].progress.done == 2
    for reader in (cast.city_administrator, cast.administrator, cast.auditor):
        for each in desk_plans(reader):
            achieved = Achieved(each.organisation.path, each.year)
            counted = {fact[1] for target in targets_of([each]) for fact in achieved.facts(target)}
            assert counted <= set(Person.objects.visible_to(reader).values_list("pk", flat=True))
            client.force_login(reader)
            page = client.get(reverse("plans:inspect", args=[each.pk]))
            listed = f"{reverse('talent:index')}?place={each.organisation_id}"
            assert listed in page.content.decode()
            assert not client.get(listed).context["found"].rows.filter(person=cast.trainee.person).exists()
