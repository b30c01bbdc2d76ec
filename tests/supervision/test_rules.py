"""The permission table agrees with what each role's queries find."""

from datetime import date

import pytest

from core.models import User
from supervision.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
    Circle,
    CircleMember,
    CompanionProject,
    Deliverable,
    Designation,
    Gathering,
    GatheringContent,
    GatheringNote,
    GoalNote,
    LearningGoal,
    Pairing,
    PairingRequest,
    Participation,
    ParticipationRemark,
    ProjectEvaluation,
    ProjectVisit,
    Session,
    SessionContent,
    SessionDraft,
    SessionRemark,
    SupervisionNorm,
    Supervisor,
    SupervisorApplication,
    WorkingNote,
)
from tests.cast import CAST
from tests.factories import (
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

DESK = {"administrator", "city_administrator", "auditor"}
AGREED = [Agreement, AgreementText, AgreementAcceptance, AgreementRemark, AgreementTemplate]
SESSIONS = [Session, SessionContent, SessionRemark, WorkingNote, SessionDraft]
REGISTRY = [Supervisor, SupervisionNorm, SupervisorApplication, Designation]
HELD = [Gathering, GatheringContent, GatheringNote, Participation, ParticipationRemark]
PROJECTS = [CompanionProject, Deliverable, ProjectEvaluation, ProjectVisit]
CIRCLES = [Circle, CircleMember, *HELD]
MODELS = [*REGISTRY, Pairing, PairingRequest, LearningGoal, GoalNote, *SESSIONS, *AGREED, *CIRCLES, *PROJECTS]


def people_of(cast):
    return [cast.trainee.person, cast.outside_trainee.person, cast.administrator.person]


def circles_of(tree, cast, supervisors):
    """A group that is found, one by invitation with somebody who was invited and left, and a peer circle elsewhere."""
    circles = [
        make_circle(supervisors[0], cast.trainee.person),
        make_circle(supervisors[0], cast.outside_trainee.person, admission="invitation"),
        make_circle(cast.outside_trainee.person, admission="invitation"),
    ]
    make_member(circles[1], cast.other_trainee.person, "left")
    make_member(circles[2], cast.administrator.person, "invited")
    gatherings = [make_gathering(circle, days_ago=place + 3) for place, circle in enumerate(circles)]
    gatherings.append(make_gathering(circles[1], "planned", days_ago=-2))
    parts = [
        make_part(gatherings[0], cast.trainee.person),
        make_part(gatherings[1], cast.outside_trainee.person),
        make_part(gatherings[1], cast.other_trainee.person, "removed"),
        make_part(gatherings[2], cast.trainee.person),
    ]
    held = gatherings[:3]
    return {
        Circle: circles,
        CircleMember: list(CircleMember.objects.all()),
        Gathering: gatherings,
        Participation: parts,
        GatheringContent: [
            GatheringContent.objects.create(gathering=each, number=1, topics="谈") for each in held
        ],
        GatheringNote: [
            GatheringNote.objects.create(gathering=each, author=each.leader, text="记") for each in held
        ],
        ParticipationRemark: [
            ParticipationRemark.objects.create(part=part, author=part.person, kind="dispute", text="不对")
            for part in parts
        ],
    }


def projects_of(supervisors, sessions):
    """A project within the district, one across districts, and one of the other district."""
    pairs = [(session.pairing.supervisor, session.pairing.mentee) for session in sessions]
    projects = [make_project(supervisor, mentee) for supervisor, mentee in pairs]
    return {
        CompanionProject: projects,
        Deliverable: [make_deliverable(project) for project in projects],
        ProjectVisit: [
            ProjectVisit.objects.create(project=project, session=session)
            for project, session in zip(projects, sessions, strict=True)
        ],
        ProjectEvaluation: [
            ProjectEvaluation.objects.create(
                project=project, author=mentee, mark=4, text="好", written_by=mentee.user
            )
            for project, (_supervisor, mentee) in zip(projects, pairs, strict=True)
        ],
    }


@pytest.fixture
def rows(tree, cast):
    """A pair within the district, one across districts, and one of the other district whose mentee runs ours."""
    supervisors = [
        make_supervisor(cast.supervisor, tree["agency"]),
        make_supervisor(organisation=tree["other_station"]),
    ]
    pairings = [
        make_pairing(supervisors[0], cast.trainee.person),
        make_pairing(supervisors[0], cast.outside_trainee.person),
        make_pairing(supervisors[1], cast.administrator.person),
        make_pairing(supervisors[1], cast.outside_trainee.person, "ended"),
    ]
    sessions = [make_session(pairing, days_ago=place) for place, pairing in enumerate(pairings, 1)]
    templates = [make_agreement_template(tree["district"]), make_agreement_template(tree["other_station"])]
    states = ("accepted", "proposed", "superseded", "draft")
    agreements = [
        make_agreement(pairing, state, templates[0]) for pairing, state in zip(pairings, states, strict=True)
    ]
    people = [(session, session.pairing.supervisor.person) for session in sessions]
    return (
        circles_of(tree, cast, supervisors)
        | projects_of(supervisors, sessions)
        | {
            Supervisor: supervisors,
            Designation: [
                Designation.objects.create(
                    supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
                )
                for supervisor in supervisors
            ],
            SupervisionNorm: [
                SupervisionNorm.objects.create(
                    organisation=place, workers=5, starts_on=date(2024, 1, 1), source="通知"
                )
                for place in (tree["district"], tree["other_station"])
            ],
            SupervisorApplication: [make_application(person, person.employer) for person in people_of(cast)],
            Pairing: pairings,
            PairingRequest: [
                make_request(pairing.supervisor, pairing.mentee, state)
                for pairing, state in zip(pairings, ("accepted", "declined", "lapsed", "open"), strict=True)
            ],
            LearningGoal: (goals := [make_goal(pairing) for pairing in pairings]),
            GoalNote: [
                GoalNote.objects.create(goal=goal, author=goal.pairing.mentee, state=goal.state, text="记")
                for goal in goals
            ],
            AgreementTemplate: templates,
            Agreement: agreements,
            AgreementText: [agreement.texts.get() for agreement in agreements],
            AgreementAcceptance: [
                AgreementAcceptance.objects.create(
                    agreement=agreement,
                    person=agreement.pairing.mentee,
                    accepted_by=agreement.pairing.mentee.user,
                    text_hash="1" * 64,
                    accepted_at=agreement.created_at,
                )
                for agreement in agreements
            ],
            AgreementRemark: [
                AgreementRemark.objects.create(
                    agreement=agreement, author=agreement.pairing.mentee, text="改"
                )
                for agreement in agreements
            ],
            Session: sessions,
            SessionContent: [session.contents.get() for session in sessions],
            SessionRemark: [
                SessionRemark.objects.create(session=session, author=author, kind="answer", text="答复")
                for session, author in people
            ],
            WorkingNote: [
                WorkingNote.objects.create(session=session, author=author, text="随手记")
                for session, author in people
            ],
            SessionDraft: [
                SessionDraft.objects.create(pairing=pairing, key=session.key, typed="{}")
                for pairing, session in zip(pairings, sessions, strict=True)
            ],
        }
    )


@pytest.mark.parametrize("part", CAST)
@pytest.mark.parametrize("model", MODELS)
def test_who_may_view_a_row_finds_it_and_nobody_else(cast, rows, part, model):
    user = getattr(cast, part)
    found = set(model.objects.visible_to(user))
    for row in rows[model]:
        allowed = user.has_perm(f"supervision.view_{model._meta.model_name}", row)
        assert allowed == (row in found), (part, row)


@pytest.mark.parametrize("part", CAST)
def test_what_may_be_acted_on_may_be_seen(cast, rows, part):
    user = getattr(cast, part)
    verbs = {
        Supervisor: ["change_supervisor", "designate_supervisor"],
        SupervisorApplication: ["decide_supervisorapplication"],
        Pairing: ["change_pairing", "end_pairing", "log_session"],
        PairingRequest: ["answer_request", "withdraw_request"],
        AgreementTemplate: ["change_agreementtemplate"],
        Agreement: ["propose_agreement", "accept_agreement"],
        Circle: ["change_circle", "close_circle", "lead_circle"],
        CompanionProject: ["lead_project"],
        Gathering: ["plan_gathering", "log_gathering"],
        Participation: ["confirm_participation", "correct_participation"],
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


@pytest.mark.parametrize(
    "model",
    [
        SessionContent,
        SessionRemark,
        WorkingNote,
        SessionDraft,
        AgreementText,
        AgreementAcceptance,
        AgreementRemark,
        LearningGoal,
        GoalNote,
    ],
)
def test_not_even_a_superuser_finds_what_the_pair_wrote(rows, model):
    operator = User.objects.create_superuser("operator@example.com")
    assert Session.objects.visible_to(operator).count() == 4
    assert not model.objects.visible_to(operator).exists()
