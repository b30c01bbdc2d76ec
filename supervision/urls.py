"""The addresses of supervision, below /supervision/."""

from django.urls import URLPattern, URLResolver, path

from supervision.agreements import views as agreements
from supervision.appointments import views as appointments
from supervision.conflicts import views as conflicts
from supervision.evaluations import views as evaluations
from supervision.goals import views as goals
from supervision.handovers import views as handovers
from supervision.matching import views as matching
from supervision.reports import views as reports
from supervision.requests import views as requests
from supervision.sessions import views as sessions
from supervision.slots import views as slots
from supervision.supervisors import views as supervisors

app_name = "supervision"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", sessions.home, name="home"),
    path("supervisors/", requests.supervisor_list, name="supervisor-list"),
    path("supervisors/<int:supervisor_id>/ask/", requests.supervisor_ask, name="supervisor-ask"),
    path("rounds/", matching.round_list, name="round-list"),
    path("rounds/<int:round_id>/", matching.round_detail, name="round-detail"),
    path(
        "rounds/<int:round_id>/supervisors/",
        matching.round_browse,
        {"side": "mentee"},
        name="round-supervisors",
    ),
    path(
        "rounds/<int:round_id>/mentees/", matching.round_browse, {"side": "supervisor"}, name="round-mentees"
    ),
    path("rounds/<int:round_id>/join/", matching.round_join, name="round-join"),
    path("rounds/<int:round_id>/leave/", matching.round_leave, name="round-leave"),
    path("rounds/<int:round_id>/wish/", matching.round_wish, name="round-wish"),
    path("rounds/<int:round_id>/places/", matching.round_places, name="round-places"),
    path("rounds/<int:round_id>/appeal/", matching.round_appeal, name="round-appeal"),
    path("appeals/<int:appeal_id>/withdraw/", matching.appeal_withdraw, name="appeal-withdraw"),
    path("conflicts/", conflicts.conflict_list, name="conflict-list"),
    path("conflicts/<int:conflict_id>/end/", conflicts.conflict_end, name="conflict-end"),
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
    path("pairings/<int:pairing_id>/sync/", sessions.session_sync, name="session-sync"),
    path("pairings/offline/", sessions.offline_shell, name="offline-shell"),
    path("pairings/worker.js", sessions.offline_worker, name="offline-worker"),
    path("outbox/", sessions.offline_ticket, name="offline-ticket"),
    path("sessions/<int:session_id>/", sessions.session_detail, name="session-detail"),
    path("sessions/<int:session_id>/confirm/", sessions.session_confirm, name="session-confirm"),
    path("sessions/<int:session_id>/dispute/", sessions.session_dispute, name="session-dispute"),
    path("sessions/<int:session_id>/amend/", sessions.session_amend, name="session-amend"),
    path("sessions/<int:session_id>/cancel/", sessions.session_cancel, name="session-cancel"),
    path("sessions/<int:session_id>/note/", sessions.session_note, name="session-note"),
    path("sessions/<int:session_id>/correct/", sessions.session_correct, name="session-correct"),
    path("sessions/<int:session_id>/reflect/", sessions.session_reflect, name="session-reflect"),
    path("sessions/<int:session_id>/pdf/", sessions.session_pdf, name="session-pdf"),
    path("sessions/<int:session_id>/explain/", sessions.session_explain, name="session-explain"),
    path("sessions/<int:session_id>/files/", sessions.session_attach, name="session-attach"),
    path("sessions/<int:session_id>/files/<int:file_id>/", sessions.session_file, name="session-file"),
    path("amendments/<int:amendment_id>/accept/", sessions.amendment_accept, name="amendment-accept"),
    path("amendments/<int:amendment_id>/refuse/", sessions.amendment_refuse, name="amendment-refuse"),
    path("amendments/<int:amendment_id>/withdraw/", sessions.amendment_withdraw, name="amendment-withdraw"),
    path("follow-ups/<int:follow_up_id>/tick/", sessions.follow_up_tick, name="follow-up-tick"),
    path("evaluations/", evaluations.evaluation_list, name="evaluation-list"),
    path("evaluations/<int:evaluation_id>/", evaluations.evaluation_detail, name="evaluation-detail"),
    path("portfolio/", reports.portfolio, name="portfolio"),
    path("portfolio/pdf/", reports.portfolio_pdf, name="portfolio-pdf"),
    path("growth/", evaluations.growth_own, name="growth-own"),
    path("pairings/<int:pairing_id>/growth/", evaluations.growth_pairing, name="growth-pairing"),
    path("pairings/<int:pairing_id>/agreement/", agreements.agreement_draft, name="agreement-draft"),
    path("pairings/<int:pairing_id>/goals/", goals.goal_set, name="goal-set"),
    path("goals/<int:goal_id>/", goals.goal_detail, name="goal-detail"),
    path("pairings/<int:pairing_id>/handover/", handovers.handover_write, name="handover-write"),
    path("handovers/<int:handover_id>/", handovers.handover_detail, name="handover-detail"),
    path("handovers/<int:handover_id>/release/", handovers.handover_release, name="handover-release"),
    path("handovers/<int:handover_id>/keep/", handovers.handover_keep, name="handover-keep"),
    path("agreements/<int:agreement_id>/", agreements.agreement_detail, name="agreement-detail"),
    path("agreements/<int:agreement_id>/propose/", agreements.agreement_propose, name="agreement-propose"),
    path("agreements/<int:agreement_id>/accept/", agreements.agreement_accept, name="agreement-accept"),
    path("agreements/<int:agreement_id>/return/", agreements.agreement_return, name="agreement-return"),
    path("agreements/<int:agreement_id>/withdraw/", agreements.agreement_withdraw, name="agreement-withdraw"),
    path("agreements/<int:agreement_id>/pdf/", agreements.agreement_pdf, name="agreement-pdf"),
    path("meetings/", slots.meeting_list, name="meeting-list"),
    path("meetings/calendar/", slots.meeting_subscribe, name="meeting-subscribe"),
    path("meetings/calendar/<str:token>.ics", slots.meeting_feed, name="meeting-feed"),
    path("meetings/<int:meeting_id>/", slots.meeting_detail, name="meeting-detail"),
    path("meetings/<int:meeting_id>/accept/", slots.meeting_accept, name="meeting-accept"),
    path("meetings/<int:meeting_id>/answer/", slots.meeting_answer, name="meeting-answer"),
    path("meetings/<int:meeting_id>/cancel/", slots.meeting_cancel, name="meeting-cancel"),
    path("meetings/<int:meeting_id>/decline/", slots.meeting_decline, name="meeting-decline"),
    path("meetings/<int:meeting_id>/meeting.ics", slots.meeting_ics, name="meeting-ics"),
    path("meetings/<int:meeting_id>/missed/", slots.meeting_missed, name="meeting-missed"),
    path("meetings/<int:meeting_id>/move/", slots.meeting_move, name="meeting-move"),
    path("meetings/<int:meeting_id>/place/", slots.meeting_place, name="meeting-place"),
    path("meetings/<int:meeting_id>/withdraw/", slots.meeting_withdraw, name="meeting-withdraw"),
    path("pairings/<int:pairing_id>/meetings/propose/", slots.meeting_propose, name="meeting-propose"),
    path("slots/offer/", slots.slot_offer, name="slot-offer"),
    path("slots/<int:slot_id>/", slots.slot_book, name="slot-book"),
    path("slots/<int:slot_id>/withdraw/", slots.slot_withdraw, name="slot-withdraw"),
]
