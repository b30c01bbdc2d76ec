"""What claimants are reminded of: what can be claimed soon no more, and what they have left lying."""

import datetime

import pytest
import time_machine as clock
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from credentials.claims import actions
from tests.factories import make_qualification
from tests.factories.subsidies import make_claim

pytestmark = pytest.mark.django_db


def test_reminders_come_once_for_each_distance_and_never_after_a_claim(
    version, me, django_assert_max_num_queries
):
    today = timezone.localdate()
    issued = today - datetime.timedelta(days=365 - 20)
    record = make_qualification(me, "assistant", days_ago=(today - issued).days)
    with django_assert_max_num_queries(35):
        assert actions.remind_claimants() == 1
    assert actions.remind_claimants() == 0
    notice = Notice.objects.get(user=me.user, kind="claim")
    assert notice.values["amount"] == "500.00" and notice.values["until"] == {
        "day": record.issued_on.replace(year=record.issued_on.year + 1).isoformat()
    }
    claim = make_claim(
        me, version
    )  # begun, it is still to be handed in: said at each distance, with the way to it
    assert actions.remind_claimants() == 0
    seen = []
    for left in range(9, -2, -1):
        with clock.travel(
            record.issued_on.replace(year=record.issued_on.year + 1) - datetime.timedelta(days=left)
        ):
            if actions.remind_claimants():
                seen.append(left)
    assert seen == [7, 1]
    assert [one.url for one in Notice.objects.filter(user=me.user).order_by("pk")][1:] == [
        reverse("credentials:claim-detail", args=[claim.pk])
    ] * 2
    assert Notice.objects.filter(user=me.user).unread().count() == 3
    actions.hand_in(claim=claim, actor=me.user)
    assert not Notice.objects.filter(user=me.user).unread().exists()
    assert actions.remind_claimants() == 0


def test_a_returned_claim_that_lies_for_a_week_is_reminded_of(draft, cast):
    actions.hand_in(claim=draft, actor=draft.holder)
    actions.review_claim(
        claim=draft, stage="county", verdict="return", reason="未盖章", actor=cast.administrator
    )
    assert actions.remind_claimants() == 0
    with clock.travel(timezone.now() + datetime.timedelta(days=8)):
        assert actions.remind_claimants() == 1
        assert actions.remind_claimants() == 0
