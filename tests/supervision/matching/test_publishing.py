"""Publishing a round, appeals, and the next round."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.jobs.actions import run_job
from core.models import AuditEntry, Notice, Person
from core.states import IllegalMove, Refused
from supervision.matching import actions
from supervision.matching.queries import facts_of, line_words, standing_of
from supervision.models import (
    Appeal,
    Designation,
    MatchingRound,
    Pairing,
    RoundRun,
    RoundSupervisor,
    RunLine,
)
from supervision.requests.actions import accept_request
from tests.factories import (
    give_role,
    make_conflict,
    make_pairing,
    make_request,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_supervisor,
    make_user,
)
from tests.supervision.matching.acts import calculate, change, publish, run_of, values, wish


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
    change(first, by, "add", side="supervisor")
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
    assert "1 位督导在本轮次的名额都已排满" in line_words(lonely)
    told = Notice.objects.filter(source=f"supervision.round:{row.pk}:published")
    assert told.count() == 3


def test_the_places_shown_are_those_of_the_calculation_and_a_stale_row_is_read_again(
    round, tree, cast, place
):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], capacity=3)
    make_pairing(supervisor, make_user("何一", place).person)
    make_round_supervisor(round, supervisor, places=3)
    make_round_mentee(round, cast.trainee.person)
    make_round_mentee(round, cast.other_trainee.person)
    actions.lock_round(round=round, actor=cast.administrator)
    stale = MatchingRound.objects.get(pk=round.pk)  # a page reads the round, and then the calculation is done
    assert standing_of(stale, cast.administrator).places == 2
    calculate(round, cast.administrator)
    assert stale.state == "locked"
    standing = standing_of(stale, cast.administrator)
    assert (stale.state, standing.places, standing.current.figures["matched"]) == ("run", 2, 2)
    assert "公布" in standing.next_step
    publish(round, cast.administrator)
    standing = standing_of(round, cast.administrator)
    assert (standing.places, standing.made) == (2, 2)


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
        actions.settle_lines(line_ids=[failed.pk], actor=None)
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


def test_an_appeal_is_decided_neither_from_within_the_round_nor_by_whom_the_person_let_in(
    round, cast, tree, two
):
    supervisors, _mentees = two
    run = run_of(round, cast.administrator)
    publish(round, cast.administrator)
    person = run.lines.get(supervisor=supervisors[0]).mentee.person
    appeal = actions.make_appeal(round=round, person=person, text="路太远", actor=person.user)
    give_role(person.user, "administrator", round.organisation)
    helper = make_user("被引入者", round.organisation)
    give_role(helper, "administrator", round.organisation, granted_by=person.user)
    inside = supervisors[1].supervisor.person.user
    for officer, words in ((helper, "另一位管理员"), (inside, "本轮"), (person.user, "本轮")):
        with pytest.raises(Refused, match=words):
            actions.decide_appeal(appeal=appeal, upholds=True, answer="同意", actor=officer)
    appeal.refresh_from_db()
    assert appeal.is_waiting


def test_an_appeal_is_decided_with_a_reason_and_may_end_the_pairing(round, cast, two):
    supervisors, _mentees = two
    run = run_of(round, cast.administrator)
    publish(round, cast.administrator)
    line = run.lines.get(supervisor=supervisors[0])
    person = line.mentee.person
    appeal = actions.make_appeal(round=round, person=person, text="路太远", actor=person.user)
    with pytest.raises(Refused):
        actions.make_appeal(round=round, person=person, text="再来", actor=person.user)
    with pytest.raises(Refused, match="本人"):
        actions.withdraw_appeal(appeal=appeal, actor=cast.administrator)
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
    assert actions.make_next_round(round=round, actor=cast.administrator, **days) == made  # a second click
    assert (made.previous, made.state, made.most_wishes) == (round, "draft", 3)
    assert [row.person for row in made.mentees.all()] == [lonely.person]
    assert {row.places for row in RoundSupervisor.objects.filter(round=made)} == {0}
    line = run.lines.filter(supervisor=supervisors[0]).get()
    back = make_round_mentee(made, line.mentee.person)
    Pairing.objects.filter(pk=line.pairing_id).update(state="ended", ended_at=timezone.now(), reason="期满")
    known = next(each for each in facts_of(made).mentees if each.key == back.pk)
    assert known.kept == {made.supervisors.get(supervisor=supervisors[0].supervisor).pk}
    assert mentees


def test_the_officer_who_published_is_told_of_an_appeal_without_its_words(round, cast, two):
    run_of(round, cast.administrator)
    publish(round, cast.administrator)
    actions.make_appeal(round=round, person=cast.trainee.person, text="私事", actor=cast.trainee)
    told = Notice.objects.get(user=cast.administrator, source__startswith="supervision.appeal:")
    assert "私事" not in f"{told.title}{told.body}{told.values}"


def test_places_that_were_only_tried_are_told_before_anything_is_published(round, cast, two):
    supervisors, _mentees = two
    run_of(round, cast.administrator)
    trial = calculate(round, cast.administrator, actions.try_change, places=(supervisors[0], 999))
    actions.keep_trial(run=trial, actor=cast.administrator)
    with pytest.raises(Refused, match="2/1"):
        actions.publish_round(round=round, actor=cast.administrator)
    round.refresh_from_db()
    assert (round.state, RoundRun.objects.current().get(round=round)) == ("run", trial)
    assert not Pairing.objects.exists()


def test_an_officer_who_keeps_the_registry_gives_the_places_with_the_publication(round, cast, two):
    supervisors, _mentees = two
    run_of(round, cast.administrator)
    trial = calculate(round, cast.administrator, actions.try_change, places=(supervisors[0], 999))
    actions.keep_trial(run=trial, actor=cast.administrator)
    registry = type(supervisors[0].supervisor).objects.filter(pk=supervisors[0].supervisor_id)
    registry.update(limit=1)
    run_job(actions.publish_round(round=round, actor=cast.administrator, gives_places=True).pk)
    assert trial.lines.exclude(failure="").count() == 0
    assert Pairing.objects.count() == 3
    assert registry.values_list("capacity", "limit", "load").get() == (2, 2, 2)
    entry = AuditEntry.objects.get(action="supervision.raise_places")
    assert (entry.data["before"]["capacity"], entry.data["after"]["capacity"]) == (1, 2)


def test_nobody_is_given_more_places_than_the_registry_lets_anybody_have(round, cast, two):
    """Of the 100 places, 99 are taken since; the result gives two more."""
    supervisors, _mentees = two
    run_of(round, cast.administrator)
    trial = calculate(round, cast.administrator, actions.try_change, places=(supervisors[0], 2))
    actions.keep_trial(run=trial, actor=cast.administrator)
    registry = type(supervisors[0].supervisor).objects.filter(pk=supervisors[0].supervisor_id)
    registry.update(capacity=100, load=99)
    with pytest.raises(Refused, match=f"{supervisors[0].supervisor}.*101.*100"):
        actions.publish_round(round=round, actor=cast.administrator, gives_places=True)
    round.refresh_from_db()
    assert (round.state, registry.get().capacity) == ("run", 100)
    registry.update(load=98)
    run_job(actions.publish_round(round=round, actor=cast.administrator, gives_places=True).pk)
    assert registry.values_list("capacity", "load").get() == (100, 100)


def test_an_officer_who_does_not_keep_the_registry_cannot_give_places(round, tree, cast, two):
    afar = make_supervisor(make_user("督远", tree["other_district"]), tree["other_district"], capacity=1)
    member = make_round_supervisor(round, afar)
    for each in two[0]:
        actions.take_out(round=round, member=each, actor=cast.administrator)
    run_of(round, cast.administrator)
    trial = calculate(round, cast.administrator, actions.try_change, places=(member, 3))
    actions.keep_trial(run=trial, actor=cast.administrator)
    with pytest.raises(Refused, match="管理员"):
        actions.publish_round(round=round, actor=cast.administrator, gives_places=True)
    afar.refresh_from_db()
    round.refresh_from_db()
    assert (afar.capacity, round.state) == (1, "run")


def test_publishing_costs_the_same_statements_for_few_and_for_many_pairs(
    round, tree, cast, place, django_assert_max_num_queries
):
    numbers = []
    for many in (3, 12):
        row = make_round(tree["district"])
        make_round_supervisor(row, make_supervisor(make_user("督", tree["agency"]), capacity=many))
        for _ in range(many):
            make_round_mentee(row, make_user("林", place).person)
        run = run_of(row, cast.administrator)
        keys = list(run.lines.values_list("pk", flat=True))
        with django_assert_max_num_queries(60) as captured:
            actions.settle_lines(line_ids=keys, actor=cast.administrator)
        numbers.append(len(captured))
        assert Pairing.objects.filter(round_line__run=run).count() == many
    assert numbers[0] == numbers[1]


def test_a_pair_that_a_rule_of_the_round_forbids_by_now_is_not_made_and_can_be_tried_again(
    round, two, tree, cast
):
    supervisors, _mentees = two
    MatchingRound.objects.filter(pk=round.pk).update(required_tier="senior", region="served")
    round.refresh_from_db()
    today = timezone.localdate()
    held = [
        Designation.objects.create(
            supervisor=each.supervisor,
            tier="senior",
            issuer="示例市社会工作协会",
            starts_on=today - timedelta(days=9),
        )
        for each in supervisors
    ]
    for each in supervisors:
        each.supervisor.regions.set([tree["district"]])
    run_of(round, cast.administrator)
    first, other = RunLine.objects.exclude(supervisor=None).order_by("supervisor")
    lapsed = Designation.objects.filter(pk=held[0].pk)
    lapsed.update(ends_on=today - timedelta(days=1))
    Person.objects.filter(pk=other.mentee.person_id).update(employer=tree["other_station"])
    publish(round, cast.administrator)
    first.refresh_from_db()
    other.refresh_from_db()
    assert not Pairing.objects.exists()
    assert (first.failure, other.failure) == (
        "这位督导没有达到要求的级别。",
        "这位督导不服务被督导者所在的地区。",
    )
    lapsed.update(ends_on=None)
    actions.retry_line(line=first, actor=cast.administrator)
    first.refresh_from_db()
    assert (first.failure, first.pairing) == ("", Pairing.objects.get())
