"""Opening a public notice, objecting to it, answering, closing it, and forgetting who objected."""

from credentials.public_notices.actions.closing import close_due_notices, reconcile, withdraw_notice
from credentials.public_notices.actions.erasing import erase_objector, erase_objectors, forget_objector
from credentials.public_notices.actions.objecting import (
    answer_objection,
    file_objection,
    open_objection,
    who_answers,
    why_not_answer,
)
from credentials.public_notices.actions.opening import NoticeRefused, open_notice

__all__ = [
    "NoticeRefused",
    "answer_objection",
    "close_due_notices",
    "erase_objector",
    "erase_objectors",
    "file_objection",
    "forget_objector",
    "open_notice",
    "open_objection",
    "reconcile",
    "who_answers",
    "why_not_answer",
    "withdraw_notice",
]
