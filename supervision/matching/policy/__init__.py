"""Who is paired with whom, as a pure decision: a market of supervisors, mentees and the pairs that are allowed goes in,
a matching with its proof comes out. Two engines (optimal, stable), and a verifier that knows neither."""

from supervision.matching.policy.allpairs import BARRED, AllPairs, all_pairs_of
from supervision.matching.policy.bound import Bound, blocking_of_all, prove_all
from supervision.matching.policy.guided import Guided, match_guided
from supervision.matching.policy.knobs import (
    KNOBS,
    Knobs,
    Point,
    curve,
    favoured,
    kept_in,
    match_turned,
    steps_for,
    turned,
    walk,
)
from supervision.matching.policy.market import Market, MarketFault, Matching, market_of
from supervision.matching.policy.optimal import match_optimal
from supervision.matching.policy.prices import Area, Demand, Short, demanded, short_ones, shortage
from supervision.matching.policy.proof import Burden, Proof, blocking_pairs, prove
from supervision.matching.policy.reasons import Stranded, stranded, stranded_of_all
from supervision.matching.policy.stable import match_stable
from supervision.matching.policy.why import Why, why

ENGINES = {"optimal": match_optimal, "stable": match_stable}

__all__ = [
    "BARRED",
    "ENGINES",
    "KNOBS",
    "AllPairs",
    "Area",
    "Bound",
    "Burden",
    "Demand",
    "Guided",
    "Knobs",
    "Market",
    "MarketFault",
    "Matching",
    "Point",
    "Proof",
    "Short",
    "Stranded",
    "Why",
    "all_pairs_of",
    "blocking_of_all",
    "blocking_pairs",
    "curve",
    "demanded",
    "favoured",
    "kept_in",
    "market_of",
    "match_guided",
    "match_optimal",
    "match_stable",
    "match_turned",
    "prove",
    "prove_all",
    "short_ones",
    "shortage",
    "steps_for",
    "stranded",
    "stranded_of_all",
    "turned",
    "walk",
    "why",
]
