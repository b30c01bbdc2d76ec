"""The permission table agrees with what each role's queries find."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import User
from supervision.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
    AllowanceCount,
    AllowanceLine,
    AllowanceRate,
    AllowanceStatement,
    AmendmentText,
    Appeal,
    Circle,
    CircleMember,
    CircleReview,
    CompanionProject,
    Conflict,
    Deliverable,
    Designation,
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationTemplate,
    EvaluationWords,
    FollowUp,
    Gathering,
    GatheringAction,
    GatheringAmendment,
    GatheringAmendmentText,
    GatheringContent,
    GatheringDraft,
    GatheringFile,
    GatheringNote,
    GoalNote,
    Handover,
    LateGathering,
    LateRecord,
    LearningGoal,
    LocalFunction,
    LoggingRule,
    MatchingRound,
    Meeting,
    MeetingFeed,
    MeetingRemark,
    OwnTraining,
    Pairing,
    PairingRequest,
    PairWish,
    PartAmendment,
    Participation,
    ParticipationRemark,
    Pause,
    ProjectEvaluation,
    ProjectVisit,
    PublicationRule,
    RoundCurves,
    RoundMentee,
    RoundRun,
    RoundSupervisor,
    RunLine,
    Session,
    SessionAmendment,
    SessionContent,
    SessionDraft,
    SessionFile,
    SessionReflection,
    SessionRemark,
    SessionReview,
    Slot,
    Speciality,
    SupervisionNorm,
    SupervisionReport,
    Supervisor,
    SupervisorApplication,
    TrainingRequirement,
    Wish,
    WorkingNote,
)
from tests.cast import CAST
from tests.factories import (
    ServiceFieldFactory,
    make_agreement,
    make_agreement_template,
    make_allowance_rate,
    make_amendment,
    make_application,
    make_circle,
    make_conflict,
    make_deliverable,
    make_evaluation,
    make_evaluation_template,
    make_function,
    make_gathering,
    make_gathering_amendment,
    make_goal,
    make_handover,
    make_late,
    make_late_gathering,
    make_meeting,
    make_member,
    make_pairing,
    make_part,
    make_pause,
    make_project,
    make_request,
    make_result,
    make_review,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_run,
    make_session,
    make_slot,
    make_supervisor,
    make_training,
    make_user,
    make_wish,
)

DESK = {"administrator", "city_administrator", "auditor"}
AGREED = [Agreement, AgreementText, AgreementAcceptance, AgreementRemark, AgreementTemplate]
SESSIONS = [Session, SessionContent, SessionRemark, WorkingNote, SessionDraft]
AROUND = [SessionReflection, FollowUp, SessionFile, SessionAmendment, AmendmentText]
DECIDED = [LateRecord, LoggingRule, LocalFunction, SessionReview]
REGISTRY = [Supervisor, SupervisionNorm, SupervisorApplication, Designation, Speciality]
TRAINED = [OwnTraining, TrainingRequirement]
PLANNED = [Slot, Meeting, MeetingRemark, MeetingFeed]
ROUNDS = [MatchingRound, RoundMentee, RoundSupervisor, Wish, RoundRun, RoundCurves, RunLine]
DISPUTED = [Appeal, Conflict]
BETWEEN = [Pairing, Pause, PairingRequest, PairWish, LearningGoal, GoalNote, Handover]
EVALUATED = [
    EvaluationTemplate,
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationWords,
    PublicationRule,
]
REPORTED = [SupervisionReport, AllowanceRate, AllowanceStatement, AllowanceLine, AllowanceCount]
HELD = [Gathering, GatheringContent, GatheringNote, Participation, ParticipationRemark]
OF_HELD = [GatheringAction, GatheringFile, GatheringDraft, LateGathering, CircleReview]
CORRECTED = [GatheringAmendment, GatheringAmendmentText, PartAmendment]
PROJECTS = [CompanionProject, Deliverable, ProjectEvaluation, ProjectVisit]
CIRCLES = [Circle, CircleMember, *HELD, *OF_HELD, *CORRECTED]
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
]
MODELS = [
    *(*REGISTRY, *BETWEEN, *SESSIONS, *AROUND, *DECIDED, *AGREED, *PLANNED, *ROUNDS, *DISPUTED),
    *(*EVALUATED, *REPORTED, *CIRCLES, *PROJECTS, *TRAINED),
]


def people_of(cast):
    return [cast.trainee.person, cast.outside_trainee.person, cast.administrator.person]


def rounds_of(tree, cast, supervisors):
    """A round of the district and one of the other in every state that matters, with people of both sides."""
    states = ("draft", "open", "run", "published", "cancelled")
    rounds = [make_round(tree[place], state) for place in ("district", "other_district") for state in states]
    rounds.append(make_round(tree["city"], "published"))  # its administrator takes part in it
    mentees = [make_round_mentee(row, cast.trainee.person) for row in rounds[1:4]]
    mentees += [make_round_mentee(rounds[3], cast.administrator.person, is_in=False)]
    mentees += [make_round_mentee(rounds[-1], cast.city_administrator.person)]
    mentees += [make_round_mentee(row, cast.outside_trainee.person) for row in (*rounds[:2], *rounds[6:])]
    inside = [make_round_supervisor(row, supervisors[place % 2]) for place, row in enumerate(rounds)] + [
        make_round_supervisor(rounds[3], supervisors[0])
    ]
    of_round = {row.round_id: row for row in inside}
    wishes, lines, runs = [], [], {row.pk: make_run(row) for row in rounds}
    for place, mentee in enumerate(mentees):
        by = of_round[mentee.round_id]
        for side in ("mentee", "supervisor"):
            wishes.append(Wish.objects.create(mentee=mentee, supervisor=by, side=side, rank=1 + place))
        given = by if place % 3 else None
        lines.append(RunLine.objects.create(run=runs[mentee.round_id], mentee=mentee, supervisor=given))
    trial = make_run(rounds[3], kept=False)
    lines.append(RunLine.objects.create(run=trial, mentee=mentees[2], supervisor=inside[3]))
    people = [cast.trainee.person, cast.administrator.person, cast.outside_trainee.person]
    return {
        MatchingRound: rounds,
        RoundMentee: mentees,
        RoundSupervisor: inside,
        Wish: wishes,
        RoundRun: [*runs.values(), trial],
        RoundCurves: [RoundCurves.objects.create(round=row) for row in rounds],
        RunLine: lines,
        Appeal: [
            Appeal.objects.create(round=row, person=person, text="请再看一次")
            for row in (rounds[3], rounds[-1])
            for person in people
        ],
        Conflict: [
            make_conflict(supervisors[0], cast.trainee.person, cast.trainee),
            make_conflict(supervisors[0], cast.trainee.person, cast.supervisor),
            make_conflict(supervisors[0], cast.administrator.person, cast.city_administrator),
            make_conflict(supervisors[1], cast.administrator.person, cast.administrator),
            make_conflict(supervisors[1], cast.outside_trainee.person, cast.outsider),
        ],
    }


def evaluated_of(cast, places, pairings, supervisors):
    """Evaluations in both directions, what was published of them, reports and allowance statements of two places."""
    evaluations = [
        make_evaluation(pairing, direction, state)
        for pairing in pairings
        for direction, state in (("supervisor", "locked"), ("mentee", "answered"), ("self", "open"))
    ]
    results = [make_result(supervisor) for supervisor in supervisors]
    month, now = date(2024, 1, 1), timezone.now()
    kept = {"facts": {}, "sha256": "", "issued_by": cast.administrator, "issued_at": now}
    statements = [
        AllowanceStatement.objects.create(organisation=place, month=month, total=1, **kept)
        for place in places
    ]
    lines = [
        AllowanceLine.objects.create(
            statement=statement, supervisor=supervisor, month=month, sessions=1, minutes=60, amount=1
        )
        for statement, supervisor in zip(statements, supervisors, strict=True)
    ]
    counted = [make_session(pairing, "confirmed", days_ago=40) for pairing in pairings[: len(lines)]]
    return {
        EvaluationTemplate: [make_evaluation_template(place) for place in places],
        Evaluation: evaluations,
        EvaluationAnswer: [row.answer for row in evaluations if row.is_given],
        EvaluationResult: results,
        EvaluationWords: [EvaluationWords.objects.create(result=row, texts="[]") for row in results],
        PublicationRule: [
            PublicationRule.objects.create(organisation=place, minimum=6, starts_on=month, source="通知")
            for place in places
        ],
        SupervisionReport: [
            SupervisionReport.objects.create(
                organisation=place, span="month", first_on=month, last_on=date(2024, 1, 31), number=1, **kept
            )
            for place in places
        ],
        AllowanceRate: [make_allowance_rate(place) for place in places],
        AllowanceStatement: statements,
        AllowanceLine: lines,
        AllowanceCount: [
            AllowanceCount.objects.create(
                line=line, supervisor=line.supervisor, month=month, session=session, minutes=60
            )
            for line, session in zip(lines, counted, strict=True)
        ],
    }


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
    file = keep_file(upload=SimpleUploadedFile("a.pdf", b"%PDF-1"), actor=cast.supervisor)
    amendments = [make_gathering_amendment(part) for part in (parts[0], parts[1], parts[3])]
    granted = {
        "state": "granted",
        "decided_by": make_user("解安"),
        "decided_at": timezone.now(),
        "ends_at": timezone.now(),
    }
    reviewers = (cast.auditor, cast.city_administrator, cast.city_administrator)
    return {
        GatheringAction: [
            GatheringAction.objects.create(gathering=each, who="all", what="读材料") for each in held
        ],
        GatheringFile: [
            GatheringFile.objects.create(gathering=each, file=file, author=each.leader) for each in held
        ],
        GatheringDraft: [
            GatheringDraft.objects.create(circle=each, author=each.leader, key=uuid.uuid4(), typed="{}")
            for each in circles
        ],
        LateGathering: [make_late_gathering(each) for each in held],
        CircleReview: [
            CircleReview.objects.create(
                circle=circle, reviewer=reviewer, reason="投诉", **({} if number == 1 else granted)
            )
            for number, (circle, reviewer) in enumerate(zip(circles, reviewers, strict=True))
        ],
        GatheringAmendment: amendments,
        GatheringAmendmentText: [row.text for row in amendments],
        PartAmendment: [row.answers.get() for row in amendments],
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
    confirmed = [make_session(pairing, "confirmed", days_ago=20) for pairing in pairings]
    amendments = [make_amendment(session) for session in confirmed]
    reviewers = (cast.auditor, cast.city_administrator, cast.city_administrator, cast.auditor)
    granted = {
        "state": "granted",
        "decided_by": make_user("解安"),
        "decided_at": timezone.now(),
        "ends_at": timezone.now(),
    }
    file = keep_file(upload=SimpleUploadedFile("a.pdf", b"%PDF-1"), actor=cast.supervisor)
    places = (tree["district"], tree["other_station"])
    return {
        **rounds_of(tree, cast, supervisors),
        SessionReflection: [
            SessionReflection.objects.create(session=session, author=session.pairing.mentee, text="记住了")
            for session in sessions
        ],
        FollowUp: [
            FollowUp.objects.create(session=session, who="mentee", what="写预估报告") for session in sessions
        ],
        SessionFile: [
            SessionFile.objects.create(session=session, file=file, author=author)
            for session, author in people
        ],
        SessionAmendment: amendments,
        AmendmentText: [amendment.text for amendment in amendments],
        Pause: [make_pause(pairing) for pairing in pairings],
        PairWish: [make_wish(pairing) for pairing in pairings],
        LateRecord: [make_late(session) for session in sessions],
        LoggingRule: [
            LoggingRule.objects.create(organisation=place, days=7, starts_on=date(2024, 1, 1), source="通知")
            for place in (tree["district"], tree["other_station"])
        ],
        LocalFunction: [make_function(tree[at]) for at in ("city", "district", "other_station")],
        SessionReview: [
            make_review(pairing, reviewer, **({} if number % 2 else granted))
            for number, (pairing, reviewer) in enumerate(zip(pairings, reviewers, strict=True))
        ],
        **evaluated_of(cast, places, pairings, supervisors),
        **circles_of(tree, cast, supervisors),
        **projects_of(supervisors, sessions),
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
        Speciality: [
            Speciality.objects.create(
                supervisor=supervisor, field=(field := ServiceFieldFactory()), name=f"哀伤辅导{field.pk}"
            )
            for supervisor in supervisors
        ],
        OwnTraining: [
            make_training(person)
            for person in (*people_of(cast), cast.supervisor.person, supervisors[1].person)
        ],
        TrainingRequirement: [
            TrainingRequirement.objects.create(
                organisation=place, minutes=960, starts_on=date(2024, 1, 1), source="通知"
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
        Handover: [make_handover(pairings[0]), make_handover(pairings[3], to=pairings[1])],
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
            AgreementRemark.objects.create(agreement=agreement, author=agreement.pairing.mentee, text="改")
            for agreement in agreements
        ],
        Slot: [
            make_slot(supervisors[0]),
            make_slot(supervisors[0], 3, chosen=[pairings[1]]),
            make_slot(supervisors[1]),
        ],
        Meeting: (
            meetings := [make_meeting(pairing, days=place) for place, pairing in enumerate(pairings, 1)]
        ),
        MeetingRemark: [
            MeetingRemark.objects.create(
                meeting=row, author=row.pairing.mentee, kind="cancelled", text="临时有事"
            )
            for row in meetings
        ],
        MeetingFeed: [
            MeetingFeed.objects.create(person=person, token=f"secret-{person.pk}")
            for person in {row.pk: row for pairing in pairings for row in (pairing.mentee,)}.values()
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
