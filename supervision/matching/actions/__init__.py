"""The verbs of a matching round."""

from supervision.matching.actions.appeals import (
    decide_appeal,
    make_appeal,
    pairings_of_appeal,
    withdraw_appeal,
)
from supervision.matching.actions.basis import RoundRefused
from supervision.matching.actions.knobs import calculate_curves, choose_knobs, draw_curves
from supervision.matching.actions.people import (
    add_mentees,
    add_supervisors,
    join_round,
    leave_round,
    remind_rounds,
    set_places,
    take_out,
)
from supervision.matching.actions.publishing import (
    export_results,
    publish_round,
    retry_line,
    settle_lines,
    settle_round,
)
from supervision.matching.actions.rounds import (
    cancel_round,
    close_round,
    lock_round,
    make_next_round,
    open_round,
    put_back_round,
    save_round,
)
from supervision.matching.actions.running import (
    calculate_round,
    discard_trial,
    keep_trial,
    run_round,
    store_outcome,
    try_change,
)
from supervision.matching.actions.wishes import STEPS, change_wish

__all__ = [
    "STEPS",
    "RoundRefused",
    "add_mentees",
    "add_supervisors",
    "calculate_curves",
    "calculate_round",
    "cancel_round",
    "change_wish",
    "choose_knobs",
    "close_round",
    "decide_appeal",
    "discard_trial",
    "draw_curves",
    "export_results",
    "join_round",
    "keep_trial",
    "leave_round",
    "lock_round",
    "make_appeal",
    "make_next_round",
    "open_round",
    "pairings_of_appeal",
    "publish_round",
    "put_back_round",
    "remind_rounds",
    "retry_line",
    "run_round",
    "save_round",
    "set_places",
    "settle_lines",
    "settle_round",
    "store_outcome",
    "take_out",
    "try_change",
    "withdraw_appeal",
]
