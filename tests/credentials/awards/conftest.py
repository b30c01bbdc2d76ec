"""Who runs a round, who judges in it, and a round in which they judge."""

from __future__ import annotations

import pytest

from credentials.awards.actions import add_member, shortlist_nominees, start_judging
from tests.factories import make_award_round, make_nomination, make_user


@pytest.fixture
def officer(cast):
    return cast.city_administrator


@pytest.fixture
def judges(tree):
    """Two of other units, and one of the station where the trainee works."""
    places = (tree["agency"], tree["district"], tree["station"])
    return [
        make_user(name, place) for name, place in zip(("尉迟明", "闻人月", "公冶长"), places, strict=True)
    ]


@pytest.fixture
def scoring(tree, cast, officer, judges):
    """Three on the shortlist (林小荷 and 周一鸣 of one station), three judges, and scoring has begun."""
    row = make_award_round(tree["city"], officer, state="shortlisting")
    for user in (cast.trainee, cast.other_trainee, cast.outside_trainee):
        make_nomination(row, user.person)
    shortlist_nominees(round=row, nomination_ids=row.nominations.values_list("pk", flat=True), actor=officer)
    for user in judges:
        add_member(round=row, user=user, actor=officer)
    start_judging(round=row, actor=officer)
    return row
