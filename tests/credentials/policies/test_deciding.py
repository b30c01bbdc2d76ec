"""Whatever the facts: never more than the highest level, never a day late, never two answers to one question."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.policies.files import bundled, policy_in
from credentials.policies.policy import Facts, Paid, assess, assess_benefit, best, could_be_cured, read_policy
from credentials.policies.policy.dates import months_after, within_last_day
from credentials.policies.policy.facts import Breach
from credentials.policies.states import Outcome, Standing, Verdict

POLICY = policy_in(bundled()["jingzhou-2022"])
CERTIFICATE = POLICY.benefit("certificate")
LEVELS = tuple(CERTIFICATE.amounts)
DAYS = st.dates(datetime.date(2021, 6, 1), datetime.date(2027, 6, 1))
MONEY = st.integers(0, 400_000).map(lambda fen: Decimal(fen) / 100)
HELD = st.fixed_dictionaries({}, optional={"level": st.sampled_from(LEVELS), "issued_on": DAYS})
WORK = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(["421002", "420106"]),
        "fields": st.sampled_from([(), ("社区建设",)]),
    },
)
MAYBE = st.none()
FACTS = st.builds(
    lambda work, held, conduct, paid: Facts(MappingProxyType({"work": work}), held, (), (), (), conduct, paid),
    WORK,
    MAYBE | st.lists(HELD, max_size=3).map(tuple),
    MAYBE | st.lists(st.builds(Breach, st.sampled_from(["unlawful", "ethics", "industry"]), MAYBE | DAYS), max_size=2).map(tuple),
    MAYBE
    | st.lists(st.builds(Paid, st.sampled_from(["certificate", "finest"]), MONEY, st.sampled_from(LEVELS)), max_size=3).map(tuple),
)  # fmt: skip


@given(FACTS, DAYS)
def test_a_grant_and_what_was_paid_never_exceed_the_highest_level(facts, on):
    for decision in assess_benefit(POLICY, CERTIFICATE, facts, on):
        if decision.outcome is Outcome.GRANT:
            before = sum(line.amount for line in facts.paid if line.benefit == "certificate")
            assert Decimal(0) < decision.amount
            assert before + decision.amount <= max(before, CERTIFICATE.amounts[decision.key])


@given(FACTS, DAYS)
def test_everything_that_can_be_claimed_in_turn_comes_to_the_highest_level_and_no_more(facts, on):
    facts = replace(facts, paid=())
    held = [one.key for one in assess_benefit(POLICY, CERTIFICATE, facts, on) if one.outcome is Outcome.GRANT]
    for _turn in range(5):
        grants = [
            one for one in assess_benefit(POLICY, CERTIFICATE, facts, on) if one.outcome is Outcome.GRANT
        ]
        if not grants:
            break
        lines = (*facts.paid, Paid("certificate", grants[0].amount, grants[0].key, on))
        facts = replace(facts, paid=lines)
    total = sum(line.amount for line in facts.paid)
    assert total == max((CERTIFICATE.amounts[key] for key in held), default=0)


@given(FACTS, DAYS)
def test_a_day_after_the_last_day_nothing_is_granted(facts, on):
    for decision in assess(POLICY, facts, on):
        if decision.last_day:
            late = assess(POLICY, facts, decision.last_day + datetime.timedelta(days=1))
            same = [one for one in late if (one.benefit, one.key) == (decision.benefit, decision.key)]
            assert Outcome.GRANT not in {one.outcome for one in same if one.last_day == decision.last_day}


@given(FACTS, DAYS)
def test_the_same_question_has_the_same_answer(facts, on):
    again = policy_in(bundled()["jingzhou-2022"])
    assert assess(POLICY, facts, on) == assess(again, facts, on)


@given(FACTS, DAYS, st.sampled_from(["conduct", "paid", "qualifications"]))
def test_knowing_less_never_turns_a_no_into_a_yes(facts, on, name):
    before = {(one.benefit, one.key): one for one in assess(POLICY, facts, on)}
    for decision in assess(POLICY, replace(facts, **{name: None}), on):
        if decision.outcome is Outcome.GRANT:
            assert before[decision.benefit, decision.key].outcome is Outcome.GRANT


@given(FACTS, DAYS)
def test_every_refusal_and_every_doubt_has_its_reason(facts, on):
    for decision in assess(POLICY, facts, on):
        verdicts = {one.verdict for one in decision.findings}
        assert (decision.outcome is Outcome.GRANT) == (verdicts == {Verdict.PASS})
        if decision.outcome is Outcome.UNKNOWN:
            assert Verdict.FAIL not in verdicts
        if decision.outcome in (Outcome.REFUSE, Outcome.LAPSED) and decision.benefit != "training":
            assert decision.amount == 0


@given(FACTS, DAYS)
def test_the_best_decision_is_a_grant_when_there_is_one(facts, on):
    decisions = assess(POLICY, facts, on)
    granted = [one.amount or 0 for one in decisions if one.outcome is Outcome.GRANT]
    if granted:
        found = best(decisions)
        assert found.outcome is Outcome.GRANT and (found.amount or 0) == max(granted)


@given(DAYS, st.integers(-60, 60))
def test_months_are_calendar_months(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + datetime.timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("day", "eve", "last"),
    [
        ("2023-03-14", False, "2024-03-14"),
        ("2023-03-14", True, "2024-03-13"),
        ("2024-02-29", False, "2025-02-28"),
    ],
)
def test_a_year_ends_on_the_corresponding_day(day, eve, last):
    found = within_last_day(datetime.date.fromisoformat(day), 12, 0, eve=eve)
    assert found.isoformat() == last


def test_a_refusal_that_time_will_cure_says_so():
    work = MappingProxyType({"work": {"region": "421002", "fields": ("社区建设",)}})
    held = ({"level": "assistant", "issued_on": datetime.date(2024, 5, 1)},)
    facts = Facts(work, held, (), (), (), (Breach("ethics", datetime.date(2021, 8, 1)),), ())
    [decision] = assess_benefit(POLICY, CERTIFICATE, facts, datetime.date(2024, 6, 1))
    assert decision.first_day == datetime.date(2024, 8, 2) and could_be_cured(decision)
    facts = replace(facts, conduct=(Breach("ethics", datetime.date(2023, 8, 1)),))
    [decision] = assess_benefit(POLICY, CERTIFICATE, facts, datetime.date(2024, 6, 1))
    assert decision.outcome is Outcome.REFUSE and not could_be_cured(
        decision
    )  # clean only after the last day


@pytest.mark.parametrize(
    ("benefit", "due", "paid", "code"),
    [
        ("title", 0, 2000, "paid_already"),  # of another title 5000 were paid: they are not said of this one
        ("full", 500, 500, "difference"),
        ("none", 0, 700, "paid_already"),
        ("difference", 300, 700, "difference"),
        ("once", 1300, 700, "difference"),
    ],
)
def test_what_is_said_to_be_paid_is_what_was_taken_off(benefit, due, paid, code):
    levels = "kind: highest_level, name: x, amounts: {assistant: 500, senior: 1000}"
    policy = read_policy(f"""{{code: x, name: x, document: x, jurisdiction: "421000", in_force: {{from: 2022-01-01}}, benefits: {{
      title: {{kind: per_event, name: x, amounts: {{any: 2000}}}}, once: {{kind: once, name: x, amounts: {{any: 2000}}}},
      full: {{{levels}, top_up: full}}, none: {{{levels}, top_up: none}}, difference: {{{levels}}}}}}}""")
    lines = {"title": [("a", 2000), ("b", 5000)], "full": [("senior", 500), ("assistant", 200)]}
    past = tuple(Paid(benefit, Decimal(sum), key) for key, sum in lines.get(benefit, [("assistant", 700)]))
    items = ({"level": "senior"},), ({"key": "a"},), ({},)
    facts = Facts(MappingProxyType({}), *items, paid=past)
    [decision] = assess_benefit(policy, policy.benefit(benefit), facts, datetime.date(2023, 1, 1))
    finding = decision.findings[-1]
    assert (decision.amount, decision.paid, finding.code) == (due, paid, code)
    assert finding.values["paid"] == decision.paid


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2022-09-13", Standing.FUTURE),
        ("2022-09-14", Standing.IN_FORCE),
        ("2025-09-13", Standing.IN_FORCE),
        ("2025-09-14", Standing.UNCONFIRMED),
    ],
)
def test_a_policy_knows_in_which_state_it_is(day, standing):
    on = datetime.date.fromisoformat(day)
    assert POLICY.standing(on) is standing
    assert replace(POLICY, is_confirmed=True).standing(datetime.date(2026, 1, 1)) is Standing.LAPSED
    assert replace(POLICY, is_draft=True).standing(on) is Standing.DRAFT
