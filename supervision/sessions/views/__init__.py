from supervision.sessions.views.answering import (
    session_cancel,
    session_confirm,
    session_detail,
    session_dispute,
    session_note,
)
from supervision.sessions.views.around import (
    amendment_accept,
    amendment_refuse,
    amendment_withdraw,
    follow_up_tick,
    session_attach,
    session_correct,
    session_explain,
    session_file,
    session_pdf,
    session_reflect,
)
from supervision.sessions.views.home import home, pairing_detail
from supervision.sessions.views.offline import offline_shell, offline_ticket, offline_worker, session_sync
from supervision.sessions.views.recording import session_amend, session_draft, session_log

__all__ = [
    "amendment_accept",
    "amendment_refuse",
    "amendment_withdraw",
    "follow_up_tick",
    "home",
    "offline_shell",
    "offline_ticket",
    "offline_worker",
    "pairing_detail",
    "session_amend",
    "session_attach",
    "session_cancel",
    "session_confirm",
    "session_correct",
    "session_detail",
    "session_dispute",
    "session_draft",
    "session_explain",
    "session_file",
    "session_log",
    "session_note",
    "session_pdf",
    "session_reflect",
    "session_sync",
]
