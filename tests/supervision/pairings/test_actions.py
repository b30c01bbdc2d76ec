from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from supervision.models import Pairing, Supervisor
from supervision.pairings import actions
from supervision.pairings.actions import NotPossible
from tests.factories import make_pairing, make_supervisor, make_user


def make(supervisor, mentee, cast, **more):
    return actions.create_pairing(
        supervisor=supervisor, mentee=mentee.person, actor=cast.administrator, **more
    )


def test_both_are_told_and_a_place_is_taken(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make(supervisor, cast.trainee, cast, goal="独立完成一个个案")
    supervisor.refresh_from_db()
    assert (pairing.state, pairing.organisation, supervisor.load) == ("active", tree["station"], 1)
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.supervisor.pk, cast.trainee.pk}
    assert AuditEntry.objects.get(action="supervision.create_pairing").organisation == tree["station"]


def test_a_supervisor_of_another_district_may_serve_a_mentee_of_mine(tree, cast):
    elsewhere = make_supervisor(organisation=tree["other_station"])
    pairing = make(elsewhere, cast.trainee, cast)
    assert pairing in Pairing.objects.visible_to(cast.administrator)
    assert pairing in Pairing.objects.visible_to(cast.outsider)  # who answers for the supervisor
    assert not cast.outsider.has_perm("supervision.end_pairing", pairing)


def test_nobody_supervises_themselves(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    with pytest.raises(NotPossible):
        make(supervisor, cast.supervisor, cast)
    with pytest.raises(IntegrityError, match="oneself"), transaction.atomic():
        make_pairing(supervisor, cast.supervisor.person)


def test_a_full_supervisor_is_named_with_the_places(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=1)
    make(supervisor, cast.trainee, cast)
    with pytest.raises(NotPossible, match=r"1.*1"):
        make(supervisor, cast.other_trainee, cast)
    with pytest.raises(IntegrityError, match="over_capacity"), transaction.atomic():
        Supervisor.objects.update(load=2)


def test_a_supervisor_who_takes_nobody_is_not_paired(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], is_active=False)
    with pytest.raises(NotPossible):
        make(supervisor, cast.trainee, cast)


def test_a_pair_that_there_is_already_takes_no_second_place(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make(supervisor, cast.trainee, cast)
    with pytest.raises(NotPossible):
        make(supervisor, cast.trainee, cast)
    actions.pause_pairing(pairing=pairing, actor=cast.administrator, reason="休产假")
    with pytest.raises(NotPossible):
        make(supervisor, cast.trainee, cast)
    supervisor.refresh_from_db()
    assert supervisor.load == 1
    actions.end_pairing(pairing=pairing, actor=cast.administrator, reason="换岗")
    assert make(supervisor, cast.trainee, cast).pk != pairing.pk


def test_impossible_days_and_a_mentee_without_an_employer_are_refused(tree, cast):
    supervisor, today = make_supervisor(cast.supervisor, tree["agency"]), timezone.localdate()
    with pytest.raises(NotPossible):
        make(supervisor, cast.trainee, cast, starts_on=today, ends_on=today - timedelta(days=1))
    with pytest.raises(NotPossible):
        make(supervisor, make_user("无单位"), cast)
    supervisor.refresh_from_db()
    assert supervisor.load == 0


def test_an_ended_pairing_gives_its_place_back_and_says_why_to_both(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make(supervisor, cast.trainee, cast)
    Notice.objects.all().delete()
    actions.end_pairing(pairing=pairing, actor=cast.administrator, reason="目标达成")
    pairing.refresh_from_db()
    supervisor.refresh_from_db()
    assert (pairing.state, pairing.reason, supervisor.load) == ("ended", "目标达成", 0)
    assert pairing.ends_on == timezone.localdate()
    assert [notice.values["reason"] for notice in Notice.objects.all()] == ["目标达成"] * 2
    with pytest.raises(IllegalMove):
        actions.end_pairing(pairing=pairing, actor=cast.administrator, reason="再来一次")


def test_an_end_without_a_reason_is_refused(tree, cast):
    pairing = make(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee, cast)
    with pytest.raises(NotPossible):
        actions.end_pairing(pairing=pairing, actor=cast.administrator, reason=" ")


def test_a_pairing_that_has_not_begun_can_be_ended(tree, cast):
    later = timezone.localdate() + timedelta(days=9)
    pairing = make(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee, cast, starts_on=later)
    actions.end_pairing(pairing=pairing, actor=cast.administrator, reason="换岗")
    assert pairing.ends_on == later


def test_a_pause_keeps_the_place_and_can_be_taken_back(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make(supervisor, cast.trainee, cast)
    actions.pause_pairing(pairing=pairing, actor=cast.administrator, reason="休产假")
    actions.resume_pairing(pairing=pairing, actor=cast.administrator)
    actions.pause_pairing(pairing=pairing, actor=cast.administrator, reason="休产假")
    supervisor.refresh_from_db()
    assert (pairing.state, supervisor.load) == ("paused", 1)
    assert Notice.objects.filter(user=cast.trainee).count() == 4


def test_places_that_were_counted_wrongly_are_mended(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    make(supervisor, cast.trainee, cast)
    Supervisor.objects.update(load=4)
    assert actions.reconcile() == [f"supervisor {supervisor.code}: places taken 4 → 1"]
    assert actions.reconcile() == []
