"""Who takes part in a round, and what they wish."""

import pytest
from django.utils import timezone

from core.states import Refused
from supervision.matching import actions
from supervision.models import (
    MatchingRound,
    RoundMentee,
    RoundSupervisor,
    Wish,
)
from tests.factories import (
    make_conflict,
    make_round_supervisor,
    make_supervisor,
    make_user,
)
from tests.supervision.matching.acts import change, values, wish


def test_wishes_are_kept_in_order_until_the_time_has_passed(round, two):
    supervisors, (mentee, *_others) = two
    wish(mentee, *supervisors)

    def ranks():
        return list(Wish.objects.filter(mentee=mentee, side="mentee").values_list("supervisor", flat=True))

    one, other = (each.pk for each in supervisors)
    assert ranks() == [one, other]
    change(mentee, supervisors[1], "up")
    assert ranks() == [other, one]
    change(mentee, supervisors[1], "down")
    change(mentee, supervisors[0], "remove")
    assert ranks() == [other]
    mentee.refresh_from_db()
    assert mentee.wished_at is not None
    MatchingRound.objects.filter(pk=round.pk).update(closes_at=timezone.now())
    with pytest.raises(Refused, match="时间"):
        wish(mentee, supervisors[0])
    with pytest.raises(Refused):
        actions.leave_round(member=mentee, actor=mentee.person.user)
    assert ranks() == [other]


def test_a_list_is_never_longer_than_the_round_says(round, tree, two):
    _supervisors, (mentee, *_others) = two
    more = [make_round_supervisor(round, make_supervisor(make_user("督", tree["agency"]))) for _ in range(4)]
    wish(mentee, *more[:3])
    with pytest.raises(Refused, match="3"):
        wish(mentee, more[3])


def test_nobody_wishes_for_whom_a_hard_rule_excludes(round, tree, cast, two):
    supervisors, (mentee, *_others) = two
    make_conflict(supervisors[0].supervisor, mentee.person, mentee.person.user)
    leader = make_round_supervisor(round, make_supervisor(cast.administrator, tree["district"]))
    for each in (supervisors[0], leader):
        with pytest.raises(Refused):
            wish(mentee, each)
    with pytest.raises(Refused, match="不能"):
        change(mentee, supervisors[0], "add", side="supervisor")
    assert not Wish.objects.exists()


def test_who_stands_outside_of_the_tree_or_comes_late_does_not_join(round, cast):
    with pytest.raises(Refused):
        actions.join_round(round=round, person=cast.outside_trainee.person, actor=cast.outside_trainee)
    MatchingRound.objects.filter(pk=round.pk).update(self_join=False)
    with pytest.raises(Refused):
        actions.join_round(round=round, person=cast.trainee.person, actor=cast.trainee)
    assert not RoundMentee.objects.exists()


def test_who_leaves_takes_the_wishes_along_and_may_come_back(round, cast, two):
    supervisors, (mentee, *_others) = two
    wish(mentee, *supervisors)
    actions.leave_round(member=mentee, actor=cast.trainee)
    assert not Wish.objects.exists()
    back = actions.join_round(round=round, person=cast.trainee.person, actor=cast.trainee, languages="手语")
    assert (back.pk, back.is_in, back.languages) == (mentee.pk, True, "手语")


def test_nobody_joins_leaves_wishes_or_appeals_for_somebody_else(round, cast, two):
    supervisors, (mentee, *_others) = two
    person, officer = mentee.person, cast.administrator
    pair = {"mentee": mentee, "supervisor": supervisors[0], "step": "add"}
    for act in (
        lambda: actions.join_round(round=round, person=person, actor=officer, languages="手语"),
        lambda: actions.leave_round(member=mentee, actor=officer),
        lambda: actions.make_appeal(round=round, person=person, text="路太远", actor=officer),
        lambda: actions.change_wish(**pair, side="mentee", actor=officer),
        lambda: actions.change_wish(**pair, side="supervisor", actor=mentee.person.user),
    ):
        with pytest.raises(Refused, match="本人"):
            act()
    mentee.refresh_from_db()
    assert (mentee.is_in, mentee.languages) == (True, "")
    assert not Wish.objects.exists()


def test_a_locked_round_takes_nobody_in_and_is_opened_again(round, cast, two):
    actions.lock_round(round=round, actor=cast.administrator)
    for act in (
        lambda: actions.add_mentees(
            round=round, people=[cast.outside_trainee.person], actor=cast.administrator
        ),
        lambda: actions.save_round(
            organisation=round.organisation, actor=cast.administrator, round=round, **values()
        ),
        lambda: actions.set_places(member=two[0][0], places=0, actor=cast.administrator),
        lambda: actions.take_out(round=round, member=two[1][0], actor=cast.administrator),
    ):
        with pytest.raises(Refused, match="锁定"):
            act()
    actions.open_round(round=round, actor=cast.administrator)
    round.refresh_from_db()
    assert round.state == "open"


def test_a_supervisor_changes_places_in_time_only_and_an_officer_until_the_lock(round, cast, two):
    member = two[0][0]
    MatchingRound.objects.filter(pk=round.pk).update(closes_at=timezone.now())
    member.round.refresh_from_db()
    with pytest.raises(Refused, match="时间"):
        actions.set_places(member=member, places=0, actor=cast.supervisor)
    actions.set_places(member=member, places=0, actor=cast.administrator)
    assert RoundSupervisor.objects.get(pk=member.pk).places == 0


def test_when_somebody_is_taken_out_the_wishes_behind_move_up(round, cast, two):
    supervisors, (mentee, other, _third) = two
    wish(mentee, *supervisors)
    wish(other, supervisors[1])
    actions.take_out(round=round, member=supervisors[0], actor=cast.administrator)
    assert set(Wish.objects.values_list("mentee", "supervisor", "rank")) == {
        (mentee.pk, supervisors[1].pk, 1),
        (other.pk, supervisors[1].pk, 1),
    }
