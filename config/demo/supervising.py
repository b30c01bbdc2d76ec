"""The sample supervisors (Zhengzhou's 134), their pairings and a few months of sessions."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.utils import timezone

from config.demo.records import at
from config.demo.teaching import as_of
from core.models import Organisation, Person, ServiceField, User
from supervision.agreements.actions import (
    accept_agreement,
    draft_agreement,
    propose_agreement,
    save_agreement_template,
)
from supervision.agreements.models import Agreement, AgreementTemplate
from supervision.appointments.actions import Said, apply_to_supervise
from supervision.appointments.models import SupervisorApplication
from supervision.goals.actions import note_progress, set_goal
from supervision.goals.models import Competency
from supervision.pairings.actions import create_pairing
from supervision.pairings.models import Pairing
from supervision.requests.actions import ask_supervisor
from supervision.requests.models import PairingRequest
from supervision.sessions.actions import (
    confirm_session,
    log_session,
)
from supervision.sessions.policy import SessionFacts, Written
from supervision.supervisors.actions import Offer, designate, register_supervisor
from supervision.supervisors.models import DEFAULT_CAPACITY, SupervisionNorm, Supervisor
from supervision.supervisors.states import Tier

ISSUERS = {
    "TJ": "天津市社会工作主管部门（示例）",
    "SV": "郑州市社会工作主管部门（示例）",
}  # by the letters of the code
SPLIT = ((Tier.JUNIOR, 106), (Tier.INTERMEDIATE, 21), (Tier.SENIOR, 7))  # 134 in all
PLACES = {Tier.JUNIOR: 8, Tier.INTERMEDIATE: 12, Tier.SENIOR: 16}  # of each who serves the whole province
POPULATIONS = ("老年人", "儿童", "青少年", "残疾人", "困境家庭", "社区矫正对象", "退役军人")
TALKS = (
    ("接案阶段怎样把话题从抱怨引到目标。", "先复述对方的处境，再问“要是好一点，会先看到什么变化”。"),
    ("入户探访前的准备和安全约定。", "带齐证件，两人同行，提前和社区说好返回时间。"),
    ("项目中期数据对不上怎么办。", "先核对服务记录的口径，再补录，不改原始表。"),
    ("连续处理三个高风险个案后的疲惫。", "把个案量降一格，下周安排一次同辈督导。"),
)

GOALS = (
    "刚接手困境儿童个案，想学会预估和制定服务计划。",
    "要带一个老年人小组，想学会设计小组过程和做评估。",
)
TEMPLATE = {
    "purpose": "支持被督导者的专业成长，保障服务对象的权益。",
    "structure": "每次先回看上次的约定，再谈当前的个案或项目，最后约定下一步。",
    "records": "记录时间、时长、形式和功能，供双方和管理员查看；谈话内容只有双方能看。",
    "limits": "涉及人身安全、虐待或违法的情形，须按规定上报，并事先告知对方。",
    "evaluation": "中期和结束时双方互评一次。",
    "conflicts": "意见不一致先当面谈，谈不拢请所在单位协调。",
    "ending": "任何一方可提前两周提出结束，并做一次总结。",
}
COMPETENCIES = (
    "接案与预估",
    "个案计划与介入",
    "小组带领",
    "社区动员",
    "危机识别与转介",
    "项目设计与评估",
    "专业伦理",
    "自我照顾",
)
AIMS = (("接案与预估", "能独立完成一份预估报告。", "reached"), ("危机识别与转介", "遇到风险信号知道先做什么、找谁。", "under_way"), ("自我照顾", "每周留出一次复盘的时间。", "not_begun"))  # fmt: skip


def register_supervisors(
    people: Sequence[Person], named: dict[str, Organisation], accounts: dict[str, User]
) -> list[Supervisor]:
    """SV001–SV134 at Zhengzhou's centre, and the demo account's supervisor in Tianjin. Idempotent."""
    known = {row.person_id: row for row in Supervisor.objects.select_related("person", "organisation")}
    fields = list(ServiceField.objects.order_by("position"))
    tiers = [tier for tier, count in SPLIT for _ in range(count)]
    codes = {row.code: row for row in known.values()}
    rows = []
    for number, (person, tier) in enumerate(zip(people, tiers, strict=True), start=1):
        own = [fields[number % len(fields)], fields[(number * 7 + 3) % len(fields)]]
        rows.append(
            known.get(person.pk)
            or codes.get(f"SV{number:03}")
            or _register(person, f"SV{number:03}", tier, named["zhengzhou_agency"], own)
        )
    demo = accounts["supervisor@example.com"].person
    return [known.get(demo.pk) or _register(demo, "TJ001", Tier.SENIOR, named["district"], fields[:3]), *rows]


def _register(
    person: Person, code: str, tier: str, at: Organisation, fields: Sequence[ServiceField]
) -> Supervisor:
    places = PLACES.get(Tier(tier), DEFAULT_CAPACITY) if code.startswith("SV") else DEFAULT_CAPACITY
    row = register_supervisor(
        person=person,
        code=code,
        organisation=at,
        actor=None,
        fields=fields,
        capacity=places,
        limit=20,
        offer=_offer(int(code[2:]), places),
    )
    today = timezone.localdate()
    designate(
        supervisor=row,
        tier=tier,
        issuer=ISSUERS[code[:2]],
        starts_on=today.replace(year=today.year - 1, day=1),
        actor=None,
    )
    return row


def _offer(number: int, places: int) -> Offer:
    """What a sample supervisor offers: a few words from each list, other ones for each number."""
    return Offer(
        profile="从事一线社会工作多年，擅长个案督导和项目督导（示例）。",
        populations="、".join((POPULATIONS[number % 4], POPULATIONS[4 + number % 3])),
        languages="普通话、河南话" if number % 3 else "普通话、手语",
        forms=("individual", "group") if number % 2 else ("individual", "peer"),
        monthly_minutes=60 * (places + number % 4),
        availability="周二、周四晚上" if number % 2 else "周六上午",
    )


def apply_and_plan(named: dict[str, Organisation], accounts: dict[str, User]) -> None:
    """Norms of Zhengzhou and of Henan, and an application that waits in the demo district. Idempotent."""
    for place, workers, source in (
        ("zhengzhou_agency", 5, "郑州市督导配备方案（示例）"),
        ("henan", 15, "河南省督导配备指引（示例）"),
    ):
        SupervisionNorm.objects.get_or_create(
            organisation=named[place],
            starts_on=datetime.date(2024, 1, 1),
            defaults={"workers": workers, "source": source},
        )
    person = accounts["graduate@example.com"].person
    if person.employer and not SupervisorApplication.objects.filter(person=person).exists():
        said = Said(
            tier=Tier.TRAINEE,
            statement="完成了督导能力培训，愿意在本街道带两名新入职的社工（示例）。",
            basis="社会工作师，从事个案工作六年（示例）",
            populations="老年人、残疾人",
            languages="普通话、天津话",
        )
        apply_to_supervise(person=person, said=said, actor=person.user)


def pair_and_log(
    supervisors: Sequence[Supervisor], people: dict[str, list[Person]], accounts: dict[str, User]
) -> None:
    """Pair the demo trainees with the demo supervisor, some of Luohe with Zhengzhou, and log sessions. Idempotent."""
    if Pairing.objects.exists():
        return
    first = supervisors[0]
    trainees = [accounts[f"{name}@example.com"].person for name in ("trainee", "halfway", "graduate")]
    for place, mentee in enumerate(trainees):
        pairing = _pair(first, mentee)
        _sessions(pairing, 1 + 2 * place, leave_last_open=place < 2, hour=9 + 2 * place)
    for number, mentee in enumerate(people["luohe"][:60]):
        pairing = _pair(supervisors[1 + number], mentee)
        if number < 20:
            _sessions(pairing, 1 + number % 3, leave_last_open=number % 4 == 0, hour=14)


def ask_for_supervision(supervisors: Sequence[Supervisor], people: dict[str, list[Person]]) -> None:
    """Requests to the demo account's supervisor, and one of Zhengzhou who is full with two in line. Idempotent."""
    if PairingRequest.objects.exists():
        return
    today = timezone.localdate()
    for person, goal in zip(people["tianjin"][60:62], GOALS, strict=False):
        with as_of(at(today - datetime.timedelta(days=4), 10)):
            ask_supervisor(supervisor=supervisors[0], mentee=person, actor=person.user, goal=goal)
    full, luohe = supervisors[70], people["luohe"]
    for mentee in luohe[60 : 60 + full.capacity]:
        _pair(full, mentee)
    for number, person in enumerate(luohe[70:72]):
        with as_of(at(today - datetime.timedelta(days=9 - number), 15)):
            ask_supervisor(supervisor=full, mentee=person, actor=person.user, goal=GOALS[number])


def _pair(supervisor: Supervisor, mentee: Person) -> Pairing:
    return create_pairing(
        supervisor=supervisor,
        mentee=mentee,
        actor=None,
        goal="三个月内独立完成一个个案的接案、预估和计划。",
        starts_on=timezone.localdate() - datetime.timedelta(days=120),
    )


def _sessions(pairing: Pairing, count: int, *, leave_last_open: bool, hour: int) -> None:
    """One session every fortnight up to the day before yesterday; all confirmed but perhaps the last."""
    today = timezone.localdate()
    for number in range(count):
        day = today - datetime.timedelta(days=2 + 14 * (count - 1 - number))
        starts = at(day, hour)
        topics, advice = TALKS[(pairing.pk + number) % len(TALKS)]
        with as_of(at(day, 20)):  # recorded that evening, confirmed the next morning
            session = log_session(
                pairing=pairing,
                actor=pairing.supervisor.person.user,
                facts=SessionFacts(
                    starts_at=starts,
                    ends_at=starts + datetime.timedelta(minutes=60 + 30 * (number % 2)),
                    form="individual",
                    mode="private",
                    setting="online" if number % 2 else "on_site",
                    functions=("educational", "supportive"),
                ),
                written=Written(
                    place="线上会议" if number % 2 else "社工站会谈室",
                    topics=topics,
                    advice=advice,
                    follow_up="两周后回看进展。",
                ),
                key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo-{pairing.pk}-{number}"),
            )
        if not (leave_last_open and number == count - 1):
            with as_of(at(day + datetime.timedelta(days=1), 9)):
                confirm_session(session=session, actor=pairing.mentee.user)


def agree_and_aim(supervisor: Supervisor, *, review_in: int = 90) -> None:
    """A supervisor's first two pairs: an agreement in force, one that waits for the mentee, and learning goals. Idempotent."""
    for position, name in enumerate(COMPETENCIES):
        Competency.objects.get_or_create(name=name, defaults={"position": position})
    today = timezone.localdate()
    for place, pairing in enumerate(supervisor.pairings.open().order_by("pk")[:2]):
        top = pairing.organisation.get_root()
        if not AgreementTemplate.objects.filter(organisation=top).exists():
            save_agreement_template(
                actor=None,
                organisation=top,
                title="社会工作督导协议（示例）",
                sections=TEMPLATE,
                starts_on=today.replace(month=1, day=1),
            )
        if Agreement.objects.filter(pairing=pairing).exists():
            continue
        agreement = draft_agreement(
            pairing=pairing,
            actor=supervisor.person.user,
            goals="三个月内独立完成一个个案的接案、预估和计划。",
            place="社工站会谈室",
            frame={
                "every_days": 14,
                "minutes": 60,
                "way": "on_site",
                "starts_on": today,
                "ends_on": today + datetime.timedelta(days=180),
                "review_on": today + datetime.timedelta(days=review_in),
            },
        )
        propose_agreement(agreement=agreement, actor=supervisor.person.user)
        if place == 0:
            accept_agreement(agreement=agreement, actor=pairing.mentee.user)
        for name, text, state in AIMS:
            goal = set_goal(
                pairing=pairing,
                actor=supervisor.person.user,
                competency=Competency.objects.get(name=name),
                text=text,
            )
            if state != goal.state:
                note_progress(
                    goal=goal, actor=pairing.mentee.user, state=state, text="见最近一次的预估报告。"
                )
