"""Reading circles: mine, those I may join, one of them as its reader may see it, and when people are busy."""

from supervision.circles.queries.busy import Busy, gathering_at, in_gathering, planned_at
from supervision.circles.queries.calendar import calendar_gatherings, gathering_entries
from supervision.circles.queries.circles import (
    Home,
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
    desk_gatherings,
    gathering_draft_of,
    lately,
    list_facts,
    open_actions,
    parts_counted,
    people_of,
    series_after,
    usual_plan,
    was_sent,
)
from supervision.circles.queries.lateness import approved_before, said_of
from supervision.circles.queries.page import (
    GatheringPage,
    agreed_rows,
    gathering_page,
    shared_rows,
)
from supervision.circles.queries.reminding import (
    beginning,
    members_told,
    soon_due,
    unanswered,
    unrecorded,
)
from supervision.circles.queries.together import gatherings_of_both

__all__ = [
    "Busy",
    "GatheringPage",
    "Home",
    "agreed_rows",
    "approved_before",
    "beginning",
    "calendar_gatherings",
    "candidates_for",
    "desk_gatherings",
    "gathering_at",
    "gathering_draft_of",
    "gathering_entries",
    "gathering_page",
    "gatherings_of_both",
    "home_of",
    "in_gathering",
    "joinable_by",
    "lately",
    "list_facts",
    "members_told",
    "mine_of",
    "minutes_by_circle",
    "open_actions",
    "page_of",
    "parts_counted",
    "people_of",
    "planned_at",
    "said_of",
    "series_after",
    "shared_rows",
    "soon_due",
    "turn_of",
    "unanswered",
    "unrecorded",
    "usual_plan",
    "was_sent",
    "with_counts",
]
