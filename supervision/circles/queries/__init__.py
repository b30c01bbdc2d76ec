"""Reading circles: mine, those I may join, one of them as its reader may see it, and when people are busy."""

from supervision.circles.queries.busy import Busy, gathering_at, in_gathering, planned_at
from supervision.circles.queries.circles import (
    MOST_CANDIDATES,
    CirclePage,
    Home,
    Mine,
    candidates_for,
    home_of,
    joinable_by,
    mine_of,
    minutes_by_circle,
    page_of,
    turn_of,
    with_counts,
)
from supervision.circles.queries.gatherings import (
    USUAL,
    GatheringPage,
    desk_gatherings,
    gathering_page,
    list_facts,
    parts_counted,
    people_of,
    usual_plan,
)
from supervision.circles.queries.reminding import beginning, members_told, unanswered, unrecorded

__all__ = [
    "MOST_CANDIDATES",
    "USUAL",
    "Busy",
    "CirclePage",
    "GatheringPage",
    "Home",
    "Mine",
    "beginning",
    "candidates_for",
    "desk_gatherings",
    "gathering_at",
    "gathering_page",
    "home_of",
    "in_gathering",
    "joinable_by",
    "list_facts",
    "members_told",
    "mine_of",
    "minutes_by_circle",
    "page_of",
    "parts_counted",
    "people_of",
    "planned_at",
    "turn_of",
    "unanswered",
    "unrecorded",
    "usual_plan",
    "with_counts",
]
