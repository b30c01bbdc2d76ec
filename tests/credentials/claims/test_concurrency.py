"""Two officers pass the same stage, two claims of one person, and two who open the same notice: once each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.states import IllegalMove
from credentials.claims import actions
from credentials.models import Claim, ClaimReview, PublicNotice
from tests.factories import give_role, make_organisation, make_qualification, make_user
from tests.factories.subsidies import make_claim, make_reviewer, make_subsidies, pass_claim
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    city = make_organisation("示例市民政局", tier="city", kind="bureau")
    station = make_organisation("新街社工站", city)
    officers = [make_reviewer(city, f"审核员{n}") for n in range(2)]
    trainee = make_user("林小荷", station)
    give_role(trainee, "trainee", station)
    return SimpleNamespace(
        city=city,
        station=station,
        officers=officers,
        person=trainee.person,
        version=make_subsidies(city, officers[0]),
    )


def quietly(act):
    """What came of it: True, or the refusal."""
    try:
        act()
    except (actions.ClaimRefused, IllegalMove):
        return False
    return True


def test_two_officers_pass_one_stage_once(place):
    claim = make_claim(place.person, place.version, state="review")
    made = at_once(
        lambda n: quietly(
            lambda: actions.review_claim(
                claim=Claim.objects.get(pk=claim.pk),
                stage=claim.stage,
                verdict="pass",
                actor=place.officers[n % 2],
            )
        ),
        range(4),
    )
    assert sum(made) == ClaimReview.objects.count() == 1


def test_of_two_levels_claimed_at_once_one_is_open(place):
    for level in ("assistant", "social_worker"):
        make_qualification(place.person, level, days_ago=60)
    made = at_once(
        lambda n: quietly(
            lambda: actions.start_claim(
                person=place.person,
                version=place.version,
                benefit="certificate",
                key=("assistant", "social_worker")[n % 2],
                actor=place.person.user,
            )
        ),
        range(4),
    )
    assert any(made) and Claim.objects.count() == 1


def test_two_who_open_a_notice_at_once_open_one(place):
    claim = pass_claim(make_claim(place.person, place.version, state="review"), place.officers[0])
    seen = actions.mark_of(actions.lines_of(actions.claims_to_post(place.version.subsidy)))
    made = at_once(
        lambda n: quietly(
            lambda: actions.post_claims(
                subsidy=place.version.subsidy,
                title="拟发放名单公示",
                contact="社会工作科",
                seen=seen,
                actor=place.officers[n % 2],
            )
        ),
        range(4),
    )
    claim.refresh_from_db()
    assert (sum(made), PublicNotice.objects.count(), claim.state) == (1, 1, "notice")
