"""Reading rounds: the facts of the pure scoring, what they come to, and what each page shows."""

from supervision.matching.queries.binding import against_now
from supervision.matching.queries.curves import curves_of
from supervision.matching.queries.facts import Facts, facts_of, rules_of
from supervision.matching.queries.knobs import cost_words, knob_words, knobs_page, proof_words
from supervision.matching.queries.market import Contradiction
from supervision.matching.queries.outcome import Outcome, Placed, outcome_of
from supervision.matching.queries.prices import prices_of, recruit_of
from supervision.matching.queries.results import alternatives_for, line_words, result_lines, result_table
from supervision.matching.queries.site import (
    MyRound,
    Offered,
    matching_data_of,
    mentees_offered,
    my_round,
    own_rounds,
    reasons_for_supervisor,
    supervisors_offered,
)
from supervision.matching.queries.standing import (
    desk_rounds,
    figures_of,
    is_inside,
    newest_run,
    standing_of,
)
from supervision.matching.queries.trials import Overfull, changes_of, moves_of, overfull_of
from supervision.matching.queries.words import (
    AGAINST,
    AGAINST_DESK,
    SOFT_LABELS,
    reasons_of,
    why_none,
)

__all__ = [
    "AGAINST",
    "AGAINST_DESK",
    "SOFT_LABELS",
    "Contradiction",
    "Facts",
    "MyRound",
    "Offered",
    "Outcome",
    "Overfull",
    "Placed",
    "against_now",
    "alternatives_for",
    "changes_of",
    "cost_words",
    "curves_of",
    "desk_rounds",
    "facts_of",
    "figures_of",
    "is_inside",
    "knob_words",
    "knobs_page",
    "line_words",
    "matching_data_of",
    "mentees_offered",
    "moves_of",
    "my_round",
    "newest_run",
    "outcome_of",
    "overfull_of",
    "own_rounds",
    "prices_of",
    "proof_words",
    "reasons_for_supervisor",
    "reasons_of",
    "recruit_of",
    "result_lines",
    "result_table",
    "rules_of",
    "standing_of",
    "supervisors_offered",
    "why_none",
]
