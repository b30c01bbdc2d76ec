"""Zhengzhou's 134 supervisors for the whole of Henan: a round of 2,000 trainees that is over, and the next one that
takes wishes, with what its pairs have done since."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.utils import timezone

from config.demo.circles import accompany_projects, gather_in_group
from config.demo.evaluating import ask_to_evaluate
from config.demo.meetings import plan_meetings
from config.demo.rounds import plan_round, publish, wish_in_bulk
from config.demo.supervising import GOALS, TALKS, agree_and_aim
from config.demo.teaching import as_of, days_ago
from core.jobs.actions import run_job
from core.models import Organisation, Person, User
from supervision.appointments.actions import Said, apply_to_supervise
from supervision.conflicts.actions import declare_conflict
from supervision.matching import actions
from supervision.matching.models import Appeal, MatchingRound, RoundSupervisor
from supervision.pairings.models import Pairing
from supervision.reports.actions import issue_report
from supervision.requests.actions import ask_supervisor
from supervision.sessions.actions import (
    ask_review,
    confirm_session,
    dispute_session,
    log_session,
    set_logging_rule,
)
from supervision.sessions.policy import SessionFacts, Written
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import Tier

FIRST, NEXT = "郑州督导服务全省匹配（第一轮，示例）", "郑州督导服务全省匹配（第二轮，示例）"
OWN = "zhengzhou-supervisor@example.com"
PAIRED, LEFT = "henan-trainee@example.com", "henan-newcomer@example.com"
KEPT_BACK = 2  # places of each supervisor that the first round leaves for the second
RECORDED = 32  # pairs of the first round with sessions on record


def serve_the_province(
    people: dict[str, list[Person]], named: dict[str, Organisation], accounts: dict[str, User]
) -> None:
    """Both rounds, the pairs of the first one at work, and last month of Zhengzhou as a report. Idempotent."""
    if MatchingRound.objects.filter(title=FIRST).exists():
        return
    officer = accounts["province@example.com"]
    rows = Supervisor.objects.filter(code__startswith="SV").select_related("person__user", "organisation")
    first = _finished(list(rows), people["henan"], named["henan"], officer, accounts)
    own = rows.get(person__user=accounts[OWN])
    _work(first, named)
    _work_of(own, people["henan"], named, accounts)
    month = (timezone.localdate().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    issue_report(
        organisation=named["zhengzhou"],
        span="month",
        first_on=month,
        actor=officer,
        reviewed_by="审核人（示例）",
    )
    _next(first, own, officer, accounts)


def _finished(
    supervisors: Sequence[Supervisor],
    mentees: Sequence[Person],
    at: Organisation,
    officer: User,
    accounts: dict[str, User],
) -> MatchingRound:
    """All of them in one round: wishes of both sides, the engine's result, its pairings, an appeal, the end."""
    own, paired, left = (accounts[email].person for email in (OWN, PAIRED, LEFT))
    with days_ago(55):
        paired.fields.set(next(row for row in supervisors if row.pk == own.pk).fields.all())
        left.fields.clear()  # with no wish either: everybody else fits somebody better, whatever the order of ties
        row = plan_round(at, FIRST, officer, days=14)
        actions.add_supervisors(round=row, supervisors=supervisors, actor=officer)
        actions.add_mentees(round=row, people=mentees, actor=officer)
        inside = list(row.supervisors.all())
        for member in inside:
            member.places = max(member.places - KEPT_BACK, 0)
        RoundSupervisor.objects.bulk_update(inside, ["places"], batch_size=500)
        actions.open_round(round=row, actor=officer)
        row.refresh_from_db()
        declare_conflict(
            supervisor=supervisors[4],
            mentee=mentees[40],
            kind="relative",
            reason="是亲戚关系（示例）。",
            actor=officer,
        )
        mine, of = row.mentees.get(person=paired).pk, row.supervisors.get(supervisor=own.pk).pk
        wish_in_bulk(row, {mine: [of]}, {of: [mine]}, silent=row.mentees.get(person=left).pk)
    with days_ago(41):
        actions.lock_round(round=row, actor=officer)
        run_job(actions.run_round(round=row, actor=officer).job_id or 0)
        row.refresh_from_db()
    with days_ago(40):
        publish(row, officer)
        row.refresh_from_db()
    _appeal(row, left, officer)
    with days_ago(32):
        actions.close_round(round=row, actor=officer)
    return MatchingRound.objects.get(pk=row.pk)


def _appeal(row: MatchingRound, person: Person, officer: User) -> None:
    with days_ago(38):
        actions.make_appeal(
            round=row, person=person, text="站里只有我一名社工，希望能优先安排（示例）。", actor=person.user
        )
        Appeal.objects.filter(round=row).update(made_at=timezone.now())  # the default is the clock's own
    with days_ago(36):
        actions.decide_appeal(
            appeal=Appeal.objects.get(round=row),
            upholds=False,
            answer="本轮名额已满，未能调整；第二轮对名额紧的县有加分，请报名（示例）。",
            actor=officer,
        )


def _work(row: MatchingRound, named: dict[str, Organisation]) -> None:
    """A session of last month and one of this fortnight for some pairs of the round that is over, those of Zhengzhou's stations first."""
    made = Pairing.objects.filter(round_line__run__round=row).exclude(supervisor__person__user__email=OWN)
    made = made.select_related("supervisor__person__user", "mentee__user", "organisation").order_by("pk")
    near = list(made.filter(organisation__path__startswith=named["zhengzhou"].path)[: RECORDED // 2])
    far = made.exclude(pk__in=[each.pk for each in near])
    today = timezone.localdate()
    last = today.replace(day=1) - datetime.timedelta(days=1)
    for number, pairing in enumerate([*near, *far[: RECORDED - len(near)]]):
        hour = 9 + number % 5  # with the day, never two of one supervisor at the same time
        _session(pairing, last - datetime.timedelta(days=number % 8), hour, number)
        if number % 2:
            day = today - datetime.timedelta(days=2 + number % 11)
            _session(pairing, day, hour + 7, number + 1, confirms=number % 4 == 1)


def _session(pairing: Pairing, day: datetime.date, hour: int, number: int, *, confirms: bool = True) -> None:
    topics, advice = TALKS[number % len(TALKS)]
    starts_at = _at(day, hour)
    with as_of(_at(day, 22)):
        session = log_session(
            pairing=pairing,
            actor=pairing.supervisor.person.user,
            facts=SessionFacts(
                starts_at,
                starts_at + datetime.timedelta(minutes=50),
                mode="private",
                setting="online" if number % 3 else "on_site",
                functions=("educational", "supportive") if number % 2 else ("administrative", "educational"),
            ),
            written=Written(topics=topics, advice=advice, place="线上会议" if number % 3 else "县社工服务站"),
            key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo-province-{pairing.pk}-{starts_at:%Y%m%d%H}"),
        )
    if confirms:
        with as_of(_at(day + datetime.timedelta(days=1), 8)):
            confirm_session(session=session, actor=pairing.mentee.user)


def _work_of(
    own: Supervisor, mentees: Sequence[Person], named: dict[str, Organisation], accounts: dict[str, User]
) -> None:
    """What the demo supervisor of Zhengzhou finds: an agreement and goals, sessions of every state, a calendar, a group, a
    project, evaluations to answer, and a request that waits."""
    pairs = list(
        own.pairings.open().select_related("supervisor__person__user", "mentee__user").order_by("pk")
    )
    with days_ago(39):
        agree_and_aim(own, review_in=39)
    today = timezone.localdate()
    last = today.replace(day=1) - datetime.timedelta(days=1)
    for number, pairing in enumerate(pairs[:3]):
        for step in range(2):
            _session(pairing, last - datetime.timedelta(days=6 * step), 9 + number, number + step)
        day = today - datetime.timedelta(days=3 + number)
        _session(pairing, day, 13 + number, number, confirms=number == 2)
    for number, pairing in enumerate(pairs[3:11], start=3):
        _session(pairing, last - datetime.timedelta(days=number % 8), 12, number)
    if len(pairs) > 1:
        open_one = pairs[1].sessions.get(state="logged")
        with days_ago(1):
            dispute_session(
                session=open_one,
                actor=pairs[1].mentee.user,
                reason="那天谈了一个半小时，时间记少了（示例）。",
            )
        _late(pairs[2], today)
        plan_meetings(own)
        accompany_projects(own, began=39)
        members = [pairing.mentee for pairing in pairs[:4]]
        gather_in_group("驻县督导小组", own.person, members, named["zhengzhou_agency"])
        ask_review(
            pairing=pairs[0],
            reviewer=accounts["henan-auditor@example.com"],
            reason="抽查跨地区督导的记录（示例）。",
        )
    waiting = next(person for person in mentees[2:60] if not person.pairings.exists())
    with days_ago(2):
        ask_supervisor(supervisor=own, mentee=waiting, actor=waiting.user, goal=GOALS[0])
    _applies(mentees[3])
    ask_to_evaluate(own, named["henan"])


def _late(pairing: Pairing, today: datetime.date) -> None:
    """A rule of the province until when a session is recorded, and a record that came later: an officer decides."""
    set_logging_rule(
        organisation=pairing.organisation.get_root(),
        days=14,
        starts_on=datetime.date(today.year - 1, 1, 1),
        source="河南省督导工作规范（示例）",
        actor=None,
    )
    starts_at = _at(today - datetime.timedelta(days=18), 16)
    log_session(
        pairing=pairing,
        actor=pairing.supervisor.person.user,
        facts=SessionFacts(
            starts_at, starts_at + datetime.timedelta(minutes=60), setting="online", functions=("supportive",)
        ),
        written=Written(topics="连续处理高风险个案后的疲惫。"),
        key=uuid.uuid5(uuid.NAMESPACE_OID, "demo-province-late"),
        late_reason="下乡期间没有网络，回来后才补记（示例）。",
    )


def _applies(person: Person) -> None:
    said = Said(
        tier=Tier.TRAINEE,
        statement="在县里做了六年社工，愿意带本县的新同事（示例）。",
        basis="社会工作师（示例）",
        populations="儿童、老年人",
        languages="普通话、河南话",
    )
    with days_ago(4):
        apply_to_supervise(person=person, said=said, actor=person.user)


def _next(first: MatchingRound, own: Supervisor, officer: User, accounts: dict[str, User]) -> None:
    """The next round takes the places that are free now and whoever has no supervisor yet."""
    now, today = timezone.now(), timezone.localdate()
    with days_ago(6):
        row = actions.make_next_round(
            round=first,
            actor=officer,
            title=NEXT,
            opens_at=now - datetime.timedelta(days=6),
            closes_at=now + datetime.timedelta(days=9),
            starts_on=today + datetime.timedelta(days=12),
            ends_on=None,
        )
        actions.open_round(round=row, actor=officer)
        row.refresh_from_db()
    with days_ago(1):
        left = row.mentees.filter(person=accounts[LEFT].person).first()
        of = row.supervisors.get(supervisor=own.pk)
        others = [each.pk for each in row.mentees.order_by("pk")[100:700:200]]
        some = [each.pk for each in row.supervisors.filter(places__gt=0).order_by("-pk")[:2]]
        wish_in_bulk(row, {left.pk: some} if left else {}, {of.pk: others})


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
