"""Handing in again, and taking back what was handed in."""

import pytest

from core.models import Notice
from core.states import IllegalMove
from credentials.manual_entries.actions import ManualRefused, return_manual, withdraw_manual
from credentials.models import ManualEntry
from tests.credentials.manual_entries.steps import accept, fresh
from tests.factories import make_manual, make_proof


def test_a_returned_proof_may_be_handed_in_again(cast):
    entry = make_manual(cast.trainee.person, proof=make_proof("同一份"))
    with pytest.raises(ManualRefused):
        return_manual(entry=entry, reason=" ", actor=cast.administrator)
    return_manual(entry=entry, reason="看不清日期", actor=cast.administrator)
    assert "看不清日期" in str(Notice.objects.filter(user=cast.trainee).latest("pk").values)
    make_manual(cast.trainee.person, proof=make_proof("同一份"))
    assert ManualEntry.objects.alive().count() == 1


def test_the_officer_who_entered_what_somebody_asked_for_cannot_make_it_vanish(cast):
    entry = make_manual(cast.trainee.person)
    accept(entry=entry, actor=cast.administrator)
    with pytest.raises(ManualRefused):
        withdraw_manual(entry=fresh(entry), actor=cast.administrator)
    withdraw_manual(entry=fresh(entry), actor=cast.trainee)


def test_the_person_is_told_when_an_officer_withdraws_what_they_had_entered(cast):
    entry = make_manual(cast.trainee.person, cast.administrator)
    withdraw_manual(entry=entry, actor=cast.administrator)
    told = Notice.objects.filter(user=cast.trainee).latest("pk")
    assert told.source == f"credentials.manual:{entry.pk}:withdrawn"


def test_who_handed_it_in_withdraws_it_and_nobody_else(cast):
    entry = make_manual(cast.trainee.person)
    with pytest.raises(ManualRefused):
        withdraw_manual(entry=entry, actor=cast.administrator)
    withdraw_manual(entry=entry, actor=cast.trainee)
    with pytest.raises(IllegalMove):
        accept(entry=fresh(entry), actor=cast.administrator)
