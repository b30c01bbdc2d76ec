"""The permission table agrees with what each role's queries find."""

import pytest
from django.apps import apps

from core.models import User
from supervision.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
    AmendmentText,
    Circle,
    CircleReview,
    CompanionProject,
    Competency,
    Evaluation,
    EvaluationAnswer,
    EvaluationTemplate,
    EvaluationWords,
    FollowUp,
    Gathering,
    GatheringAction,
    GatheringAmendmentText,
    GatheringContent,
    GatheringDraft,
    GatheringFile,
    GatheringNote,
    GoalNote,
    Handover,
    LateGathering,
    LearningGoal,
    Meeting,
    MeetingFeed,
    MeetingRemark,
    Pairing,
    PairingRequest,
    PartAmendment,
    Participation,
    ParticipationRemark,
    Session,
    SessionContent,
    SessionDraft,
    SessionFile,
    SessionReflection,
    SessionRemark,
    Slot,
    Supervisor,
    SupervisorApplication,
    WorkingNote,
)
from tests.cast import CAST
from tests.supervision.rows import rows_of

DESK = {"administrator", "city_administrator", "auditor"}
MODELS = [
    model
    for model in apps.get_app_config("supervision").get_models()
    if hasattr(model._default_manager, "visible_to") and model is not Competency  # which everybody sees
]
WRITTEN = [
    SessionContent,
    SessionRemark,
    WorkingNote,
    SessionDraft,
    SessionReflection,
    FollowUp,
    SessionFile,
    AmendmentText,
    AgreementText,
    AgreementAcceptance,
    AgreementRemark,
    LearningGoal,
    GoalNote,
    MeetingRemark,
    MeetingFeed,
    Evaluation,
    EvaluationAnswer,
    EvaluationWords,
    GatheringContent,
    GatheringNote,
    GatheringDraft,
    GatheringFile,
    GatheringAction,
    GatheringAmendmentText,
    ParticipationRemark,
]


@pytest.fixture
def rows(tree, cast):
    return rows_of(tree, cast)


@pytest.mark.parametrize("part", CAST)
def test_who_may_view_a_row_finds_it_and_nobody_else(cast, rows, part):
    user = getattr(cast, part)
    for model in MODELS:
        found = set(model.objects.visible_to(user))
        for row in rows[model]:
            allowed = user.has_perm(f"supervision.view_{model._meta.model_name}", row)
            assert allowed == (row in found), (part, model.__name__, row)


@pytest.mark.parametrize("part", CAST)
def test_what_may_be_acted_on_may_be_seen(cast, rows, part):
    user = getattr(cast, part)
    verbs = {
        Supervisor: ["change_supervisor", "designate_supervisor"],
        SupervisorApplication: ["decide_supervisorapplication"],
        Pairing: ["change_pairing", "end_pairing", "log_session", "write_handover"],
        Handover: ["release_handover"],
        PairingRequest: ["answer_request", "withdraw_request"],
        Slot: ["book_slot", "withdraw_slot"],
        Meeting: ["keep_meeting", "close_meeting"],
        AgreementTemplate: ["change_agreementtemplate"],
        EvaluationTemplate: ["change_evaluationtemplate"],
        Evaluation: ["answer_evaluation"],
        Agreement: ["propose_agreement", "accept_agreement"],
        Circle: ["change_circle", "close_circle", "lead_circle"],
        CompanionProject: ["lead_project"],
        Gathering: ["plan_gathering", "log_gathering"],
        Participation: ["confirm_participation", "correct_participation"],
        PartAmendment: ["answer_partamendment"],
        LateGathering: ["decide_lategathering"],
        CircleReview: ["decide_circlereview"],
        Session: ["confirm_session", "dispute_session", "amend_session", "cancel_session", "write_note"],
    }
    for model, names in verbs.items():
        found = set(model.objects.visible_to(user))
        for row in rows[model]:
            if any(user.has_perm(f"supervision.{name}", row) for name in names):
                assert row in found, (part, row)


@pytest.mark.parametrize("part", CAST)
def test_the_desk_runs_pairings_and_the_pair_runs_sessions(cast, rows, part):
    user, (pairing, *_), (session, *_) = getattr(cast, part), rows[Pairing], rows[Session]
    administers = part in {"administrator", "city_administrator"}
    assert user.has_perm("supervision.end_pairing", pairing) == administers
    assert user.has_perm("supervision.change_supervisor", rows[Supervisor][0]) == administers
    for verb in ("amend_session", "cancel_session"):
        assert user.has_perm(f"supervision.{verb}", session) == (part == "supervisor")
    for verb in ("confirm_session", "dispute_session"):
        assert user.has_perm(f"supervision.{verb}", session) == (part == "trainee")


def test_nobody_runs_their_own_pairing(cast, rows):
    own = rows[Pairing][2]
    assert own.mentee == cast.administrator.person
    assert not cast.administrator.has_perm("supervision.end_pairing", own)
    assert cast.city_administrator.has_perm("supervision.end_pairing", own)


@pytest.mark.parametrize("part", CAST)
def test_asked_in_general_only_the_desk_has_lists(cast, rows, part):
    user = getattr(cast, part)
    for name in ("supervisor", "pairing", "pairingrequest", "session"):
        expected = part in DESK | {"outsider"}
        assert user.has_perm(f"supervision.view_{name}") == expected
    assert not user.has_perm("supervision.view_sessioncontent")


def test_not_even_a_superuser_finds_what_the_pair_wrote(rows):
    operator = User.objects.create_superuser("operator@example.com")
    assert Session.objects.visible_to(operator).count() == Session.objects.count() > 0
    for model in WRITTEN:
        assert not model.objects.visible_to(operator).exists(), model.__name__
