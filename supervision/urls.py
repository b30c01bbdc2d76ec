"""The addresses of supervision, below /supervision/."""

from django.urls import URLPattern, URLResolver, path

from supervision.agreements import views as agreements
from supervision.appointments import views as appointments
from supervision.evaluations import views as evaluations
from supervision.goals import views as goals
from supervision.reports import views as reports
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
    path("evaluations/", evaluations.evaluation_list, name="evaluation-list"),
    path("evaluations/<int:evaluation_id>/", evaluations.evaluation_detail, name="evaluation-detail"),
    path("portfolio/", reports.portfolio, name="portfolio"),
    path("portfolio/pdf/", reports.portfolio_pdf, name="portfolio-pdf"),
    path("growth/", evaluations.growth_own, name="growth-own"),
    path("pairings/<int:pairing_id>/growth/", evaluations.growth_pairing, name="growth-pairing"),
    path("pairings/<int:pairing_id>/agreement/", agreements.agreement_draft, name="agreement-draft"),
    path("pairings/<int:pairing_id>/goals/", goals.goal_set, name="goal-set"),
    path("goals/<int:goal_id>/", goals.goal_detail, name="goal-detail"),
    path("agreements/<int:agreement_id>/", agreements.agreement_detail, name="agreement-detail"),
    path("agreements/<int:agreement_id>/propose/", agreements.agreement_propose, name="agreement-propose"),
    path("agreements/<int:agreement_id>/accept/", agreements.agreement_accept, name="agreement-accept"),
    path("agreements/<int:agreement_id>/return/", agreements.agreement_return, name="agreement-return"),
    path("agreements/<int:agreement_id>/withdraw/", agreements.agreement_withdraw, name="agreement-withdraw"),
    path("agreements/<int:agreement_id>/pdf/", agreements.agreement_pdf, name="agreement-pdf"),
]
