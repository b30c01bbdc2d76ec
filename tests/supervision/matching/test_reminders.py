"""What everybody in a round is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Notice
from core.states import Refused
from supervision.matching import actions
from supervision.models import (
    MatchingRound,
)
from tests.supervision.matching.acts import values, wish


def test_a_cancelled_round_says_why_to_everybody_in_it(round, cast, two):
    with pytest.raises(Refused):
        actions.cancel_round(round=round, actor=cast.administrator, reason=" ")
    actions.cancel_round(round=round, actor=cast.administrator, reason="督导集训")
    assert Notice.objects.filter(source=f"supervision.round:{round.pk}:cancelled").count() == 5
    assert actions.remind_rounds() == 0


def test_who_has_named_nobody_is_told_once_that_two_days_are_left(round, cast, two):
    supervisors, mentees = two
    wish(mentees[0], supervisors[0])
    MatchingRound.objects.filter(pk=round.pk).update(closes_at=timezone.now() + timedelta(days=1))
    for _ in range(2):
        actions.remind_rounds()
    assert Notice.objects.filter(source__contains=":last:").count() == 2


def test_an_open_round_that_ends_on_another_day_says_so_to_everybody(round, cast, two):
    later = timezone.now() + timedelta(days=9)
    for closes_at in (later, later):
        actions.save_round(
            organisation=round.organisation,
            actor=cast.administrator,
            round=round,
            **values(closes_at=closes_at),
        )
    assert Notice.objects.filter(source__startswith=f"supervision.round:{round.pk}:open:").count() == 5


def test_who_made_a_round_is_told_once_that_its_time_has_passed(round, cast):
    now = timezone.now()
    MatchingRound.objects.filter(pk=round.pk).update(created_by=cast.administrator, closes_at=now)
    for _ in range(2):
        actions.remind_rounds()
    assert Notice.objects.filter(user=cast.administrator, source__contains=":over:").count() == 1
