"""Things to test with. A factory makes the smallest valid row; a trait makes it what a test is about."""

from tests.factories.assignments import make_submission
from tests.factories.classes import make_attendance, make_class, make_feed, make_register, make_settled
from tests.factories.conversations import make_announcement, make_post, make_question
from tests.factories.core import ServiceFieldFactory, give_role, make_organisation, make_user
from tests.factories.courses import make_course_page, make_paper, make_version
from tests.factories.credentials import (
    make_certificate,
    make_manual,
    make_manual_facts,
    make_period,
    make_proof,
)
from tests.factories.enrolments import (
    make_cohort,
    make_enrolment,
    make_learned,
    make_plan,
    make_step,
    make_transfer,
)
from tests.factories.pathways import make_on_pathway, make_pathway
from tests.factories.supervision import (
    make_agreement,
    make_agreement_template,
    make_application,
    make_circle,
    make_deliverable,
    make_gathering,
    make_goal,
    make_member,
    make_pairing,
    make_part,
    make_project,
    make_request,
    make_session,
    make_supervisor,
)
from tests.factories.surveys import ask, make_design, make_invitation, make_response, make_survey

__all__ = [
    "ServiceFieldFactory",
    "ask",
    "give_role",
    "make_agreement",
    "make_agreement_template",
    "make_announcement",
    "make_application",
    "make_attendance",
    "make_certificate",
    "make_circle",
    "make_class",
    "make_cohort",
    "make_course_page",
    "make_deliverable",
    "make_design",
    "make_enrolment",
    "make_feed",
    "make_gathering",
    "make_goal",
    "make_invitation",
    "make_learned",
    "make_manual",
    "make_manual_facts",
    "make_member",
    "make_on_pathway",
    "make_organisation",
    "make_pairing",
    "make_paper",
    "make_part",
    "make_pathway",
    "make_period",
    "make_plan",
    "make_post",
    "make_project",
    "make_proof",
    "make_question",
    "make_register",
    "make_request",
    "make_response",
    "make_session",
    "make_settled",
    "make_step",
    "make_submission",
    "make_supervisor",
    "make_survey",
    "make_transfer",
    "make_user",
    "make_version",
]
