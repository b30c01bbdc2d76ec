"""Tianjin's three-level talent plan, posts in seven sectors, routes, and who agrees to be listed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone

from core.models import Organisation, Person, ServiceField, User
from credentials.models import Post, QualificationLevel, Sector, TalentPlan
from credentials.plans.actions import close_plan, divide_target, make_plan, set_target, start_plan
from credentials.plans.queries import children_of
from credentials.plans.states import TargetKind
from credentials.posts.actions import end_post, give_post, record_route, save_post
from credentials.posts.states import Route
from credentials.talent.actions import agree_to_be_listed, reconcile

TITLES = (
    "社区社工岗",
    "学校社工岗",
    "医务社工岗",
    "司法社工岗",
    "信访社工岗",
    "应急社工岗",
    "退役军人服务社工岗",
)
LISTED_OF_TEN = 7


def plan_talent(named: dict[str, Organisation], accounts: dict[str, User], people: Sequence[Person]) -> None:
    """Posts with holders, routes, consents and the plan of this year in three tiers. Idempotent."""
    officer, city = accounts["city@example.com"], named["tianjin"]
    if TalentPlan.objects.filter(organisation=city).exists():
        return
    _fill_posts(people, officer)
    today = timezone.localdate()
    for number, person in enumerate(people):
        since = today.replace(year=today.year - number % 4, month=1, day=1 + number % 28)
        record_route(person=person, route=Route.values[number % 3], since=since, note="示例", actor=officer)
    own = [
        accounts[f"{name}@example.com"].person for name in ("trainee", "halfway", "graduate", "supervisor")
    ]
    for number, person in enumerate(own):
        if not person.fields.exists():
            person.fields.set(ServiceField.objects.order_by("position")[number : number + 6 : 3])
    reconcile()
    for number, person in enumerate([*own, *people]):
        if number % 10 < LISTED_OF_TEN:
            agree_to_be_listed(person=person, actor=person.user)
    _plan(city, officer, accounts["district@example.com"], named["district"])
    _plans_besides(city, officer)


def _fill_posts(people: Sequence[Person], officer: User) -> None:
    """At every second station a post of one sector; somebody who works there holds it, of every other one nobody."""
    sectors = list(Sector.objects.order_by("position"))
    began = timezone.localdate() - datetime.timedelta(days=200)
    filled: set[int] = set()
    for number, person in enumerate(people):
        if person.employer_id is None or person.employer_id in filled or number % 2:
            continue
        filled.add(person.employer_id)
        place = number // 2 % len(sectors)
        post = Post(
            organisation_id=person.employer_id,
            sector=sectors[place],
            title=TITLES[place],
            places=1 + number % 3,
        )
        save_post(post=post, actor=officer)
        if number % 6:
            holding = give_post(post=post, person=person, starts_on=began, actor=officer)
            if number % 14 == 2:  # moved on since: the place is free again
                end_post(holding=holding, ends_on=began + datetime.timedelta(days=150), actor=officer)


def _plan(city: Organisation, officer: User, below: User, district: Organisation) -> None:
    """The city's targets, passed on to its districts; one district passes its own on to its streets."""
    year = timezone.localdate().year
    plan = make_plan(
        organisation=city, year=year, title="三级社会工作人才培养计划（示例）", note="示例数据", actor=officer
    )
    level = QualificationLevel.objects.order_by("position").first()
    targets = [
        set_target(plan=plan, kind=TargetKind.TRAINED, number=60, actor=officer),
        set_target(plan=plan, kind=TargetKind.TRAINED, route=Route.RECRUITED, number=20, actor=officer),
        set_target(plan=plan, kind=TargetKind.QUALIFIED, level=level, number=12, actor=officer),
        *(
            set_target(
                plan=plan, kind=TargetKind.POSTED, sector=sector, number=4 + 2 * (number == 0), actor=officer
            )
            for number, sector in enumerate(Sector.objects.order_by("position"))
        ),
    ]
    children = children_of(city)
    for place, target in enumerate(targets[:4]):
        share, left = divmod(target.number, max(len(children), 1))
        left = 0 if place == 0 else left  # of the first target some is not passed on yet
        numbers: dict[int, int | None] = {
            child.pk: (share + (number < left)) or None for number, child in enumerate(children)
        }
        divide_target(target=target, numbers=numbers, actor=officer)
    start_plan(plan=plan, actor=officer)
    theirs = TalentPlan.objects.filter(organisation=district, year=year).first()
    if theirs is not None:
        streets = children_of(district)
        for target in list(theirs.targets.all())[:2]:
            divide_target(target=target, numbers={each.pk: 1 for each in streets}, actor=below)
        start_plan(plan=theirs, actor=below)


def _plans_besides(city: Organisation, officer: User) -> None:
    """Last year's plan, closed with its figures, and a draft for next year."""
    year = timezone.localdate().year
    for when, number in ((year - 1, 40), (year + 1, 80)):
        title = f"{when}年三级社会工作人才培养计划（示例）"
        plan = make_plan(organisation=city, year=when, title=title, note="示例数据", actor=officer)
        set_target(plan=plan, kind=TargetKind.TRAINED, number=number, actor=officer)
        set_target(plan=plan, kind=TargetKind.QUALIFIED, number=number // 4, actor=officer)
        if when < year:
            start_plan(plan=plan, actor=officer)
            plan.refresh_from_db()
            close_plan(plan=plan, actor=officer)
