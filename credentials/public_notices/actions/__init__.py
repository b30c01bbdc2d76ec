"""Opening a public notice, objecting to it, answering, and closing it."""

from credentials.public_notices.actions.closing import close_due_notices, reconcile, withdraw_notice
from credentials.public_notices.actions.objecting import answer_objection, file_objection, why_not_answer
from credentials.public_notices.actions.opening import NoticeRefused, open_notice

__all__ = [
    "NoticeRefused",
    "answer_objection",
    "close_due_notices",
    "file_objection",
    "open_notice",
    "reconcile",
    "why_not_answer",
    "withdraw_notice",
]
