"""Supervision: a file for each part of the app."""

from tests.factories.supervision.circles import (
    make_circle,
    make_circle_review,
    make_gathering,
    make_gathering_amendment,
    make_late_gathering,
    make_member,
    make_part,
)
from tests.factories.supervision.evaluations import make_evaluation, make_evaluation_template, make_result
from tests.factories.supervision.matching import (
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_run,
)
from tests.factories.supervision.pairings import (
    make_agreement,
    make_agreement_template,
    make_goal,
    make_handover,
    make_pairing,
    make_pause,
    make_request,
    make_wish,
)
from tests.factories.supervision.projects import make_deliverable, make_project
from tests.factories.supervision.reports import make_allowance_rate, make_allowance_statement, make_report
from tests.factories.supervision.sessions import make_amendment, make_late, make_review, make_session
from tests.factories.supervision.slots import make_meeting, make_slot
from tests.factories.supervision.supervisors import (
    make_application,
    make_conflict,
    make_function,
    make_supervisor,
    make_training,
)

__all__ = [
    "make_agreement",
    "make_agreement_template",
    "make_allowance_rate",
    "make_allowance_statement",
    "make_amendment",
    "make_application",
    "make_circle",
    "make_circle_review",
    "make_conflict",
    "make_deliverable",
    "make_evaluation",
    "make_evaluation_template",
    "make_function",
    "make_gathering",
    "make_gathering_amendment",
    "make_goal",
    "make_handover",
    "make_late",
    "make_late_gathering",
    "make_meeting",
    "make_member",
    "make_pairing",
    "make_part",
    "make_pause",
    "make_project",
    "make_report",
    "make_request",
    "make_result",
    "make_review",
    "make_round",
    "make_round_mentee",
    "make_round_supervisor",
    "make_run",
    "make_session",
    "make_slot",
    "make_supervisor",
    "make_training",
    "make_wish",
]
