"""Calculating a round, and what is tried in between."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.jobs.actions import run_job
from core.jobs.queries import place_of
from core.models import Job, ServiceField
from core.states import Refused
from supervision.matching import actions
from supervision.matching.queries import changes_of, facts_of, line_words, moves_of, outcome_of
from supervision.models import (
    Designation,
    MatchingRound,
    RoundMentee,
    RoundRun,
)
from tests.factories import (
    make_conflict,
    make_pairing,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_supervisor,
    make_user,
)
from tests.supervision.matching.acts import calculate, run_of, wish


def test_the_hard_rules_leave_out_and_say_whom(round, tree, cast, two):
    supervisors, mentees = two
    MatchingRound.objects.filter(pk=round.pk).update(required_tier="intermediate")
    round.refresh_from_db()
    today = timezone.localdate()
    Designation.objects.create(
        supervisor=supervisors[0].supervisor, tier="senior", issuer="协会", starts_on=today
    )
    Designation.objects.create(
        supervisor=supervisors[1].supervisor, tier="junior", issuer="协会", starts_on=today
    )
    make_conflict(supervisors[0].supervisor, mentees[0].person, cast.administrator)
    actions.lock_round(round=round, actor=cast.administrator)
    run = calculate(round, cast.administrator)
    line = run.lines.get(mentee=mentees[0])
    assert line.supervisor is None
    words = line_words(line)
    assert "利益冲突" in words
    assert "级别" in words
    assert run.lines.exclude(supervisor=None).get().supervisor == supervisors[0]


def test_places_are_never_more_than_are_free_when_it_is_calculated(round, cast, two):
    supervisors, _mentees = two
    make_pairing(supervisors[0].supervisor, make_user("占位", round.organisation).person)
    facts = facts_of(round)
    assert [each.places for each in facts.supervisors] == [0, 1]
    with pytest.raises(Refused):
        actions.set_places(member=supervisors[1], places=2, actor=cast.administrator)


def test_fields_languages_and_continuity_count(round, tree, cast, two):
    supervisors, mentees = two
    field = ServiceField.objects.create(code="elder-y", name="老年人服务乙", name_en="Elderly")
    supervisors[1].supervisor.fields.add(field)
    mentees[0].person.fields.add(field)
    type(supervisors[1].supervisor).objects.update(languages="普通话、手语")
    RoundMentee.objects.filter(pk=mentees[0].pk).update(languages="手语")
    make_pairing(supervisors[1].supervisor, mentees[0].person, "ended")
    found = outcome_of(facts_of(round), engine="optimal")
    line = next(each for each in found.placed if each.mentee == mentees[0].pk)
    assert line.supervisor == supervisors[1].pk
    assert {"fields", "language", "keep"} <= {part[0] for part in line.parts}


def test_a_trial_shows_what_moves_and_changes_nothing_until_it_is_kept(round, cast, two):
    supervisors, mentees = two
    wish(mentees[0], supervisors[0])
    wish(mentees[1], supervisors[1])
    first = run_of(round, cast.administrator)
    given = dict(first.lines.values_list("mentee", "supervisor"))
    assert given[mentees[2].pk] is None
    trial = calculate(round, cast.administrator, actions.try_change, pin=(mentees[2], supervisors[0]))
    assert trial.is_trial
    moved = moves_of(trial, first, cast.administrator)
    assert {each.mentee.pk for each in moved} == {mentees[0].pk, mentees[2].pk}
    assert changes_of(trial, cast.administrator).pinned == [(mentees[2], supervisors[0])]
    assert RoundRun.objects.current().get(round=round) == first
    with pytest.raises(Refused, match="试算"):
        actions.publish_round(round=round, actor=cast.administrator)
    actions.keep_trial(run=trial, actor=cast.administrator)
    assert RoundRun.objects.current().get(round=round) == trial
    with pytest.raises(Refused):
        actions.keep_trial(run=trial, actor=cast.administrator)
    line = trial.lines.get(mentee=mentees[2])
    assert (line.supervisor, line.is_pinned) == (supervisors[0], True)


def test_changes_add_up_and_can_be_put_aside(round, cast, two):
    supervisors, mentees = two
    first = run_of(round, cast.administrator)
    one = calculate(round, cast.administrator, actions.try_change, places=(supervisors[0], 2))
    assert one.figures["matched"] == 3
    two_ = calculate(round, cast.administrator, actions.try_change, forbid=(mentees[0], supervisors[0]))
    one.refresh_from_db()
    assert one.discarded_at is not None
    assert (two_.places, two_.forbidden) == (
        {str(supervisors[0].pk): 2},
        [[mentees[0].pk, supervisors[0].pk]],
    )
    assert two_.lines.get(mentee=mentees[0]).supervisor == supervisors[1]
    free = calculate(round, cast.administrator, actions.try_change, free=mentees[0])
    assert free.forbidden == []
    other = calculate(round, cast.administrator, actions.try_change, engine="stable")
    assert other.engine == "stable"
    assert other.figures["blocking"] == 0
    actions.discard_trial(run=other, actor=cast.administrator)
    assert RoundRun.objects.current().get(round=round) == first
    assert not other.lines.exists()


def test_no_officer_pins_what_a_hard_rule_forbids_and_too_many_pins_are_told(round, cast, two):
    supervisors, mentees = two
    make_conflict(supervisors[0].supervisor, mentees[0].person, mentees[0].person.user)
    run_of(round, cast.administrator)
    with pytest.raises(Refused, match="利益冲突"):
        actions.try_change(round=round, actor=cast.administrator, pin=(mentees[0], supervisors[0]))
    calculate(round, cast.administrator, actions.try_change, pin=(mentees[1], supervisors[1]))
    wrong = calculate(round, cast.administrator, actions.try_change, pin=(mentees[2], supervisors[1]))
    assert wrong.error
    assert not wrong.is_trial


def test_a_job_done_twice_stores_once(round, cast, two):
    run = run_of(round, cast.administrator)
    Job.objects.filter(pk=run.job_id).update(state="queued")
    run_job(run.job_id)
    assert run.lines.count() == 3
    assert place_of(Job.objects.get(pk=run.job_id)).url == reverse("rounds:detail", args=[round.pk])


def test_putting_back_lets_wishes_be_taken_again(round, cast, two):
    run_of(round, cast.administrator)
    actions.put_back_round(round=round, actor=cast.administrator)
    round.refresh_from_db()
    assert (round.state, RoundRun.objects.current().count()) == ("locked", 0)
    actions.open_round(round=round, actor=cast.administrator)
    again = run_of(MatchingRound.objects.get(pk=round.pk), cast.administrator)
    assert again.number == 2


def test_calculated_anew_it_is_a_trial_with_the_same_changes(round, cast, two):
    supervisors, mentees = two
    run_of(round, cast.administrator)
    pinned = calculate(round, cast.administrator, actions.try_change, pin=(mentees[2], supervisors[0]))
    actions.keep_trial(run=pinned, actor=cast.administrator)
    make_pairing(supervisors[1].supervisor, make_user("占位", round.organisation).person)
    again = calculate(round, cast.administrator)
    assert again.is_trial
    assert again.pinned == pinned.pinned
    assert again.figures["matched"] == 1


def test_a_trial_moves_nobody_who_need_not_move(tree, cast, place):
    round = make_round(tree["district"])
    for _ in range(4):
        make_round_supervisor(round, make_supervisor(make_user("督", tree["agency"]), capacity=3))
    for _ in range(15):
        make_round_mentee(round, make_user("林", place).person)
    first = run_of(round, cast.administrator)
    again = calculate(round, cast.administrator)
    assert moves_of(again, first, cast.administrator) == []
    lonely = first.lines.filter(supervisor=None).first().mentee
    trial = calculate(round, cast.administrator, actions.try_change, pin=(lonely, round.supervisors.first()))
    assert len(moves_of(trial, first, cast.administrator)) == 2
    assert trial.figures["proved"]
