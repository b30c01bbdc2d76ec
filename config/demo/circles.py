"""The sample circles: a group of the demo supervisor, a peer circle of the demo trainee, an open class of Zhengzhou."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.utils import timezone

from config.demo.teaching import as_of
from core.models import Organisation, Person, User
from supervision.circles.actions import (
    confirm_part,
    create_circle,
    invite_members,
    join_circle,
    log_gathering,
    plan_series,
    propose_gathering_amendment,
)
from supervision.circles.models import Circle, Gathering
from supervision.circles.policy import GatheringFacts, Shared
from supervision.functions.models import LocalFunction
from supervision.projects.actions import (
    accept_deliverable,
    begin_project,
    hand_in_deliverable,
    link_visit,
    plan_deliverable,
)
from supervision.projects.models import CompanionProject
from supervision.sessions.actions import confirm_session, log_session
from supervision.sessions.policy import Agreed, Case, SessionFacts, Written
from supervision.supervisors.models import Supervisor

TALKS = (
    ("三个困境儿童个案的预估，怎样区分需要和诉求。", "下次每人带一份预估表。"),
    ("入户时遇到家属情绪激动，怎么稳住场面。", "整理一页安全约定，贴在站里。"),
    ("转介以后怎样跟进，什么时候可以结案。", "试用转介回访表两周。"),
)


def gather_in_circles(
    supervisors: Sequence[Supervisor],
    people: dict[str, list[Person]],
    accounts: dict[str, User],
    named: dict[str, Organisation],
) -> None:
    """Three circles with gatherings that are confirmed, waiting and planned. Idempotent."""
    if Circle.objects.exists():
        return
    trainees = [accounts[f"{name}@example.com"].person for name in ("trainee", "halfway", "graduate")]
    gather_in_group("个案督导小组", supervisors[0].person, trainees, named["district"])
    peers = _circle(
        "peer", "一线社工同辈小组", trainees[0], trainees[0].employer or named["district"], "invitation", 6
    )
    _join(peers, people["tianjin"][62:65])
    _held(peers, people["tianjin"][62:65], days_ago=16, hour=12, confirms=2, talk=2)
    late = _held(peers, people["tianjin"][62:65], days_ago=40, recorded=2, hour=12, confirms=0, talk=0)
    assert late.late_records.get().is_waiting
    open_class = _circle(
        "open", "社区矫正实务开放课", supervisors[3].person, named["zhengzhou_agency"], "open", 60
    )
    luohe = people["luohe"][75:95]
    _join(open_class, luohe)
    _held(open_class, luohe[:16], days_ago=12, hour=15, confirms=10, talk=1)


def gather_in_group(name: str, leader: Person, members: Sequence[Person], at: Organisation) -> None:
    """A group of a supervisor: a gathering that all have confirmed, with a correction, one that waits for most, one that is planned."""
    group = _circle("group", name, leader, at, "request", 8)
    _join(group, members)
    corrected = _held(group, members, days_ago=30, hour=17, confirms=len(members), talk=0)
    _held(group, members, days_ago=9, hour=17, confirms=1, talk=1)
    _plan(group, days=5, hour=17)
    _propose(corrected, members[0])


def _circle(kind: str, name: str, leader: Person, at: Organisation, admission: str, capacity: int) -> Circle:
    return create_circle(
        kind=kind,
        name=name,
        organisation=at,
        leader=leader,
        admission=admission,
        capacity=capacity,
        purpose="带着代号化的个案来，互相听、互相问，每次约定一件要试的事（示例）。",
        every_days=14,
        actor=None,
    )


def _join(circle: Circle, people: Sequence[Person]) -> None:
    with as_of(_at(-60, 9)):
        if circle.admission != "open":
            invite_members(circle=circle, people=people, actor=circle.leader.user)
        for person in people:
            join_circle(circle=circle, person=person, actor=person.user)


def _at(days: int, hour: int) -> datetime.datetime:
    day = timezone.localdate() + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _held(
    circle: Circle,
    people: Sequence[Person],
    *,
    days_ago: int,
    hour: int,
    confirms: int,
    talk: int,
    recorded: int | None = None,
) -> Gathering:
    """A gathering that was recorded the next morning, or late, `recorded` days ago; the first so many have confirmed. The
    last one left earlier."""
    starts_at = _at(-days_ago, hour)
    minutes = [90] * (len(people) - 1) + [60]
    topics, agreed = TALKS[talk]
    functions, shares = ("educational", "supportive", *_local(circle)), None
    if len(functions) == 2:
        shares = (("educational", 70), ("supportive", 30))
    with as_of(_at(-recorded if recorded else 1 - days_ago, 8)):
        gathering = log_gathering(
            circle=circle,
            actor=circle.leader.user,
            facts=GatheringFacts(
                starts_at,
                starts_at + datetime.timedelta(minutes=90),
                mode="universal" if circle.kind == "open" else "accompanying",
                setting="online" if circle.kind == "open" else "on_site",
                functions=functions,
                shares=shares,
            ),
            shared=Shared(
                topics,
                agreed,
                "两周后回看。",
                advice="先写清风险，再谈目标。",
                cases=(Case(f"A2026-{talk + 1:03}", "medium"),),
                agreed=(
                    Agreed("all", "读完下次要用的材料", starts_at.date() + datetime.timedelta(days=14)),
                    Agreed(str(people[0].pk), "准备一个个案", starts_at.date() + datetime.timedelta(days=12)),
                ),
            ),
            late_reason="活动现场没有网络，资料回站后才补齐（示例）。" if recorded else "",
            came={person.pk: each for person, each in zip(people, minutes, strict=True)},
            key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo-circle-{circle.name}-{days_ago}"),
        )
    with as_of(_at(1 - days_ago, 9)):
        for part in gathering.parts.select_related("person__user").order_by("pk")[:confirms]:
            confirm_part(part=part, actor=part.person.user)
    return gathering


def _local(circle: Circle) -> list[str]:
    """One function that the circle's place has added."""
    return list(LocalFunction.objects.at(circle.place.path).order_by("pk").values_list("name", flat=True)[:1])


def _propose(gathering: Gathering, person: Person) -> None:
    """A correction that waits for the one whose own minutes it changes."""
    with as_of(_at(-6, 9)):
        propose_gathering_amendment(
            gathering=gathering,
            actor=gathering.leader.user,
            facts=gathering.facts,
            shared=gathering.contents.get().shared,
            minutes={person.pk: 75},
            reason="签到表上写的是提前十五分钟离开（示例）。",
        )


def _plan(circle: Circle, *, days: int, hour: int) -> None:
    """Three gatherings, every two weeks."""
    starts = [_at(days + 14 * number, hour) for number in range(3)]
    plan_series(
        circle=circle,
        actor=circle.leader.user,
        spans=[(start, start + datetime.timedelta(minutes=90)) for start in starts],
        key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo-circle-{circle.name}-plan"),
        setting="online",
        subject="家暴个案的安全计划",
        link="https://meeting.example.com/demo",
    )


def accompany_projects(supervisor: Supervisor, began: int = 60) -> None:
    """A project under way of a supervisor's first mentee, with something accepted, due and overdue; it has begun so many
    days ago. Idempotent."""
    pairing = supervisor.pairings.open().select_related("mentee__user", "organisation").order_by("pk").first()
    if pairing is None or CompanionProject.objects.filter(supervisor=supervisor).exists():
        return
    today, actor, mentee = timezone.localdate(), supervisor.person.user, pairing.mentee
    with as_of(_at(-began, 9)):
        project = begin_project(
            supervisor=supervisor,
            mentees=[mentee],
            organisation=pairing.organisation,
            title="老年友好社区营造（示例）",
            goals="摸清社区老年人的需求，做一份服务计划，办成三次活动（示例）。",
            starts_on=today - datetime.timedelta(days=began),
            ends_on=today + datetime.timedelta(days=60),
            actor=actor,
        )
        things = [
            plan_deliverable(
                project=project, actor=actor, title=title, due_on=today + datetime.timedelta(days=days)
            )
            for title, days in (
                ("需求评估报告", -began // 2),
                ("服务计划书", -4),
                ("中期小结", 12),
                ("总结报告", 55),
            )
        ]
    with as_of(_at(-began // 2 - 3, 17)):
        said = "报告放在社工站档案柜第三格，电子版随后补传（示例）。"
        hand_in_deliverable(deliverable=things[0], person=mentee, actor=mentee.user, message=said)
    with as_of(_at(-began // 2 - 1, 10)):
        accept_deliverable(deliverable=things[0], actor=actor, note="数据扎实，建议补上独居老人名单的来源。")
    for days_ago, confirmed in ((began - 19, True), (began // 3, False)):
        starts_at = _at(-days_ago, 15)
        with as_of(_at(1 - days_ago, 8)):
            session = log_session(
                pairing=pairing,
                actor=actor,
                facts=SessionFacts(
                    starts_at,
                    starts_at + datetime.timedelta(minutes=120),
                    mode="accompanying",
                    setting="observation",
                    functions=("educational",),
                ),
                written=Written(topics="一起走访、看现场，再回站里复盘。", follow_up="下次带初稿来。"),
                key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo-project-{supervisor.code}-{days_ago}"),
            )
            if confirmed:
                confirm_session(session=session, actor=mentee.user)
                link_visit(project=project, actor=actor, session=session)
