"""All models of lms, found here by Django; they live in their features."""

from lms.admissions.models import (
    AdmissionPlan,
    AnswerFile,
    ApplicationRecord,
    ApprovalStep,
    CohortQuota,
    InvitationCode,
    InvitationUse,
)
from lms.analysis.models import ItemReport
from lms.assessments.models import Answer, Attempt, AttemptEvent, PaperWindow
from lms.assignments.models import (
    CriterionMark,
    ExtraAttempt,
    GivenMark,
    PeerReview,
    PeerRound,
    SimilarityReport,
    Submission,
    SubmissionFile,
)
from lms.attendance.models import (
    AbsenceRequest,
    Attendance,
    AttendanceRule,
    CheckInFlag,
    ParticipantList,
    Register,
)
from lms.cohorts.models import Cohort
from lms.conversations.models import (
    Announcement,
    AnnouncementRead,
    Mute,
    Post,
    Question,
    Reply,
    Report,
    ReviewWord,
    Thread,
)
from lms.corrections.models import Regrade
from lms.courses.models import (
    AssignmentPage,
    CourseIndexPage,
    CoursePage,
    LessonPage,
    ModulePage,
    QuizPage,
)
from lms.courses.versions import (
    AssignmentMedia,
    AssignmentVersion,
    CourseVersion,
    LessonMedia,
    LessonVersion,
    PaperVersion,
)
from lms.enrolments.models import Enrolment
from lms.learning.models import LessonProgress
from lms.marking.models import PointsCorrection, Reading, RegradeLine
from lms.packages.models import (
    Launch,
    Package,
    PackageUpload,
    PackageVersion,
    Registration,
    ScoState,
    StateDocument,
    Statement,
)
from lms.pathways.models import Pathway, PathwayCourse, PathwayEnrolment
from lms.questions.models import AlikePair, BankQuestion, KnowledgePoint, QuestionBank, QuestionRevision
from lms.surveys.models import CohortSurvey, SurveyDesign, SurveyInvitation, SurveyResponse, SurveyVersion
from lms.teaching.models import Contact, RiskLimits
from lms.timetable.models import CalendarFeed, ClassSession
from lms.transfers.models import Transfer
from lms.videos.models import Watching, WatchLease

__all__ = [
    "AbsenceRequest",
    "AdmissionPlan",
    "AlikePair",
    "Announcement",
    "AnnouncementRead",
    "Answer",
    "AnswerFile",
    "ApplicationRecord",
    "ApprovalStep",
    "AssignmentMedia",
    "AssignmentPage",
    "AssignmentVersion",
    "Attempt",
    "AttemptEvent",
    "Attendance",
    "AttendanceRule",
    "BankQuestion",
    "CalendarFeed",
    "CheckInFlag",
    "ClassSession",
    "Cohort",
    "CohortQuota",
    "CohortSurvey",
    "Contact",
    "CourseIndexPage",
    "CoursePage",
    "CourseVersion",
    "CriterionMark",
    "Enrolment",
    "ExtraAttempt",
    "GivenMark",
    "InvitationCode",
    "InvitationUse",
    "ItemReport",
    "KnowledgePoint",
    "Launch",
    "LessonMedia",
    "LessonPage",
    "LessonProgress",
    "LessonVersion",
    "ModulePage",
    "Mute",
    "Package",
    "PackageUpload",
    "PackageVersion",
    "PaperVersion",
    "PaperWindow",
    "ParticipantList",
    "Pathway",
    "PathwayCourse",
    "PathwayEnrolment",
    "PeerReview",
    "PeerRound",
    "PointsCorrection",
    "Post",
    "Question",
    "QuestionBank",
    "QuestionRevision",
    "QuizPage",
    "Reading",
    "Register",
    "Registration",
    "Regrade",
    "RegradeLine",
    "Reply",
    "Report",
    "ReviewWord",
    "RiskLimits",
    "ScoState",
    "SimilarityReport",
    "StateDocument",
    "Statement",
    "Submission",
    "SubmissionFile",
    "SurveyDesign",
    "SurveyInvitation",
    "SurveyResponse",
    "SurveyVersion",
    "Thread",
    "Transfer",
    "WatchLease",
    "Watching",
]
