"""The addresses of supervision, below /supervision/."""

from django.urls import URLPattern, URLResolver, path

from supervision.appointments import views as appointments
from supervision.sessions import views as sessions
from supervision.supervisors import views as supervisors

app_name = "supervision"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", sessions.home, name="home"),
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
]
