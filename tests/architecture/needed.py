"""Which row has the states of a table of moves, and what the database asks of it in each of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from core.models import User
from supervision.models import Pairing
from tests.factories import make_pairing, make_supervisor

MOMENT = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)  # what is frozen stays the same in every move
# The row of `furnish` that has these states. A new table of moves is added here.
ROWS = {
    "core.imports.states": "sheet",
    "core.jobs.states": "job",
    "credentials.awards.states": "draft_round",
    "credentials.awards.states:NOMINATION_MOVES": "nomination",
    "credentials.certificates.states": "certificate",
    "credentials.claims.states": "claim",
    "credentials.claims.states:APPEAL_MOVES": "claim_appeal",
    "credentials.commendations.states": "commendation",
    "credentials.conduct.states": "conduct",
    "credentials.internships.states": "internship",
    "credentials.internships.states:PROOF_MOVES": "employment",
    "credentials.keys.states": "signing_key",
    "credentials.manual_entries.states": "manual",
    "credentials.payments.states": "payment_batch",
    "credentials.payments.states:LINE_MOVES": "payment_line",
    "credentials.payments.states:REVERSAL_MOVES": "payment_reversal",
    "credentials.plans.states": "talent_plan",
    "credentials.public_notices.states": "public_notice",
    "credentials.public_notices.states:OBJECTION_MOVES": "objection",
    "credentials.qualifications.states": "period",
    "credentials.qualifications.states:RECORD_MOVES": "qualification",
    "lms.admissions.states": "step",
    "lms.assessments.states": "attempt",
    "lms.assignments.states": "submission",
    "lms.assignments.states:REVIEW_MOVES": "peer_review",
    "lms.attendance.states": "absence",
    "lms.conversations.states": "post",
    "lms.conversations.states:QUESTION_MOVES": "question",
    "lms.enrolments.states": "enrolment",
    "lms.pathways.states": "on_pathway",
    "lms.questions.states": "bank_question",
    "lms.surveys.states": "invitation",
    "lms.transfers.states": "transfer",
    "supervision.agreements.states": "agreement",
    "supervision.appointments.states": "candidacy",
    "supervision.circles.states": "part",
    "supervision.circles.states:ANSWER_MOVES": "part_amendment",
    "supervision.circles.states:CIRCLE_MOVES": "circle",
    "supervision.circles.states:GATHERING_MOVES": "gathering",
    "supervision.circles.states:LATE_MOVES": "late_gathering",
    "supervision.circles.states:MEMBER_MOVES": "circle_member",
    "supervision.evaluations.states": "evaluation",
    "supervision.goals.states": "goal",
    "supervision.handovers.states": "handover",
    "supervision.matching.states": "matching_round",
    "supervision.matching.states:APPEAL_MOVES": "appeal",
    "supervision.pairings.states": "pairing",
    "supervision.projects.states": "deliverable",
    "supervision.projects.states:PROJECT_MOVES": "companion_project",
    "supervision.requests.states": "supervision_request",
    "supervision.sessions.states": "session",
    "supervision.sessions.states:AMENDMENT_MOVES": "amendment",
    "supervision.sessions.states:LATE_MOVES": "late",
    "supervision.sessions.states:REVIEW_MOVES": "review",
    "supervision.slots.states": "meeting",
    "supervision.trainings.states": "own_training",
    "supervision.wishes.states": "pair_wish",
}


@dataclass(frozen=True)
class Known:
    """Who and when: an officer, a second and a third one, the person whose row it is, and this moment."""

    rows: SimpleNamespace
    officer: int
    second: int
    third: int
    now: datetime.datetime


def needed(table: str, state: str, rows: SimpleNamespace) -> dict[str, Any]:
    """What the database asks for beside the state: a row that has ended says when, by whom and why."""
    officer = rows.supervisor.person.user_id
    others = User.objects.exclude(pk__in=[officer, rows.person.user_id]).order_by("pk")
    known = Known(rows, officer, others[0].pk, others[1].pk, timezone.now())
    for of in BY_APP:
        if table in (found := of(state, known)):
            return found[table]
    raise AssertionError(f"say in tests/architecture/needed.py what the database asks of {table}")


def _of_core(state: str, known: Known) -> dict[str, dict[str, Any]]:
    return {
        "core.imports.states": {},
        "core.jobs.states": {},
    }


def _of_credentials(state: str, known: Known) -> dict[str, dict[str, Any]]:
    officer, second, now = known.officer, known.second, known.now
    return {
        "credentials.keys.states": {
            "ended_at": None if state == "active" else now,
            "reason": "泄露" if state == "withdrawn" else "",
        },
        "credentials.plans.states": {"closed_at": now if state == "closed" else None},
        "credentials.manual_entries.states": {
            "entered_by_id": officer if state in ("proposed", "confirmed") else None,
            "decided_by_id": second if state == "confirmed" else None,
            "reason": "看不清" if state == "returned" else "",
        },
        "credentials.conduct.states": (
            {"lifted_by_id": None, "reason": ""}
            if state == "standing"
            else {"lifted_by_id": second, "reason": "查无此事"}
        ),
        "credentials.commendations.states": {"reason": "误录" if state == "struck" else ""},
        "credentials.qualifications.states:RECORD_MOVES": {
            "verified_by_id": officer if state == "verified" else None,
            "reason": "不符" if state == "returned" else "",
        },
        "credentials.qualifications.states": {
            "verified_by_id": officer if state == "verified" else None,
            "reason": "不符" if state == "returned" else "",
        },
        "credentials.certificates.states": (
            {"ended_at": None} if state == "valid" else {"ended_at": now, "reason": "误发"}
        ),
    }


def _of_subsidies(state: str, known: Known) -> dict[str, dict[str, Any]]:
    second, now = known.second, known.now
    return {
        "credentials.awards.states": {"reason": "取消" if state == "cancelled" else ""},
        "credentials.awards.states:NOMINATION_MOVES": {"accepted_at": now},
        "credentials.public_notices.states": {
            "ended_at": None if state == "running" else now,
            "reason": "撤回" if state == "withdrawn" else "",
        },
        "credentials.public_notices.states:OBJECTION_MOVES": (
            {"answered_by_id": None, "answered_at": None, "answer": ""}
            if state == "open"
            else {"answered_by_id": second, "answered_at": now, "answer": "属实"}
        ),
        "credentials.claims.states": {
            "claimed_on": now.date(),
            "amount": 500,
            "reason": "不符" if state in ("returned", "refused", "reversed") else "",
            "account_sealed": "6222",
            "approved_by_id": second
            if state in ("approved", "locked", "paid", "given", "reversed")
            else None,
            "in_kind": state == "given",
            "given_by_id": known.third if state == "given" else None,
        },
        "credentials.claims.states:APPEAL_MOVES": (
            {"decided_by_id": None, "answer": ""}
            if state == "open"
            else {"decided_by_id": second, "answer": "属实"}
        ),
        "credentials.payments.states": {
            "reason": "重做" if state == "cancelled" else "",
            "locked_at": MOMENT if state != "draft" else None,
            "released_by_id": second if state in ("released", "closed") else None,
            "released_at": MOMENT if state in ("released", "closed") else None,
            "closed_at": now if state == "closed" else None,
        },
        "credentials.payments.states:LINE_MOVES": (
            {
                "paid_on": now.date() if state == "paid" else None,
                "reason": "销户" if state in ("failed", "paid") else "",  # stays where it is paid after all
            }
            | (
                {"released_by_id": second, "settled_by_id": second, "settled_at": now}
                if state in ("paid", "failed")
                else {}
            )
        ),
        "credentials.payments.states:REVERSAL_MOVES": (
            {"decided_at": None, "decided_by_id": None, "answer": ""}
            if state == "recorded"
            else {"decided_at": now, "decided_by_id": second, "answer": "无退汇"}
        ),
        "credentials.internships.states": {"reason": "改期"},
        "credentials.internships.states:PROOF_MOVES": {
            "verified_by_id": second if state == "verified" else None,
            "reason": "缺页" if state == "returned" else "",
        },
    }


def _of_lms(state: str, known: Known) -> dict[str, dict[str, Any]]:
    officer, now = known.officer, known.now
    rows = known.rows
    return {
        "lms.admissions.states": (
            {"decided_at": None, "decided_by_id": None}
            if state == "waiting"
            else {"decided_at": now, "decided_by_id": officer}
        ),
        "lms.assessments.states": (
            {"percent": None, "passed": None, "finished_at": None, "marked_at": None}
            if state == "open"
            else {"percent": 80, "passed": True, "finished_at": now, "marked_at": now}
        ),
        "lms.assignments.states": (
            {"submitted_at": None if state == "draft" else now, "score": 80}
            | (
                {"marked_at": None, "marked_by_id": None}
                if state in ("draft", "submitted")
                else {"marked_at": now, "marked_by_id": rows.person.user_id}
            )
        ),
        "lms.assignments.states:REVIEW_MOVES": {"done_at": now if state == "done" else None, "score": 80},
        "lms.conversations.states": {
            "decided_at": now,
            "decided_by_id": rows.person.user_id,
            "reason": "跑题",
        },
        "lms.conversations.states:QUESTION_MOVES": {"waiting_since": now if state == "waiting" else None},
        "lms.pathways.states": {
            "completed_on": timezone.localdate() if state in ("completed", "expired") else None
        },
        "lms.surveys.states": {},
        "lms.questions.states": {},
        "lms.attendance.states": (
            {"decided_at": None, "decided_by_id": None}
            if state == "asked"
            else {"decided_at": now, "decided_by_id": officer}
        ),
        "lms.enrolments.states": {
            "completed_at": now if state == "completed" else None,
            "learned": {"lesson": 30} if state == "completed" else None,
            "offer_expires_at": now if state in ("offered", "lapsed") else None,
        },
        "lms.transfers.states": {"decided_at": None if state == "asked" else now},
    }


def _of_supervision(state: str, known: Known) -> dict[str, dict[str, Any]]:
    officer, second, now = known.officer, known.second, known.now
    rows = known.rows
    decided = (
        {"decided_at": None, "decided_by_id": None}
        if state in ("waiting", "void")
        else {"decided_at": now, "decided_by_id": second, "answer": "理由不足"}
    )
    return {
        "supervision.agreements.states": {
            "accepted_at": now if state in ("accepted", "superseded") else None
        },
        "supervision.evaluations.states": {},
        "supervision.circles.states": (
            {"confirmed_at": now, "confirmed_by_id": officer}
            if state == "confirmed"
            else {"confirmed_at": None, "confirmed_by_id": None}
        ),
        "supervision.circles.states:ANSWER_MOVES": {"answered_at": None if state == "waiting" else now},
        "supervision.circles.states:CIRCLE_MOVES": (
            {"closed_at": now, "reason": "期满"} if state == "closed" else {"closed_at": None, "reason": ""}
        ),
        "supervision.circles.states:GATHERING_MOVES": {
            "logged_at": now if state == "logged" else None,
            "functions": ["educational"],
        },
        "supervision.circles.states:MEMBER_MOVES": {
            "joined_at": now if state == "joined" else None,
            "ended_at": now if state in ("declined", "left") else None,
        },
        "supervision.goals.states": {},
        "supervision.handovers.states": (
            {"released_at": now, "released_to_id": another_pairing(rows).pk}
            if state == "released"
            else {"released_at": None, "released_to_id": None}
        ),
        "supervision.appointments.states": (
            {"decided_at": now, "decided_by_id": officer}
            if state in ("refused", "appointed")
            else {"decided_at": None, "decided_by_id": None}
        ),
        "supervision.trainings.states": {
            "reason": "证明看不清" if state == "returned" else "",
            "decided_at": now if state in ("checked", "returned") else None,
            "decided_by_id": officer if state in ("checked", "returned") else None,
        },
        "supervision.matching.states": {
            "published_at": now if state in ("published", "closed") else None,
            "appeals_until": now if state in ("published", "closed") else None,
            "reason": "改期" if state == "cancelled" else "",
        },
        "supervision.matching.states:APPEAL_MOVES": (
            {"decided_at": now, "decided_by_id": officer}
            if state in ("upheld", "rejected")
            else {"decided_at": None, "decided_by_id": None}
        ),
        "supervision.pairings.states": (
            {"ended_at": now, "reason": "目标达成"} if state == "ended" else {"ended_at": None}
        ),
        "supervision.projects.states": (
            {"handed_in_at": now, "handed_in_by_id": rows.person.pk}
            | {"accepted_at": now if state == "accepted" else None}
        ),
        "supervision.projects.states:PROJECT_MOVES": {
            "ended_at": now if state in ("closed", "stopped") else None,
            "reason": "经费未批" if state == "stopped" else "",
        },
        "supervision.requests.states": {
            "open_since": None if state == "waiting" else now,
            "answered_at": None if state in ("open", "waiting") else now,
            "reason": "满员" if state == "declined" else "",
        },
        "supervision.sessions.states": (
            {"confirmed_at": now, "confirmed_by_id": rows.person.user_id}
            if state == "confirmed"
            else {"confirmed_at": None, "confirmed_by": None}
        ),
        "supervision.wishes.states": {
            "answered_at": None if state == "open" else now,
            "answer": "先调整时间" if state == "declined" else "",
        },
        "supervision.slots.states": {
            "planned_at": now,
            "session_id": rows.session.pk if state == "recorded" else None,
        },
        "supervision.circles.states:LATE_MOVES": decided,
        "supervision.sessions.states:LATE_MOVES": decided,
        "supervision.sessions.states:AMENDMENT_MOVES": {"answered_at": None if state == "proposed" else now},
        "supervision.sessions.states:REVIEW_MOVES": (
            {"decided_by_id": None} if state == "asked" else {"decided_by_id": second, "ends_at": now}
        ),
    }


def another_pairing(rows: SimpleNamespace) -> Pairing:
    """The mentee's other supervision, to which a handover can go."""
    found = rows.pairing.mentee.pairings.exclude(pk=rows.pairing.pk).first()
    return found or make_pairing(make_supervisor(organisation=rows.place), rows.pairing.mentee)


BY_APP = (_of_core, _of_credentials, _of_subsidies, _of_lms, _of_supervision)
