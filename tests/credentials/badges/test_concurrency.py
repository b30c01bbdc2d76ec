"""Many who ask for one badge at once get one."""

import pytest

from credentials.badges.actions import badge_for
from credentials.keys.actions import withdraw_key
from credentials.models import Achievement, Badge, Certificate, SigningKey, StatusList
from tests.factories import make_certificate, make_cohort, make_organisation, make_user
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_eight_who_ask_at_once_get_the_same_badge():
    district = make_organisation("和平区指导中心", tier="county", kind="centre")
    cohort = make_cohort(district)
    certificates = [
        make_certificate(make_user(f"林{n}", district).person, district, cohort) for n in range(2)
    ]
    made = at_once(
        lambda n: badge_for(certificate=Certificate.objects.get(pk=certificates[n % 2].pk)).pk, range(8)
    )
    assert len(set(made)) == Badge.objects.count() == 2
    assert StatusList.objects.count() == Achievement.objects.count() == 1
    assert SigningKey.objects.count() == 2
    withdraw_key(key=SigningKey.objects.get(purpose="badge"), reason="失窃", actor=None)
    anew = at_once(
        lambda n: badge_for(certificate=Certificate.objects.get(pk=certificates[n % 2].pk)).pk, range(8)
    )
    assert len(set(anew)) == 2 and set(Badge.objects.values_list("number", flat=True)) == {1, 2}
    assert Badge.objects.count() == 4
