"""Supervisors, pairings and sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import make_user
from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from supervision.models import (
        Agreement,
        AgreementTemplate,
        Circle,
        CircleMember,
        CompanionProject,
        Deliverable,
        Gathering,
        LearningGoal,
        Pairing,
        PairingRequest,
        Participation,
        Session,
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


def make_session(
    pairing: Pairing, state: str = "logged", days_ago: int = 1, minutes: int = 60, **written: str
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
        functions=["educational", "supportive"],
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
