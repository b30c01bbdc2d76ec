"""Supervisors, pairings and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, cast

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import make_user
from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from supervision.models import (
        Agreement,
        AgreementTemplate,
        AllowanceRate,
        AllowanceStatement,
        Circle,
        CircleMember,
        CircleReview,
        CompanionProject,
        Conflict,
        Deliverable,
        Evaluation,
        EvaluationResult,
        EvaluationTemplate,
        Gathering,
        GatheringAmendment,
        Handover,
        LateGathering,
        LateRecord,
        LearningGoal,
        LocalFunction,
        MatchingRound,
        Meeting,
        OwnTraining,
        Pairing,
        PairingRequest,
        PairWish,
        Participation,
        Pause,
        RoundMentee,
        RoundRun,
        RoundSupervisor,
        Session,
        SessionAmendment,
        SessionReview,
        Slot,
        SupervisionReport,
        Supervisor,
        SupervisorApplication,
    )


def make_supervisor(
    user: User | None = None, organisation: Organisation | None = None, **fields: object
) -> Supervisor:
    """A person in the registry, without any designation and without the audit of the real action."""
    from supervision.models import Supervisor

    person = (user or make_user("欧阳若水", organisation)).person
    number = next(numbers)
    defaults = {"code": f"SV{number:03d}", "organisation": organisation or person.employer, "capacity": 5}
    return Supervisor.objects.create(person=person, **defaults | fields)


def make_application(
    person: Person, organisation: Organisation | None = None, **fields: object
) -> SupervisorApplication:
    """A first application that waits for an officer, without its documents and without notices."""
    from supervision.models import SupervisorApplication

    defaults = {
        "holder_id": person.user_id,
        "organisation": organisation or person.employer,
        "kind": "first",
        "tier": "junior",
        "statement": "愿意带新人。",
        "basis": "中级社会工作师",
        "handed_in_at": timezone.now(),
    }
    return SupervisorApplication.objects.create(person=person, **defaults | fields)


def make_training(person: Person, state: str = "declared", **fields: object) -> OwnTraining:
    """Eight hours of own training a month ago, with a proof; checked or returned by nobody in particular."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from core.attachments.actions import keep_file
    from supervision.models import OwnTraining

    now = timezone.now()
    decided = (
        {"decided_by": make_user("解守正"), "decided_at": now} if state in ("checked", "returned") else {}
    )
    defaults: dict[str, object] = {
        "holder_id": person.user_id,
        "held_on": timezone.localdate() - timedelta(days=30),
        "title": f"督导能力培训{next(numbers)}",
        "provider": "市社协",
        "minutes": 480,
        "state": state,
        "reason": "证明看不清" if state == "returned" else "",
        "declared_at": now,
    }
    if "evidence" not in fields:
        upload = SimpleUploadedFile("结业证.pdf", b"%PDF-1.7 " + str(next(numbers)).encode())
        defaults["evidence"] = keep_file(upload=upload, actor=person.user)
    return OwnTraining.objects.create(person=person, **defaults | decided | fields)


def make_pairing(supervisor: Supervisor, mentee: Person, state: str = "active", **fields: object) -> Pairing:
    """A pairing since two months ago, with its place counted."""
    from django.db.models import F

    from supervision.models import Pairing, Supervisor

    if state == "ended":
        fields = {"ended_at": timezone.now(), "reason": "目标达成"} | fields
    else:
        Supervisor.objects.filter(pk=supervisor.pk).update(load=F("load") + 1)
    defaults = {
        "organisation": mentee.employer,
        "starts_on": timezone.localdate() - timedelta(days=60),
        "state": state,
    }
    return Pairing.objects.create(supervisor=supervisor, mentee=mentee, **defaults | fields)


def make_request(
    supervisor: Supervisor, mentee: Person, state: str = "open", **fields: object
) -> PairingRequest:
    """A request for supervision, without the checks and notices of the real action."""
    from supervision.models import PairingRequest
    from supervision.requests.states import LIVE

    now = timezone.now()
    defaults: dict[str, object] = {
        "organisation": mentee.employer,
        "goal": "独立完成一个个案",
        "starts_on": timezone.localdate(),
        "state": state,
        "open_since": None if state == "waiting" else now,
        "answered_at": None if state in LIVE else now,
        "reason": "名额留给新入职的社工" if state == "declined" else "",
    }
    return PairingRequest.objects.create(supervisor=supervisor, mentee=mentee, **defaults | fields)


def make_pause(pairing: Pairing, **fields: object) -> Pause:
    """A pause of this pairing that runs since a week ago."""
    from supervision.models import Pause

    defaults: dict[str, object] = {
        "reason": "休产假",
        "starts_on": timezone.localdate() - timedelta(days=7),
    } | fields
    first = datetime.combine(cast("date", defaults["starts_on"]), time(), timezone.get_current_timezone())
    return Pause.objects.create(pairing=pairing, **{"begun_at": first} | defaults)


def make_wish(pairing: Pairing, by: Person | None = None, state: str = "open", **fields: object) -> PairWish:
    """What one of the pair (the mentee, unless named) asks for: another supervisor, unless said otherwise."""
    from supervision.models import PairWish

    defaults: dict[str, object] = {
        "asked_by": by or pairing.mentee,
        "kind": "change",
        "state": state,
        "reason": "时间总是对不上。",
        "answered_at": None if state == "open" else timezone.now(),
        "answer": "先调整见面时间。" if state == "declined" else "",
    }
    return PairWish.objects.create(pairing=pairing, **defaults | fields)


def make_handover(pairing: Pairing, to: Pairing | None = None, **fields: object) -> Handover:
    """A handover of this pairing, passed on to another pairing if that is named."""
    from supervision.models import Handover

    defaults: dict[str, object] = {"text": "已完成接案，下一步是预估。"}
    if to is not None:
        defaults |= {"state": "released", "released_to": to, "released_at": timezone.now()}
    return Handover.objects.create(pairing=pairing, **defaults | fields)


def make_function(organisation: Organisation, name: str = "疏导", **fields: object) -> LocalFunction:
    """A local function in force since two months ago."""
    from supervision.models import LocalFunction

    defaults = {"starts_on": timezone.localdate() - timedelta(days=60), "source": "社函〔2026〕1号"}
    return LocalFunction.objects.create(organisation=organisation, name=name, **defaults | fields)


def make_session(
    pairing: Pairing,
    state: str = "logged",
    days_ago: int = 1,
    minutes: int = 60,
    functions: Sequence[str] = ("educational", "supportive"),
    **written: str,
) -> Session:
    """A session at ten in the morning, `days_ago` days ago, with what was said in it."""
    from supervision.models import Session, SessionContent

    morning = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    starts_at = morning - timedelta(days=days_ago)
    session = Session.objects.create(
        pairing=pairing,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        form="individual",
        mode="private",
        setting="on_site",
        functions=list(functions),
    )
    SessionContent.objects.create(session=session, number=1, **{"topics": "接案预估"} | written)
    fields: dict[str, object] = {}
    if state == "confirmed":
        fields = {"confirmed_at": timezone.now(), "confirmed_by_id": pairing.mentee.user_id}
    if state != "logged":
        Session.objects.filter(pk=session.pk).update(**{"state": state} | fields)
        session.refresh_from_db()
    return session


def make_agreement_template(organisation: Organisation, **fields: object) -> AgreementTemplate:
    """A template in force since two months ago."""
    from supervision.models import AgreementTemplate

    defaults = {
        "title": "督导协议",
        "starts_on": timezone.localdate() - timedelta(days=60),
        "sections": {"purpose": "支持被督导者成长。", "limits": "涉及安全的风险须上报。"},
    }
    return AgreementTemplate.objects.create(organisation=organisation, **defaults | fields)


def make_agreement(
    pairing: Pairing, state: str = "draft", template: AgreementTemplate | None = None, **fields: object
) -> Agreement:
    """An agreement for half a year since two months ago, with its text, and without what the acts record."""
    from supervision.models import Agreement, AgreementText

    first = timezone.localdate() - timedelta(days=60)
    defaults = {
        "template": template or make_agreement_template(pairing.organisation),
        "state": state,
        "number": pairing.agreements.count() + 1,
        "every_days": 14,
        "minutes": 60,
        "way": "on_site",
        "starts_on": first,
        "ends_on": first + timedelta(days=180),
        "review_on": first + timedelta(days=90),
        "accepted_at": timezone.now() if state in ("accepted", "superseded") else None,
    }
    agreement = Agreement.objects.create(pairing=pairing, **defaults | fields)
    AgreementText.objects.create(agreement=agreement, number=1, goals="独立完成一个个案")
    return agreement


def make_goal(pairing: Pairing, **fields: object) -> LearningGoal:
    """A learning goal of the pair that is not begun."""
    from supervision.models import Competency, LearningGoal

    competency, _new = Competency.objects.get_or_create(name="接案预估")
    return LearningGoal.objects.create(
        pairing=pairing, competency=competency, **{"text": "独立完成预估"} | fields
    )


def make_slot(
    supervisor: Supervisor, days: int = 2, hour: int = 10, minutes: int = 60, **fields: object
) -> Slot:
    """A slot in the supervisor's office in so many days, offered to all mentees unless `chosen` names pairings."""
    from supervision.models import Slot

    chosen = fields.pop("chosen", ())
    starts_at = _coming(days, hour)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
    slot = Slot.objects.create(supervisor=supervisor, **{"place": "督导室", **times} | fields)
    slot.chosen.set(chosen)
    return slot


def make_meeting(
    pairing: Pairing,
    state: str = "planned",
    days: int = 2,
    hour: int = 10,
    minutes: int = 60,
    **fields: object,
) -> Meeting:
    """A meeting in so many days (before today with a minus), proposed by the supervisor two days ago."""
    from supervision.models import Meeting
    from supervision.slots.states import IN_CALENDAR

    starts_at, before = _coming(days, hour), timezone.now() - timedelta(days=2)
    defaults: dict[str, object] = {
        "made_by": pairing.supervisor.person,
        "state": state,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "place": "督导室",
        "created_at": before,
        "changed_at": before,
        "planned_at": before if state in IN_CALENDAR else None,
    }
    return Meeting.objects.create(pairing=pairing, **defaults | fields)


def _coming(days: int, hour: int) -> datetime:
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def make_conflict(supervisor: Supervisor, mentee: Person, by: User, **fields: object) -> Conflict:
    """A conflict of interest that somebody has declared."""
    from supervision.models import Conflict

    side = "officer"
    if by.pk in (mentee.user_id, supervisor.person.user_id):
        side = "mentee" if by.pk == mentee.user_id else "supervisor"
    defaults = {"organisation": mentee.employer, "kind": "relative", "side": side, "reason": "是亲属"}
    return Conflict.objects.create(supervisor=supervisor, mentee=mentee, declared_by=by, **defaults | fields)


def make_round(organisation: Organisation, state: str = "open", **fields: object) -> MatchingRound:
    """A round that takes wishes since a day and for a week, without the audit and notices of the real acts."""
    from supervision.models import MatchingRound

    now = timezone.now()
    told = state in ("published", "closed")
    defaults = {
        "title": "秋季结对轮次",
        "state": state,
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=7),
        "starts_on": timezone.localdate(),
        "published_at": now if told else None,
        "appeals_until": now + timedelta(days=7) if told else None,
        "reason": "改期" if state == "cancelled" else "",
    }
    return MatchingRound.objects.create(organisation=organisation, **defaults | fields)


def make_round_mentee(round: MatchingRound, person: Person, **fields: object) -> RoundMentee:
    from supervision.models import RoundMentee

    return RoundMentee.objects.create(round=round, person=person, **fields)


def make_round_supervisor(
    round: MatchingRound, supervisor: Supervisor, places: int | None = None, **fields: object
) -> RoundSupervisor:
    """A supervisor of the round, with all places that are free."""
    from supervision.models import RoundSupervisor

    number = supervisor.places_free if places is None else places
    return RoundSupervisor.objects.create(round=round, supervisor=supervisor, places=number, **fields)


def make_run(round: MatchingRound, kept: bool = True, **fields: object) -> RoundRun:
    """A calculation of the round without lines; kept, unless it is a trial."""
    from supervision.models import RoundRun

    now = timezone.now()
    number = round.runs.count() + 1
    defaults = {"number": number, "engine": "optimal", "finished_at": now, "kept_at": now if kept else None}
    return RoundRun.objects.create(round=round, **defaults | fields)


def make_late(session: Session, **fields: object) -> LateRecord:
    """That this session was recorded a week late; it waits for an administrator."""
    from supervision.models import LateRecord

    defaults = {"days": 7, "allowed": 14, "reason": "出差在外，没有带记录", "asked_at": timezone.now()}
    defaults |= {"starts_at": session.starts_at, "ends_at": session.ends_at, "said_at": session.logged_at}
    return LateRecord.objects.create(session=session, **defaults | fields)


def make_amendment(session: Session, minutes: int = 45, **fields: object) -> SessionAmendment:
    """A proposal that this confirmed session was shorter; it waits for the mentee."""
    from supervision.models import AmendmentText, SessionAmendment, SessionContent
    from supervision.sessions.models import kept_facts

    defaults = {
        "number": session.revision + 1,
        "starts_at": session.starts_at,
        "ends_at": session.starts_at + timedelta(minutes=minutes),
        "minutes": minutes,
        "mode": session.mode,
        "setting": session.setting,
        "functions": session.functions,
        "former": kept_facts(session.facts),
    }
    row = SessionAmendment.objects.create(session=session, **defaults | fields)
    assert SessionContent.objects.filter(session=session).exists()
    AmendmentText.objects.create(amendment=row, reason="记错了时间", written='{"topics": "接案预估"}')
    return row


def make_review(pairing: Pairing, reviewer: User, **fields: object) -> SessionReview:
    """A review that was asked for and waits for a second person."""
    from supervision.models import SessionReview

    return SessionReview.objects.create(pairing=pairing, reviewer=reviewer, **{"reason": "投诉核查"} | fields)


def make_evaluation_template(
    organisation: Organisation, about: str = "supervisor", **fields: object
) -> EvaluationTemplate:
    """A template in force since two months ago, with two questions."""
    from supervision.models import EvaluationTemplate

    defaults = {
        "title": "互评表",
        "starts_on": timezone.localdate() - timedelta(days=60),
        "questions": ["督导准时", "督导有帮助"] if about == "supervisor" else ["主动反思", "按约行动"],
        "asks_fields": about == "mentee",
    }
    return EvaluationTemplate.objects.create(organisation=organisation, about=about, **defaults | fields)


def make_evaluation(
    pairing: Pairing,
    direction: str = "supervisor",
    state: str = "open",
    template: EvaluationTemplate | None = None,
    **fields: object,
) -> Evaluation:
    """An evaluation that opened a week ago and is open for another week; an answered one has its answer."""
    from supervision.models import Evaluation, EvaluationAnswer

    about = "supervisor" if direction == "supervisor" else "mentee"
    template = template or make_evaluation_template(pairing.organisation, about)
    first = timezone.localdate() - timedelta(days=7)
    answer = {"scores": fields.pop("scores", dict.fromkeys(template.questions, 4))}
    for name in ("fields", "competencies", "text", "may_share"):
        if name in fields:
            answer[name] = fields.pop(name)
    defaults = {"occasion": "mid", "opens_on": first, "closes_on": first + timedelta(days=13)}
    given = state in ("answered", "locked")
    row = Evaluation.objects.create(
        pairing=pairing,
        direction=direction,
        template=template,
        state="answered" if given else state,
        **defaults | fields,
    )
    if given:
        now = timezone.now()
        EvaluationAnswer.objects.create(
            evaluation=row, answered_at=now, changed_at=now, closes_at=now + timedelta(days=7), **answer
        )
        Evaluation.objects.filter(pk=row.pk).update(state=state)
        row.state = state
    return row


def make_result(
    supervisor: Supervisor, people: int = 5, mean: str = "4.0", **fields: object
) -> EvaluationResult:
    """What is published of a supervisor for the half-year that is over."""
    from supervision.evaluations.policy import last_closed
    from supervision.models import EvaluationResult

    first, last = last_closed(timezone.localdate())
    defaults = {
        "first_on": first,
        "last_on": last,
        "people": people,
        "minimum": 5,
        "averages": [["督导准时", people, mean, "≥"]],
        "published_at": timezone.now(),
    }
    return EvaluationResult.objects.create(supervisor=supervisor, **defaults | fields)


def make_report(organisation: Organisation, officer: User, **fields: object) -> SupervisionReport:
    """The report of last month, issued by the real action."""
    from supervision.reports.actions import issue_report

    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    defaults = {"span": "month", "first_on": first}
    return issue_report(organisation=organisation, actor=officer, **defaults | fields)


def make_allowance_rate(organisation: Organisation, tier: str = "junior", **fields: object) -> AllowanceRate:
    """Two hundred yuan for a confirmed session, since two years ago."""
    from supervision.models import AllowanceRate

    defaults = {
        "per": "session",
        "amount": "200.00",
        "starts_on": timezone.localdate() - timedelta(days=730),
        "source": "津贴办法",
    }
    return AllowanceRate.objects.create(organisation=organisation, tier=tier, **defaults | fields)


def make_allowance_statement(
    organisation: Organisation, officer: User, *, is_empty: bool = False
) -> AllowanceStatement:
    """The statement of last month: issued by the real action, or one on which nobody stands."""
    from supervision.models import AllowanceStatement
    from supervision.reports.actions import issue_statement
    from supervision.reports.queries import hash_of, statement_facts

    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    if not is_empty:
        return issue_statement(organisation=organisation, month=month, actor=officer)
    facts = statement_facts(organisation, month, [])
    return AllowanceStatement.objects.create(
        organisation=organisation,
        month=month,
        facts=facts,
        sha256=hash_of(facts),
        total=0,
        issued_by=officer,
        issued_at=timezone.now(),
    )


def make_circle(leader: Person | Supervisor, *members: Person, **fields: object) -> Circle:
    """A group of this supervisor, or a peer circle of this person, who is then its first member."""
    from supervision.models import Circle, Supervisor

    peer = not isinstance(leader, Supervisor)
    person = leader if peer else leader.person
    defaults = {
        "kind": "peer" if peer else "group",
        "name": f"督导小组{next(numbers)}",
        "organisation": person.employer if peer else leader.organisation,
        "supervisor": None if peer else leader,
        "admission": "request",
        "capacity": 8,
        "purpose": "一起讨论个案",
        "every_days": 14,
    }
    circle = Circle.objects.create(leader=person, **defaults | fields)
    for member in (*([person] if peer else []), *members):
        make_member(circle, member)
    return circle


def make_member(circle: Circle, person: Person, state: str = "joined") -> CircleMember:
    """Somebody who belongs to a circle since a month ago, with the place counted, or who is asked or asks."""
    from django.db.models import F

    from supervision.models import Circle, CircleMember

    since = timezone.now() - timedelta(days=30)
    if state == "joined":
        Circle.objects.filter(pk=circle.pk).update(taken=F("taken") + 1)
        circle.taken += 1
    return CircleMember.objects.create(
        circle=circle,
        person=person,
        state=state,
        since=since,
        joined_at=since if state in ("joined", "left") else None,
        ended_at=timezone.now() if state in ("declined", "left") else None,
    )


def make_gathering(
    circle: Circle,
    state: str = "logged",
    days_ago: int = 1,
    minutes: int = 90,
    hour: int = 14,
    **fields: object,
) -> Gathering:
    """A gathering in the afternoon, `days_ago` days ago (below zero: in so many days), without what the acts record."""
    from supervision.models import Gathering

    afternoon = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    starts_at = afternoon - timedelta(days=days_ago)
    logged = {"logged_at": timezone.now(), "functions": ["educational"]} if state == "logged" else {}
    return Gathering.objects.create(
        circle=circle,
        leader=circle.leader,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        form=circle.form,
        **logged | fields,
    )


def make_part(
    gathering: Gathering, person: Person, state: str = "waiting", minutes: int = 60
) -> Participation:
    """One who took part."""
    from supervision.models import Participation

    fields: dict[str, object] = {}
    if state == "confirmed":
        fields = {"confirmed_at": timezone.now(), "confirmed_by_id": person.user_id}
    return Participation.objects.create(
        gathering=gathering,
        person=person,
        organisation=person.employer or gathering.circle.organisation,
        minutes=minutes,
        state=state,
        **fields,
    )


def make_circle_review(circle: Circle, reviewer: User, **fields: object) -> CircleReview:
    """A review of a circle that was asked for and waits for a second person."""
    from supervision.models import CircleReview

    return CircleReview.objects.create(circle=circle, reviewer=reviewer, **{"reason": "投诉核查"} | fields)


def make_gathering_amendment(part: Participation, minutes: int = 45) -> GatheringAmendment:
    """A correction of this one's minutes that waits for their answer."""
    from supervision.models import GatheringAmendment, GatheringAmendmentText, PartAmendment
    from supervision.sessions.models import kept_facts

    held = part.gathering
    amendment = GatheringAmendment.objects.create(
        gathering=held,
        number=held.revision + 1,
        former=kept_facts(held.facts),
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        minutes=held.minutes,
        mode=held.mode,
        setting=held.setting,
        functions=held.functions,
    )
    GatheringAmendmentText.objects.create(amendment=amendment, reason="记错", written="{}")
    PartAmendment.objects.create(amendment=amendment, part=part, former=part.minutes, minutes=minutes)
    return amendment


def make_late_gathering(gathering: Gathering, **fields: object) -> LateGathering:
    """That this gathering was recorded late: an administrator is asked about it as it is."""
    from supervision.models import LateGathering

    parts = gathering.parts.live().values_list("person", "minutes")
    defaults: dict[str, object] = {
        "starts_at": gathering.starts_at,
        "ends_at": gathering.ends_at,
        "came": {str(person): minutes for person, minutes in parts},
        "said_at": gathering.logged_at or timezone.now(),
        "days": 3,
        "allowed": 14,
        "reason": "出差",
        "asked_at": timezone.now(),
    }
    return LateGathering.objects.create(gathering=gathering, **defaults | fields)


def make_project(
    supervisor: Supervisor, *mentees: Person, state: str = "running", **fields: object
) -> CompanionProject:
    """A project of these mentees since two months ago, for another two."""
    from supervision.models import CompanionProject

    today = timezone.localdate()
    ended = {} if state in ("running", "closing") else {"ended_at": timezone.now(), "reason": "经费未批"}
    defaults = {
        "organisation": mentees[0].employer or supervisor.organisation,
        "title": f"陪伴项目{next(numbers)}",
        "goals": "完成一次社区需求评估",
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=60),
        "state": state,
    }
    project = CompanionProject.objects.create(supervisor=supervisor, **defaults | ended | fields)
    project.mentees.set(mentees)
    return project


def make_deliverable(project: CompanionProject, state: str = "planned", **fields: object) -> Deliverable:
    """What a project is to bring forth, due in ten days."""
    from supervision.models import Deliverable

    given: dict[str, object] = {}
    if state in ("handed_in", "accepted"):
        given = {"handed_in_at": timezone.now(), "handed_in_by": project.mentees.first()}
    if state == "accepted":
        given["accepted_at"] = timezone.now()
    defaults = {"title": "需求评估报告", "due_on": timezone.localdate() + timedelta(days=10), "state": state}
    return Deliverable.objects.create(project=project, **defaults | given | fields)
