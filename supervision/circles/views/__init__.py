"""Circles on the site: mine, finding one, a circle, its gatherings, and the answers of those who took part."""

from supervision.circles.views.around import (
    action_tick,
    correction_accept,
    correction_refuse,
    correction_withdraw,
    gathering_attach,
    gathering_correct,
    gathering_explain,
    gathering_file,
)
from supervision.circles.views.circles import (
    circle_change,
    circle_close,
    circle_detail,
    circle_find,
    circle_hand_over,
    circle_invite,
    circle_join,
    circle_list,
    circle_new,
    member_accept,
    member_decline,
    member_leave,
)
from supervision.circles.views.gatherings import gathering_detail
from supervision.circles.views.offline import (
    gathering_draft,
    gathering_shell,
    gathering_sync,
    gathering_worker,
)
from supervision.circles.views.parts import part_add, part_confirm, part_correct, part_dispute, part_remove
from supervision.circles.views.planning import (
    gathering_cancel,
    gathering_change,
    gathering_list,
    gathering_plan,
)
from supervision.circles.views.recording import (
    gathering_amend,
    gathering_log,
    gathering_note,
    gathering_record,
)

__all__ = [
    "action_tick",
    "circle_change",
    "circle_close",
    "circle_detail",
    "circle_find",
    "circle_hand_over",
    "circle_invite",
    "circle_join",
    "circle_list",
    "circle_new",
    "correction_accept",
    "correction_refuse",
    "correction_withdraw",
    "gathering_amend",
    "gathering_attach",
    "gathering_cancel",
    "gathering_change",
    "gathering_correct",
    "gathering_detail",
    "gathering_draft",
    "gathering_explain",
    "gathering_file",
    "gathering_list",
    "gathering_log",
    "gathering_note",
    "gathering_plan",
    "gathering_record",
    "gathering_shell",
    "gathering_sync",
    "gathering_worker",
    "member_accept",
    "member_decline",
    "member_leave",
    "part_add",
    "part_confirm",
    "part_correct",
    "part_dispute",
    "part_remove",
]
