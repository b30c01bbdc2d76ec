"""The permission table agrees with what each role's queries find."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from lms.models import (
    AbsenceRequest,
    AdmissionPlan,
    Announcement,
    Answer,
    Attempt,
    Attendance,
    AttendanceRule,
    BankQuestion,
    CalendarFeed,
    CheckInFlag,
    ClassSession,
    Cohort,
    CohortQuota,
    CohortSurvey,
    Contact,
    Enrolment,
    InvitationCode,
    ItemReport,
    LessonProgress,
    Package,
    PackageUpload,
    ParticipantList,
    Pathway,
    PathwayEnrolment,
    PeerReview,
    Post,
    Question,
    QuestionBank,
    Reading,
    Register,
    Registration,
    ReviewWord,
    RiskLimits,
    SimilarityReport,
    Submission,
    SurveyDesign,
    SurveyInvitation,
    SurveyResponse,
    Thread,
    Transfer,
    Watching,
    WatchLease,
)
from tests.cast import CAST
from tests.factories import (
    make_announcement,
    make_attendance,
    make_bank,
    make_bank_question,
    make_class,
    make_cohort,
    make_design,
    make_enrolment,
    make_feed,
    make_invitation,
    make_on_pathway,
    make_pathway,
    make_peer_review,
    make_plan,
    make_post,
    make_question,
    make_register,
    make_response,
    make_step,
    make_submission,
    make_survey,
    make_transfer,
    make_user,
    make_version,
)
from tests.factories.packages import make_bare_package, make_registration

MODELS = [
    model
    for model in apps.get_app_config("lms").get_models()
    if hasattr(model._default_manager, "visible_to")
]
WRITERS = {"administrator", "city_administrator"}


@pytest.fixture
def rows(tree, cast):
    """A cohort in the district with a trainee of the district and one from outside, and what both have learned."""
    cohort = make_cohort(tree["district"], make_version(assignments=1))
    other = make_cohort(tree["other_district"], cohort.version)
    enrolments = [
        make_enrolment(cohort, cast.trainee.person, "applied"),
        make_enrolment(cohort, cast.outside_trainee.person),
        make_enrolment(other, cast.other_trainee.person),
        make_enrolment(cohort, cast.administrator.person, "applied"),
    ]
    staged = make_enrolment(other, make_user("远客", tree["station"]).person, "applied")
    make_step(
        staged,
        tree["street"],
        1,
        stage="employer",
        state="approved",
        decided_by=cast.city_administrator,
        decided_at=timezone.now(),
    )
    make_step(staged, tree["district"], 2)
    later = make_enrolment(other, make_user("后来", tree["station"]).person, "applied")
    make_step(later, tree["city"], 1, stage="city")
    make_step(later, tree["district"], 2)
    lesson, paper = cohort.version.lessons.get(), cohort.version.papers.get()
    learned = [LessonProgress.objects.create(enrolment=row, lesson=lesson) for row in enrolments]
    watched = [
        Watching.objects.create(enrolment=row, lesson_key=lesson.key, medium="film0", duration=1000)
        for row in enrolments
    ]
    leases = [WatchLease.objects.create(person=row.enrolment.person, watching=row) for row in watched]
    sat = [Attempt.objects.create(enrolment=row, paper=paper, number=1) for row in enrolments]
    work = [
        make_submission(row, state)
        for row, state in zip(enrolments, ("draft", "submitted", "passed", "submitted"), strict=True)
    ]
    reviews = [
        make_peer_review(enrolments[1], work[3]),
        make_peer_review(enrolments[0], work[1]),
        make_peer_review(enrolments[2], make_submission(later)),
    ]
    tomorrow = timezone.now() + timedelta(days=1)
    told = [
        make_announcement(cohort, cast.instructor),
        make_announcement(cohort, cast.instructor, publish_at=tomorrow),
        make_announcement(other, cast.outsider),
    ]
    asked = [
        make_question(cohort, cast.outside_trainee),
        make_question(cohort, cast.trainee, is_public=True),
        make_question(other, cast.other_trainee),
    ]
    posts = [
        make_post(cohort, cast.outside_trainee),
        make_post(cohort, cast.outside_trainee, state="held"),
        make_post(cohort, cast.administrator, state="held"),
        make_post(cohort, cast.instructor, state="hidden"),
        make_post(other, cast.other_trainee),
    ]
    listed = [
        ReviewWord.objects.create(organisation=tree[name], word="词")
        for name in ("district", "other_district", "city")
    ]
    classes = [
        make_class(cohort),
        make_class(other),
        make_class(other, days=2, instructor=cast.instructor.person),
    ]
    feeds = [make_feed(cohort=cohort), make_feed(cohort=other), make_feed(person=cast.trainee.person)]
    by = cast.instructor
    contacts = [
        Contact.objects.create(enrolment=row, number=1, by=by, way="phone", note="x") for row in enrolments
    ]
    limits = [
        RiskLimits.objects.create(organisation=tree[place])
        for place in ("city", "district", "other_district")
    ]
    surveys = [make_survey(cohort), make_survey(other, is_anonymous=True), make_survey(other, "behaviour")]
    invitations = [
        make_invitation(surveys[0], enrolments[0]),
        make_invitation(surveys[0], enrolments[1]),
        make_invitation(surveys[1], enrolments[2]),
        make_invitation(surveys[2], enrolments[2], respondent=cast.supervisor, rater="supervisor"),
        make_invitation(surveys[2], enrolments[2], respondent=None, rater="supervisor"),
    ]
    pathways = [make_pathway(tree[name], cohort.version) for name in ("district", "other_district")]
    rounds = [make_on_pathway(each, cast.other_trainee.person) for each in pathways]
    attended = [make_attendance(klass, row) for klass, row in zip(classes, enrolments, strict=False)]
    guest = make_attendance(classes[2], enrolments[1])
    moves = [
        make_transfer(enrolments[1], other),
        make_transfer(enrolments[2], cohort),
        make_transfer(enrolments[2], make_cohort(tree["other_district"], cohort.version), "refused"),
        make_transfer(enrolments[3], make_cohort(tree["district"], cohort.version)),
    ]
    packages = [
        make_bare_package(tree[name], cast.instructor) for name in ("city", "district", "other_district")
    ]
    banks = [make_bank(tree[name]) for name in ("city", "district", "other_district", "station")]
    return {
        Package: [version.package for version in packages],
        PackageUpload: [
            PackageUpload.objects.create(
                organisation=version.package.organisation, name="x", stored="x", size=1, created_by=by
            )
            for version in packages
        ],
        Registration: [make_registration(row, packages[0]) for row in enrolments],
        QuestionBank: banks,
        BankQuestion: [make_bank_question(bank) for bank in banks],
        Pathway: pathways,
        PathwayEnrolment: rounds,
        CalendarFeed: feeds,
        SurveyDesign: [
            make_design(tree[place]) for place in ("city", "district", "other_district", "station")
        ],
        CohortSurvey: surveys,
        SurveyInvitation: invitations,
        SurveyResponse: [make_response(row) for row in invitations[:4]],
        AbsenceRequest: [
            AbsenceRequest.objects.create(
                kind="leave", class_session=klass, enrolment=row, applicant=row.person.user, reason="值班"
            )
            for klass, row in zip(classes, enrolments, strict=False)
        ],
        Attendance: [*attended, guest],
        AttendanceRule: [AttendanceRule.objects.create(cohort=each) for each in (cohort, other)],
        CheckInFlag: [
            CheckInFlag.objects.create(class_session=row.class_session, enrolment=enrolments[1], used_by=row)
            for row in attended
        ],
        ParticipantList: [
            ParticipantList.objects.create(class_session=klass, filename="x", uploaded_by=cast.administrator)
            for klass in classes
        ],
        Register: [make_register(klass) for klass in classes],
        Transfer: moves,
        ClassSession: classes,
        Cohort: [cohort, other],
        Contact: contacts,
        RiskLimits: limits,
        AdmissionPlan: [make_plan(tree["district"]), make_plan(tree["other_district"])],
        CohortQuota: [
            CohortQuota.objects.create(cohort=c, organisation=tree["city"], places=1) for c in (cohort, other)
        ],
        InvitationCode: [
            InvitationCode.objects.create(cohort=c, code=f"ABCDEFGH{c.pk:02}") for c in (cohort, other)
        ],
        Enrolment: [*enrolments, staged, later],
        LessonProgress: learned,
        Watching: watched,
        WatchLease: leases,
        Attempt: sat,
        Reading: _readings(sat, [cast.instructor, cast.administrator, cast.outsider]),
        ItemReport: [
            ItemReport.objects.create(paper=paper, made_by=by, people=1)
            for by in (cast.instructor, cast.auditor)
        ],
        Submission: work,
        PeerReview: reviews,
        SimilarityReport: [
            SimilarityReport.objects.create(cohort=c, key=work[0].key, threshold=30, compared=2, unread=0)
            for c in (cohort, other)
        ],
        Announcement: told,
        Question: asked,
        Post: posts,
        Thread: [post.thread for post in posts],
        ReviewWord: listed,
    }


def _readings(attempts, readers):
    """Of each attempt an answer that two of three have read; that of the first has its points."""
    found, now = [], timezone.now()
    for place, attempt in enumerate(attempts):
        answer = Answer.objects.create(attempt=attempt, question="q", points=1, is_read=place == 0)
        facts = {"answer": answer, "lease_until": now, "most": 1, "points": 1, "given_at": now}
        for number, reader in enumerate(readers[place % 2 : place % 2 + 2], start=1):
            found.append(Reading.objects.create(reader=reader, round=number, **facts))
    return found


@pytest.mark.parametrize("part", CAST)
def test_who_may_view_a_row_finds_it_and_nobody_else(cast, rows, part):
    user = getattr(cast, part)
    for model in MODELS:
        found = set(model.objects.visible_to(user))
        for row in rows[model]:
            allowed = user.has_perm(f"lms.view_{model._meta.model_name}", row)
            assert allowed == (row in found), (part, model.__name__, row)


@pytest.mark.parametrize("part", CAST)
def test_what_may_be_changed_may_be_seen(cast, rows, part):
    user = getattr(cast, part)
    verbs = {
        CalendarFeed: ["change_calendarfeed"],
        AdmissionPlan: ["change_admissionplan"],
        Pathway: ["change_pathway"],
        ClassSession: ["change_classsession", "take_attendance"],
        Cohort: ["change_cohort", "cancel_cohort", "move_to_version"],
        CohortQuota: ["change_cohortquota"],
        InvitationCode: ["change_invitationcode"],
        Enrolment: ["approve_enrolment", "refuse_enrolment", "withdraw_enrolment", "transfer_enrolment"],
        Transfer: ["decide_transfer"],
        LessonProgress: ["change_lessonprogress"],
        RiskLimits: ["change_risklimits"],
        Attempt: ["change_attempt"],
        Submission: ["mark_submission"],
        Announcement: ["change_announcement"],
        Question: ["answer_question"],
        Post: ["moderate_post"],
        Thread: ["close_thread"],
        SurveyDesign: ["change_surveydesign"],
        QuestionBank: ["write_questions", "import_questions", "export_questions"],
        BankQuestion: ["change_bankquestion"],
        CohortSurvey: ["stop_survey"],
        SurveyInvitation: ["name_rater", "answer_survey"],
        AbsenceRequest: ["decide_absencerequest", "withdraw_absencerequest"],
        AttendanceRule: ["change_attendancerule"],
    }
    for model, names in verbs.items():
        found = set(model.objects.visible_to(user))
        if model is Enrolment:  # who decides at a step sees the application, not the enrolment
            found |= set(Enrolment.objects.readable_by(user))
        for row in rows[model]:
            assert not any(user.has_perm(f"lms.{name}", row) for name in names) or row in found


@pytest.mark.parametrize("part", CAST)
def test_the_applications_one_may_read_are_those_one_finds(cast, rows, part):
    user = getattr(cast, part)
    found = set(Enrolment.objects.readable_by(user))
    for row in rows[Enrolment]:
        assert user.has_perm("lms.read_application", row) == (row in found)


@pytest.mark.parametrize("part", CAST)
def test_only_administrators_of_the_organisation_or_above_run_its_cohorts(cast, rows, part):
    user = getattr(cast, part)
    here, there = rows[Cohort]
    assert user.has_perm("lms.change_cohort", here) == (part in WRITERS)
    assert user.has_perm("lms.change_cohort", there) == (part in {"outsider", "city_administrator"})
    assert user.has_perm("lms.add_cohort") == (part in WRITERS | {"outsider"})


def test_nobody_approves_their_own(cast, rows):
    own = rows[Enrolment][3]
    assert not cast.administrator.has_perm("lms.approve_enrolment", own)
    assert cast.administrator.has_perm("lms.withdraw_enrolment", own)
    assert cast.administrator.has_perm("lms.approve_enrolment", rows[Enrolment][0])


def test_a_step_is_seen_by_its_own_tier_once_it_waits_there_and_decided_by_nobody_else(cast, rows):
    """The cohort belongs to the other district; both applications come to the district of the cast."""
    waits_here, waits_above = rows[Enrolment][4:]
    assert waits_here in Enrolment.objects.readable_by(cast.administrator)
    assert waits_above not in Enrolment.objects.readable_by(cast.administrator)
    assert waits_here not in Enrolment.objects.visible_to(cast.administrator)
    assert cast.administrator.has_perm("lms.approve_enrolment", waits_here)
    for part in ("city_administrator", "outsider", "auditor"):
        assert not getattr(cast, part).has_perm("lms.approve_enrolment", waits_here), part
