"""Rows of every model of supervision, feature by feature: what the permission table is compared with."""

from tests.factories import make_pairing, make_session, make_supervisor
from tests.supervision.rows.agreements import agreed_of
from tests.supervision.rows.circles import circles_of
from tests.supervision.rows.evaluations import evaluated_of
from tests.supervision.rows.matching import rounds_of
from tests.supervision.rows.pairings import paired_of
from tests.supervision.rows.projects import projects_of
from tests.supervision.rows.registry import registered_of
from tests.supervision.rows.reports import reported_of
from tests.supervision.rows.sessions import recorded_of
from tests.supervision.rows.slots import planned_of


def rows_of(tree, cast):
    """A pair within the district, one across districts, and one of the other district whose mentee runs ours."""
    places = (tree["district"], tree["other_station"])
    supervisors = [
        make_supervisor(cast.supervisor, tree["agency"]),
        make_supervisor(organisation=tree["other_station"]),
    ]
    pairings = [
        make_pairing(supervisors[0], cast.trainee.person),
        make_pairing(supervisors[0], cast.outside_trainee.person),
        make_pairing(supervisors[1], cast.administrator.person),
        make_pairing(supervisors[1], cast.outside_trainee.person, "ended"),
    ]
    sessions = [make_session(pairing, days_ago=place) for place, pairing in enumerate(pairings, 1)]
    return {
        **registered_of(tree, places, cast, supervisors),
        **paired_of(pairings),
        **agreed_of(places, pairings),
        **planned_of(supervisors, pairings),
        **recorded_of(places, cast, pairings, sessions),
        **rounds_of(tree, cast, supervisors),
        **evaluated_of(places, pairings, supervisors),
        **reported_of(cast, places, pairings, supervisors),
        **circles_of(tree, cast, supervisors),
        **projects_of(supervisors, sessions),
    }
