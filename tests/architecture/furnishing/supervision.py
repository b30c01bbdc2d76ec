"""Rows of supervision."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from core.models import Attachment, Organisation, User
from tests.factories import (
    ServiceFieldFactory,
    make_agreement,
    make_allowance_statement,
    make_amendment,
    make_circle,
    make_conflict,
    make_deliverable,
    make_evaluation,
    make_function,
    make_gathering,
    make_gathering_amendment,
    make_goal,
    make_handover,
    make_late,
    make_late_gathering,
    make_meeting,
    make_part,
    make_project,
    make_report,
    make_request,
    make_review,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_run,
    make_session,
    make_slot,
    make_wish,
)


def furnish(rows: SimpleNamespace, person_of: User, officer: User) -> dict[str, Any]:
    """The officer as a supervisor and the person as their mentee, and what hangs on the pair."""
    from supervision.models import MeetingFeed, Supervisor

    place, person = rows.place, person_of.person
    supervisor = Supervisor.objects.create(
        person=officer.person, code=f"SV{officer.pk:04}", organisation=place, capacity=5
    )
    return {
        "supervisor": supervisor,
        **_of_supervisor(supervisor, person_of, rows.proof.attachment),
        **_of_pair(supervisor, person, officer),
        **_of_round(place, person_of, supervisor),
        **_of_circles(supervisor, person),
        "function": make_function(place),
        "supervision_request": make_request(supervisor, person, "withdrawn", organisation=place),
        "slot": make_slot(supervisor),
        "meeting_feed": MeetingFeed.objects.create(person=person, token=f"secret-{person.pk}"),
        "supervision_report": make_report(place, officer),
        "allowance": make_allowance_statement(place, officer, is_empty=True),
    }


def _of_supervisor(supervisor: Any, person_of: User, paper: Attachment) -> dict[str, Any]:
    """A designation and a speciality of the supervisor; the person applies to become one, with a training of their own."""
    from supervision.models import Designation, OwnTraining, Speciality, SupervisorApplication

    person, now, place = person_of.person, timezone.now(), supervisor.organisation
    candidacy = SupervisorApplication.objects.create(
        person=person,
        holder=person_of,
        organisation=place,
        kind="first",
        tier="junior",
        statement="x",
        handed_in_at=now,
    )
    candidacy.documents.add(paper)
    return {
        "candidacy": candidacy,
        "designation": Designation.objects.create(
            supervisor=supervisor,
            tier="junior",
            issuer=place.name,
            starts_on=timezone.localdate(),
            document=paper,
        ),
        "speciality": Speciality.objects.create(
            supervisor=supervisor, field=ServiceFieldFactory(), name="哀伤辅导"
        ),
        "own_training": OwnTraining.objects.create(
            person=person,
            holder=person_of,
            held_on=now.date(),
            title="督导能力培训",
            provider="市社协",
            minutes=480,
            evidence=paper,
            declared_at=now,
        ),
    }


def _of_pair(supervisor: Any, person: Any, officer: User) -> dict[str, Any]:
    """A pairing with its agreement, goal, wish, meeting, evaluation and handover, and sessions in several states."""
    from supervision.models import Pairing, Session

    now = timezone.now()
    pairing = Pairing.objects.create(
        supervisor=supervisor,
        mentee=person,
        organisation=supervisor.organisation,
        starts_on=timezone.localdate(),
    )
    session = Session.objects.create(
        pairing=pairing,
        starts_at=now - timedelta(hours=1),
        ends_at=now,
        minutes=60,
        form="individual",
        mode="private",
        setting="on_site",
        functions=["educational"],
    )
    return {
        "pairing": pairing,
        "session": session,
        "pair_wish": make_wish(pairing),
        "agreement": make_agreement(pairing),
        "goal": make_goal(pairing),
        "handover": make_handover(pairing),
        "meeting": make_meeting(pairing, "proposed"),
        "evaluation": make_evaluation(pairing),
        "late": make_late(make_session(pairing, days_ago=20)),
        "amendment": make_amendment(make_session(pairing, "confirmed", days_ago=21)),
        "review": make_review(pairing, officer),
    }


def _of_round(place: Organisation, person_of: User, supervisor: Any) -> dict[str, Any]:
    """A published round with one pair, an appeal against it, and a conflict of interest that has ended."""
    from supervision.models import Appeal, RunLine

    round = make_round(place, "published")
    member = make_round_mentee(round, person_of.person)
    by = make_round_supervisor(round, supervisor)
    run = make_run(round)
    return {
        "matching_round": round,
        "round_member": by,
        "round_line": RunLine.objects.create(run=run, mentee=member, supervisor=by, failure="满员"),
        "appeal": Appeal.objects.create(round=round, person=person_of.person, text="请再看一次"),
        "conflict": make_conflict(supervisor, person_of.person, person_of, organisation=place, ended_at=timezone.now()),
    }  # fmt: skip


def _of_circles(supervisor: Any, person: Any) -> dict[str, Any]:
    """A circle of the supervisor with this person, a gathering that is planned and one that is a visit of their project."""
    from supervision.models import CircleReview, GatheringAction, ProjectVisit

    circle = make_circle(supervisor, person)
    held = make_gathering(circle, days_ago=3)
    project = make_project(supervisor, person)
    return {
        "companion_project": project,
        "deliverable": make_deliverable(project),
        "visit": ProjectVisit.objects.create(project=project, gathering=held),
        "circle": circle,
        "circle_member": circle.members.get(),
        "gathering": make_gathering(circle, "planned", days_ago=-3),
        "held": held,
        "part": make_part(held, person),
        "part_amendment": make_gathering_amendment(
            make_part(make_gathering(circle, days_ago=4), person, "confirmed")
        ).answers.get(),
        "action": GatheringAction.objects.create(gathering=held, who="all", what="读材料"),
        "circle_review": CircleReview.objects.create(
            circle=circle, reviewer=supervisor.person.user, reason="投诉核查"
        ),
        "late_gathering": make_late_gathering(make_gathering(circle, days_ago=20)),
    }
