"""The addresses of supervision, below /supervision/."""

from django.urls import URLPattern, URLResolver, path

from supervision.agreements import views as agreements
from supervision.appointments import views as appointments
from supervision.circles import views as circles
from supervision.goals import views as goals
from supervision.projects import views as projects
from supervision.requests import views as requests
from supervision.sessions import views as sessions
from supervision.supervisors import views as supervisors

app_name = "supervision"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", sessions.home, name="home"),
    path("supervisors/", requests.supervisor_list, name="supervisor-list"),
    path("supervisors/<int:supervisor_id>/ask/", requests.supervisor_ask, name="supervisor-ask"),
    path("requests/<int:request_id>/", requests.request_detail, name="request-detail"),
    path("requests/<int:request_id>/accept/", requests.request_accept, name="request-accept"),
    path("requests/<int:request_id>/decline/", requests.request_decline, name="request-decline"),
    path("requests/<int:request_id>/withdraw/", requests.request_withdraw, name="request-withdraw"),
    path("application/", appointments.application_own, name="application-own"),
    path("application/new/", appointments.application_apply, name="application-apply"),
    path(
        "application/<int:application_id>/withdraw/",
        appointments.application_withdraw,
        name="application-withdraw",
    ),
    path(
        "application/<int:application_id>/files/<int:file_id>/",
        appointments.application_file,
        name="application-file",
    ),
    path("own-entry/", supervisors.own, name="own-entry"),
    path(
        "own-entry/designations/<int:designation_id>/document/", supervisors.own_document, name="own-document"
    ),
    path("pairings/<int:pairing_id>/", sessions.pairing_detail, name="pairing-detail"),
    path("pairings/<int:pairing_id>/log/", sessions.session_log, name="session-log"),
    path("pairings/<int:pairing_id>/draft/", sessions.session_draft, name="session-draft"),
    path("sessions/<int:session_id>/", sessions.session_detail, name="session-detail"),
    path("sessions/<int:session_id>/confirm/", sessions.session_confirm, name="session-confirm"),
    path("sessions/<int:session_id>/dispute/", sessions.session_dispute, name="session-dispute"),
    path("sessions/<int:session_id>/amend/", sessions.session_amend, name="session-amend"),
    path("sessions/<int:session_id>/cancel/", sessions.session_cancel, name="session-cancel"),
    path("sessions/<int:session_id>/note/", sessions.session_note, name="session-note"),
    path("pairings/<int:pairing_id>/agreement/", agreements.agreement_draft, name="agreement-draft"),
    path("pairings/<int:pairing_id>/goals/", goals.goal_set, name="goal-set"),
    path("goals/<int:goal_id>/", goals.goal_detail, name="goal-detail"),
    path("agreements/<int:agreement_id>/", agreements.agreement_detail, name="agreement-detail"),
    path("agreements/<int:agreement_id>/propose/", agreements.agreement_propose, name="agreement-propose"),
    path("agreements/<int:agreement_id>/accept/", agreements.agreement_accept, name="agreement-accept"),
    path("agreements/<int:agreement_id>/return/", agreements.agreement_return, name="agreement-return"),
    path("agreements/<int:agreement_id>/withdraw/", agreements.agreement_withdraw, name="agreement-withdraw"),
    path("agreements/<int:agreement_id>/pdf/", agreements.agreement_pdf, name="agreement-pdf"),
    path("circles/", circles.circle_list, name="circle-list"),
    path("circles/find/", circles.circle_find, name="circle-find"),
    path("circles/new/", circles.circle_new, name="circle-new"),
    path("circles/<int:circle_id>/", circles.circle_detail, name="circle-detail"),
    path("circles/<int:circle_id>/change/", circles.circle_change, name="circle-change"),
    path("circles/<int:circle_id>/join/", circles.circle_join, name="circle-join"),
    path("circles/<int:circle_id>/invite/", circles.circle_invite, name="circle-invite"),
    path("circles/<int:circle_id>/hand-over/", circles.circle_hand_over, name="circle-hand-over"),
    path("circles/<int:circle_id>/close/", circles.circle_close, name="circle-close"),
    path("circles/<int:circle_id>/plan/", circles.gathering_plan, name="gathering-plan"),
    path("circles/<int:circle_id>/record/", circles.gathering_record, name="gathering-record"),
    path("circles/members/<int:member_id>/accept/", circles.member_accept, name="member-accept"),
    path("circles/members/<int:member_id>/decline/", circles.member_decline, name="member-decline"),
    path("circles/members/<int:member_id>/leave/", circles.member_leave, name="member-leave"),
    path("gatherings/<int:gathering_id>/", circles.gathering_detail, name="gathering-detail"),
    path("gatherings/<int:gathering_id>/change/", circles.gathering_change, name="gathering-change"),
    path("gatherings/<int:gathering_id>/cancel/", circles.gathering_cancel, name="gathering-cancel"),
    path("gatherings/<int:gathering_id>/log/", circles.gathering_log, name="gathering-log"),
    path("gatherings/<int:gathering_id>/amend/", circles.gathering_amend, name="gathering-amend"),
    path("gatherings/<int:gathering_id>/note/", circles.gathering_note, name="gathering-note"),
    path("gatherings/<int:gathering_id>/list/", circles.gathering_list, name="gathering-list"),
    path("gatherings/<int:gathering_id>/add/", circles.part_add, name="part-add"),
    path("participations/<int:part_id>/confirm/", circles.part_confirm, name="part-confirm"),
    path("participations/<int:part_id>/dispute/", circles.part_dispute, name="part-dispute"),
    path("participations/<int:part_id>/correct/", circles.part_correct, name="part-correct"),
    path("participations/<int:part_id>/remove/", circles.part_remove, name="part-remove"),
    path("projects/", projects.project_list, name="project-list"),
    path("projects/new/", projects.project_new, name="project-new"),
    path("projects/<int:project_id>/", projects.project_detail, name="project-detail"),
    path("projects/<int:project_id>/change/", projects.project_change, name="project-change"),
    path("projects/<int:project_id>/plan/", projects.project_plan, name="project-plan"),
    path("projects/<int:project_id>/link/", projects.project_link, name="project-link"),
    path("projects/<int:project_id>/finish/", projects.project_finish, name="project-finish"),
    path("projects/<int:project_id>/stop/", projects.project_stop, name="project-stop"),
    path("projects/<int:project_id>/evaluate/", projects.project_evaluate, name="project-evaluate"),
    path("projects/visits/<int:visit_id>/unlink/", projects.visit_unlink, name="visit-unlink"),
    path("deliverables/<int:deliverable_id>/", projects.deliverable_detail, name="deliverable-detail"),
    path("deliverables/<int:deliverable_id>/answer/", projects.deliverable_answer, name="deliverable-answer"),
    path(
        "deliverables/<int:deliverable_id>/files/<int:file_id>/",
        projects.deliverable_file,
        name="deliverable-file",
    ),
]
