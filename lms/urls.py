"""The addresses of learning, below /learn/."""

from django.urls import URLPattern, URLResolver, path

from lms.admissions import views as admissions
from lms.approvals import views as approvals
from lms.assessments import views as assessments
from lms.assignments import views as assignments
from lms.attendance import views as attendance
from lms.conversations.views import announcements, discussion, questions
from lms.enrolments import views as enrolments
from lms.learning import views as learning
from lms.packages.views import player as packages
from lms.pathways import views as pathways
from lms.surveys import views as surveys
from lms.timetable import views as timetable
from lms.transfers import views as transfers
from lms.videos import views as videos

app_name = "lms"
TALK = "enrolments/<int:enrolment_id>/talk/"
VIDEO = "enrolments/<int:enrolment_id>/lessons/<uuid:key>/videos/<slug:medium>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "enrolments/<int:enrolment_id>/lessons/<uuid:key>/package/",
        learning.begin_package,
        name="package-begin",
    ),
    path("packages/<uuid:key>/", packages.save, name="package-save"),
    path("packages/<uuid:key>/standing/", packages.standing, name="package-standing"),
    path("cohorts/<int:cohort_id>/apply/", enrolments.apply, name="enrolment-apply"),
    path("cohorts/<int:cohort_id>/invitation/", admissions.enter_code, name="invitation-enter"),
    path(
        "enrolments/<int:enrolment_id>/documents/<int:file_id>/",
        approvals.document,
        name="application-document",
    ),
    path("enrolments/<int:enrolment_id>/", enrolments.detail, name="enrolment-detail"),
    path("enrolments/<int:enrolment_id>/progress/", enrolments.progress, name="enrolment-progress"),
    path("enrolments/<int:enrolment_id>/withdraw/", enrolments.withdraw, name="enrolment-withdraw"),
    path("enrolments/<int:enrolment_id>/accept/", enrolments.accept, name="enrolment-accept"),
    path("enrolments/<int:enrolment_id>/decline/", enrolments.decline, name="enrolment-decline"),
    path(
        "enrolments/<int:enrolment_id>/waiting-list/", enrolments.waiting_list, name="enrolment-waiting-list"
    ),
    path("enrolments/<int:enrolment_id>/transfer/", transfers.ask, name="transfer-ask"),
    path("enrolments/<int:enrolment_id>/move/<int:cohort_id>/", transfers.move_there, name="transfer-move"),
    path("transfers/<int:transfer_id>/take-back/", transfers.take_back, name="transfer-take-back"),
    path("enrolments/<int:enrolment_id>/quiz/<uuid:key>/", assessments.start, name="attempt-start"),
    path("attempts/<int:attempt_id>/<int:number>/", assessments.page, name="attempt-page"),
    path("attempts/<int:attempt_id>/answer/<str:question>/", assessments.answer, name="attempt-answer"),
    path("attempts/<int:attempt_id>/elsewhere/", assessments.elsewhere, name="attempt-elsewhere"),
    path("attempts/<int:attempt_id>/told/", assessments.told, name="attempt-told"),
    path("attempts/<int:attempt_id>/submit/", assessments.submit, name="attempt-submit"),
    path("attempts/<int:attempt_id>/result/", assessments.result, name="attempt-result"),
    path("timetable/", timetable.mine, name="timetable-mine"),
    path("timetable/calendar/", timetable.subscribe, name="timetable-subscribe"),
    path("enrolments/<int:enrolment_id>/timetable/", timetable.of_enrolment, name="timetable-enrolment"),
    path("calendar/<str:token>.ics", timetable.feed, name="timetable-feed"),
    path("enrolments/<int:enrolment_id>/assignments/", assignments.index, name="assignments"),
    path(
        "enrolments/<int:enrolment_id>/assignments/<uuid:key>/", assignments.detail, name="assignment-detail"
    ),
    path(
        "enrolments/<int:enrolment_id>/assignments/<uuid:key>/draft/",
        assignments.draft,
        name="assignment-draft",
    ),
    path(
        "enrolments/<int:enrolment_id>/assignments/<uuid:key>/review/",
        assignments.review,
        name="assignment-review",
    ),
    path(
        "enrolments/<int:enrolment_id>/submission-files/<int:file_id>/",
        assignments.file,
        name="assignment-file",
    ),
    path("peers/<uuid:uid>/", assignments.peer_review, name="peer-review"),
    path("peers/<uuid:uid>/files/<int:number>/", assignments.peer_file, name="peer-file"),
    path("enrolments/<int:enrolment_id>/talk/", announcements.index, name="talk"),
    path(f"{TALK}announcements/<int:pk>/", announcements.detail, name="talk-announcement"),
    path(f"{TALK}announcements/<int:pk>/file/", announcements.file, name="talk-announcement-file"),
    path(f"{TALK}questions/", questions.index, name="talk-questions"),
    path(f"{TALK}questions/ask/", questions.ask, name="talk-ask"),
    path(f"{TALK}questions/<int:pk>/", questions.detail, name="talk-question"),
    path(f"{TALK}questions/<int:pk>/solve/", questions.solve, name="talk-solve"),
    path(f"{TALK}discussion/", discussion.index, name="talk-discussion"),
    path(f"{TALK}discussion/start/", discussion.start, name="talk-start"),
    path(f"{TALK}lessons/<uuid:key>/<uuid:place>/", discussion.at_lesson, name="talk-place"),
    path(f"{TALK}discussion/<int:pk>/", discussion.thread, name="talk-thread"),
    path(f"{TALK}posts/<int:pk>/edit/", discussion.edit, name="talk-edit"),
    path(f"{TALK}posts/<int:pk>/report/", discussion.report, name="talk-report"),
    path("pathways/", pathways.pathway_list, name="pathway-list"),
    path("pathways/<int:pk>/", pathways.detail, name="pathway-detail"),
    path("pathways/<int:pk>/join/", pathways.join, name="pathway-join"),
    path("pathways/mine/<int:pk>/", pathways.mine, name="pathway-mine"),
    path("pathways/mine/<int:pk>/leave/", pathways.leave, name="pathway-leave"),
    path("enrolments/<int:enrolment_id>/outline/", learning.outline, name="learning-outline"),
    path("enrolments/<int:enrolment_id>/continue/", learning.resume, name="learning-resume"),
    path("enrolments/<int:enrolment_id>/lessons/<uuid:key>/", learning.lesson, name="learning-lesson"),
    path(
        "enrolments/<int:enrolment_id>/lessons/<uuid:key>/complete/",
        learning.complete,
        name="learning-complete",
    ),
    path(
        "enrolments/<int:enrolment_id>/lessons/<uuid:key>/check/<str:check_key>/",
        learning.check,
        name="learning-check",
    ),
    path(f"{VIDEO}begin/", videos.begin, name="video-begin"),
    path(f"{VIDEO}beat/", videos.beat, name="video-beat"),
    path(f"{VIDEO}checkpoints/<str:point>/", videos.checkpoint, name="video-checkpoint"),
    path("surveys/", surveys.index, name="survey-list"),
    path("enrolments/<int:enrolment_id>/surveys/", surveys.room, name="survey-room"),
    path("surveys/<int:invitation_id>/", surveys.answer, name="survey-answer"),
    path("surveys/<int:invitation_id>/draft/", surveys.draft, name="survey-draft"),
    path("surveys/<int:invitation_id>/review/", surveys.review, name="survey-review"),
    path("surveys/<int:invitation_id>/done/", surveys.done, name="survey-done"),
    path("checkin/", attendance.type_code, name="attendance-type"),
    path("checkin/<uuid:uid>/", attendance.checkin, name="attendance-checkin"),
    path("checkin/<uuid:uid>/<str:code>/", attendance.scan, name="attendance-scan"),
    path("classes/<uuid:uid>/checkin/", attendance.screen, name="attendance-screen"),
    path("classes/<uuid:uid>/checkin/code/", attendance.code, name="attendance-code"),
    path("enrolments/<int:enrolment_id>/attendance/", attendance.own, name="attendance-own"),
    path(
        "enrolments/<int:enrolment_id>/attendance/<uuid:uid>/leave/",
        attendance.leave,
        name="attendance-leave",
    ),
    path(
        "enrolments/<int:enrolment_id>/attendance/<uuid:uid>/make-up/",
        attendance.make_up,
        name="attendance-make-up",
    ),
    path("absences/<int:pk>/withdraw/", attendance.withdraw, name="attendance-withdraw"),
    path("absences/<int:pk>/document/", attendance.document, name="attendance-document"),
]
