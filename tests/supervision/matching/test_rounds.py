"""A round from the draft to the publication, what is tried in between, and what follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.jobs.actions import run_job
from core.models import Job, Notice, ServiceField
from core.states import IllegalMove, Refused
from supervision.matching import actions
from supervision.matching.queries import changes_of, facts_of, line_words, moves_of, outcome_of
from supervision.matching.scoring import USUAL
from supervision.models import (
    Appeal,
    Designation,
    MatchingRound,
    Pairing,
    RoundMentee,
    RoundRun,
    RoundSupervisor,
    RunLine,
    Wish,
)
from supervision.requests.actions import accept_request
from tests.factories import (
    make_conflict,
    make_pairing,
    make_request,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_supervisor,
    make_user,
)


def values(**more):
    now = timezone.now()
    return {
        "title": "秋季轮次",
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=5),
        "starts_on": timezone.localdate(),
        "ends_on": None,
        "engine": "optimal",
        "weights": dict(USUAL),
        "region": "province",
        "required_tier": "",
        "most_wishes": 3,
        "self_join": True,
        "appeal_days": 7,
    } | more


def calculate(round, actor, act=actions.run_round, **more):
    """Run and let the job do its work."""
    run = act(round=round, actor=actor, **more)
    run_job(run.job_id)
    run.refresh_from_db()
    round.refresh_from_db()
    return run


def publish(round, actor):
    run_job(actions.publish_round(round=round, actor=actor).pk)
    round.refresh_from_db()


@pytest.fixture
def round(tree):
    return make_round(tree["district"], most_wishes=3)


@pytest.fixture
def place(tree):
    return tree["station"]


@pytest.fixture
def two(round, tree, cast, place):
    """Two supervisors with one place each, three mentees."""
    supervisors = [
        make_round_supervisor(round, make_supervisor(cast.supervisor, tree["agency"], capacity=1)),
        make_round_supervisor(round, make_supervisor(make_user("督二", tree["agency"]), capacity=1)),
    ]
    people = [cast.trainee.person, cast.other_trainee.person, make_user("林三", place).person]
    return supervisors, [make_round_mentee(round, person) for person in people]


def wish(mentee, *supervisors):
    for each in supervisors:
        actions.change_wish(mentee=mentee, supervisor=each, side="mentee", step="add")


def test_a_round_goes_from_the_draft_to_the_pairings(tree, cast, place):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=1)
    row = actions.save_round(organisation=tree["district"], actor=cast.administrator, **values())
    with pytest.raises(Refused, match="督导"):
        actions.open_round(round=row, actor=cast.administrator)
    assert actions.add_supervisors(round=row, supervisors=[supervisor], actor=cast.administrator) == 1
    assert actions.add_mentees(round=row, people=[cast.trainee.person], actor=cast.administrator) == 1
    actions.open_round(round=row, actor=cast.administrator)
    assert Notice.objects.filter(kind="supervision.round").count() == 2
    other = actions.join_round(round=row, person=cast.other_trainee.person, actor=cast.other_trainee)
    first = row.mentees.get(person=cast.trainee.person)
    by = row.supervisors.get()
    wish(other, by)
    actions.change_wish(mentee=first, supervisor=by, side="supervisor", step="add")
    row.refresh_from_db()
    actions.lock_round(round=row, actor=cast.administrator)
    run = calculate(row, cast.administrator)
    assert (row.state, run.is_current, run.figures["matched"], run.figures["unmatched"]) == (
        "run",
        True,
        1,
        1,
    )
    assert run.figures["proved"]
    assert set(run.summary) == {"optimal", "stable"}
    publish(row, cast.administrator)
    pairing = Pairing.objects.get()
    assert (pairing.mentee, pairing.supervisor, pairing.created_by) == (
        cast.other_trainee.person,
        supervisor,
        cast.administrator,
    )
    line = RunLine.objects.get(pairing=pairing)
    assert {part[0] for part in line.parts} >= {"mentee_wish", "near", "fields_unknown"}
    assert line.score == sum(part[1] for part in line.parts)
    lonely = RunLine.objects.get(supervisor=None)
    assert "1 位督导都已满" in line_words(lonely) or "已满" in line_words(lonely)
    told = Notice.objects.filter(source=f"supervision.round:{row.pk}:published")
    assert told.count() == 3


def test_wishes_are_kept_in_order_until_the_time_has_passed(round, two):
    supervisors, (mentee, *_others) = two
    wish(mentee, *supervisors)

    def ranks():
        return list(Wish.objects.filter(mentee=mentee, side="mentee").values_list("supervisor", flat=True))

    one, other = (each.pk for each in supervisors)
    assert ranks() == [one, other]
    actions.change_wish(mentee=mentee, supervisor=supervisors[1], side="mentee", step="up")
    assert ranks() == [other, one]
    actions.change_wish(mentee=mentee, supervisor=supervisors[1], side="mentee", step="down")
    actions.change_wish(mentee=mentee, supervisor=supervisors[0], side="mentee", step="remove")
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
        actions.change_wish(mentee=mentee, supervisor=supervisors[0], side="supervisor", step="add")
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


def run_of(round, actor):
    actions.lock_round(round=round, actor=actor)
    return calculate(round, actor)


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


def test_a_place_taken_by_a_request_meanwhile_is_listed_and_nothing_is_doubled(round, cast, two):
    supervisors, _mentees = two
    run = run_of(round, cast.administrator)
    outsider = make_request(supervisors[0].supervisor, make_user("抢先", round.organisation).person)
    accept_request(request=outsider, actor=supervisors[0].supervisor.person.user)
    publish(round, cast.administrator)
    failed = run.lines.get(supervisor=supervisors[0])
    assert failed.pairing is None
    assert "已满" in failed.failure
    assert Pairing.objects.count() == 2
    with pytest.raises(IllegalMove):
        actions.publish_round(round=round, actor=cast.administrator)
    with pytest.raises(Refused, match="已满"):
        actions.retry_line(line=failed, actor=cast.administrator)
    type(supervisors[0].supervisor).objects.filter(pk=supervisors[0].supervisor_id).update(capacity=2)
    failed.refresh_from_db()
    actions.retry_line(line=failed, actor=cast.administrator)
    failed.refresh_from_db()
    assert failed.pairing is not None
    for _ in range(2):
        actions.settle_line(line_id=failed.pk, actor=None)
    assert Pairing.objects.count() == 3


def test_a_conflict_declared_after_the_calculation_is_not_broken_either(round, cast, two):
    supervisors, _mentees = two
    run = run_of(round, cast.administrator)
    line = run.lines.get(supervisor=supervisors[0])
    make_conflict(supervisors[0].supervisor, line.mentee.person, line.mentee.person.user)
    publish(round, cast.administrator)
    line.refresh_from_db()
    assert line.pairing is None
    assert line.failure


def test_an_appeal_is_decided_with_a_reason_and_may_end_the_pairing(round, cast, two):
    supervisors, _mentees = two
    run = run_of(round, cast.administrator)
    publish(round, cast.administrator)
    line = run.lines.get(supervisor=supervisors[0])
    person = line.mentee.person
    appeal = actions.make_appeal(round=round, person=person, text="路太远", actor=person.user)
    with pytest.raises(Refused):
        actions.make_appeal(round=round, person=person, text="再来", actor=person.user)
    with pytest.raises(Refused):
        actions.close_round(round=round, actor=cast.administrator)
    with pytest.raises(Refused):
        actions.decide_appeal(appeal=appeal, upholds=True, answer=" ", actor=cast.administrator)
    actions.decide_appeal(
        appeal=appeal, upholds=True, answer="同意另行安排", actor=cast.administrator, ends_pairing=True
    )
    line.refresh_from_db()
    assert line.pairing.state == "ended"
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer) == ("upheld", "同意另行安排")
    with pytest.raises(IllegalMove):
        actions.decide_appeal(appeal=appeal, upholds=False, answer="晚了", actor=cast.administrator)
    MatchingRound.objects.filter(pk=round.pk).update(appeals_until=timezone.now())
    round.refresh_from_db()
    with pytest.raises(Refused):
        actions.make_appeal(round=round, person=person, text="晚了", actor=person.user)
    actions.close_round(round=round, actor=cast.administrator)
    assert Appeal.objects.count() == 1


def test_the_next_round_takes_over_the_rules_and_who_has_nobody(round, cast, two):
    supervisors, mentees = two
    run = run_of(round, cast.administrator)
    publish(round, cast.administrator)
    lonely = run.lines.get(supervisor=None).mentee
    days = {name: values()[name] for name in ("title", "opens_at", "closes_at", "starts_on")}
    made = actions.make_next_round(round=round, actor=cast.administrator, **days)
    assert (made.previous, made.state, made.most_wishes) == (round, "draft", 3)
    assert [row.person for row in made.mentees.all()] == [lonely.person]
    assert {row.places for row in RoundSupervisor.objects.filter(round=made)} == {0}
    line = run.lines.filter(supervisor=supervisors[0]).get()
    back = make_round_mentee(made, line.mentee.person)
    Pairing.objects.filter(pk=line.pairing_id).update(state="ended", ended_at=timezone.now(), reason="期满")
    known = next(each for each in facts_of(made).mentees if each.key == back.pk)
    assert known.kept == {made.supervisors.get(supervisor=supervisors[0].supervisor).pk}
    assert mentees


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


def test_a_job_done_twice_stores_once(round, cast, two):
    run = run_of(round, cast.administrator)
    Job.objects.filter(pk=run.job_id).update(state="queued")
    run_job(run.job_id)
    assert run.lines.count() == 3


def test_putting_back_lets_wishes_be_taken_again(round, cast, two):
    run_of(round, cast.administrator)
    actions.put_back_round(round=round, actor=cast.administrator)
    round.refresh_from_db()
    assert (round.state, RoundRun.objects.current().count()) == ("locked", 0)
    actions.open_round(round=round, actor=cast.administrator)
    again = run_of(MatchingRound.objects.get(pk=round.pk), cast.administrator)
    assert again.number == 2


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


def test_a_supervisor_changes_places_in_time_only_and_an_officer_until_the_lock(round, cast, two):
    member = two[0][0]
    MatchingRound.objects.filter(pk=round.pk).update(closes_at=timezone.now())
    member.round.refresh_from_db()
    with pytest.raises(Refused, match="时间"):
        actions.set_places(member=member, places=0, actor=cast.supervisor)
    actions.set_places(member=member, places=0, actor=cast.administrator)
    assert RoundSupervisor.objects.get(pk=member.pk).places == 0


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


def test_the_officer_who_published_is_told_of_an_appeal_without_its_words(round, cast, two):
    run_of(round, cast.administrator)
    publish(round, cast.administrator)
    actions.make_appeal(round=round, person=cast.trainee.person, text="私事", actor=cast.trainee)
    told = Notice.objects.get(user=cast.administrator, source__startswith="supervision.appeal:")
    assert "私事" not in f"{told.title}{told.body}{told.values}"


def test_when_somebody_is_taken_out_the_wishes_behind_move_up(round, cast, two):
    supervisors, (mentee, other, _third) = two
    wish(mentee, *supervisors)
    wish(other, supervisors[1])
    actions.take_out(round=round, member=supervisors[0], actor=cast.administrator)
    assert set(Wish.objects.values_list("mentee", "supervisor", "rank")) == {
        (mentee.pk, supervisors[1].pk, 1),
        (other.pk, supervisors[1].pk, 1),
    }


def test_who_made_a_round_is_told_once_that_its_time_has_passed(round, cast):
    now = timezone.now()
    MatchingRound.objects.filter(pk=round.pk).update(created_by=cast.administrator, closes_at=now)
    for _ in range(2):
        actions.remind_rounds()
    assert Notice.objects.filter(user=cast.administrator, source__contains=":over:").count() == 1


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
