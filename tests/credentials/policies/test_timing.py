"""A benefit of a year is paid for years of the policy only, and not before what it is paid for is over."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.policies.policy import assess, check_policy, read_facts
from credentials.policies.policy.dates import whole_months
from credentials.policies.policy.source import SourceFault
from credentials.policies.queries.data import decision_data
from credentials.policies.queries.words import outlook_words
from credentials.policies.states import Outcome

YEARLY = """code: yearly
name: 津贴
document: 办法
jurisdiction: "440309"
in_force: {{from: {first}, until: {last}}}
benefits:
  yearly: {{kind: recurring, name: 津贴, amounts: {{any: 100}}{more}}}
"""


def decided(day, year, months="12", *, more="", first="2025-03-01", last="null"):
    policy = check_policy(YEARLY.format(first=first, last=last, more=more))
    facts = read_facts(f"years: [{{year: {year}, months: {months}}}]\npaid: []")
    [decision] = assess(policy, facts, datetime.date.fromisoformat(day))
    return decision, policy


@pytest.mark.parametrize(
    ("day", "year", "months", "more", "outcome", "first"),
    [
        ("2026-01-01", 2025, 12, "", "grant", None),
        ("2025-12-31", 2025, 12, "", "refuse", "2026-01-01"),
        ("2026-01-01", 2024, 12, "", "refuse", None),
        ("2026-01-01", 2031, 12, "", "refuse", "2032-01-01"),
        ("2026-07-02", 2026, 12, ", monthly: yes", "refuse", "2027-01-01"),
        ("2026-07-02", 2026, 6, ", monthly: yes", "grant", None),
        ("2026-07-02", 2026, 7, ", monthly: yes", "refuse", "2026-08-01"),
        ("2025-07-02", 2025, 4, ", monthly: yes", "grant", None),
        ("2025-07-02", 2025, 5, ", monthly: yes", "refuse", "2025-08-01"),  # January and February came before
        ("2026-07-02", 2026, 6, ", monthly: yes, pays: after_year", "refuse", "2027-01-01"),
        ("2026-07-02", 2026, 12, ", monthly: yes, pays: within_year", "grant", None),
        ("2026-07-02", 2027, 12, ", monthly: yes, pays: within_year", "refuse", "2027-01-01"),
    ],
)
def test_a_year_is_paid_when_it_belongs_to_the_policy_and_is_over(day, year, months, more, outcome, first):
    decision, policy = decided(day, year, months, more=more)
    assert decision.outcome == outcome
    if outcome == "refuse":
        [found] = [one for one in decision.findings if one.name == "year_due"]
        assert (
            str(decision.first_day) == str(first)
            and str(year) in decision_data(decision, policy)["conditions"][1]["sentence"]
        )
        assert outlook_words(found, policy)


def test_a_year_after_the_end_is_not_paid_however_long_claims_are_taken():
    decision, policy = decided(
        "2026-01-01", 2026, last="2025-12-31, after_end: until, claims_until: 2027-03-31"
    )
    assert (
        decision.outcome is Outcome.REFUSE
        and "2026" in decision_data(decision, policy)["conditions"][1]["sentence"]
    )


def test_a_year_that_nobody_has_said_is_not_known():
    decision, _policy = decided("2026-01-01", "null")
    assert decision.outcome is Outcome.UNKNOWN


@given(
    st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 1, 1)),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_nothing_is_granted_before_its_time_whatever_the_facts(day, year, months):
    decision, _policy = decided(day.isoformat(), year, months, more=", monthly: yes")
    if decision.outcome is Outcome.GRANT:
        assert 2025 <= year <= day.year and decision.entitled <= 1200
        assert year < day.year or decision.entitled <= 100 * (day.month - 1)


@pytest.mark.parametrize(
    ("first", "last", "year", "months", "amount"),
    [
        ("2024-01-01", "2025-12-31", 2024, 12, 1200),
        ("2024-03-01", "2025-12-31", 2024, 12, 1000),  # January and February came before
        ("2024-03-02", "2025-12-31", 2024, 12, 900),  # March lies within it in part only
        ("2024-03-01", "2025-12-31", 2024, 7, 700),
        ("2024-01-01", "2025-09-30", 2025, 12, 900),
        ("2024-01-01", "2025-09-29", 2025, 12, 800),
        ("2024-01-01", "2024-02-29", 2024, 12, 200),
        ("2024-03-01", "2024-06-30", 2024, 12, 400),
        ("2024-01-01", "null", 2025, 12, 1200),
    ],
)
def test_only_months_within_the_policys_own_time_are_paid(first, last, year, months, amount):
    ends = last if last == "null" else f"{last}, after_end: until, claims_until: 2027-03-31"
    decision, _policy = decided("2027-01-05", year, months, more=", monthly: yes", first=first, last=ends)
    assert (decision.outcome, decision.amount) == ("grant", amount)


def test_months_that_end_with_the_policy_are_due_when_they_are_over_and_a_year_without_a_whole_month_is_none():
    ends = "2025-06-30, after_end: until, claims_until: 2027-03-31"
    decision, _policy = decided("2025-07-01", 2025, 12, more=", monthly: yes", first="2025-03-01", last=ends)
    assert (decision.outcome, decision.amount) == ("grant", 400)
    decision, _policy = decided("2025-06-30", 2025, 12, more=", monthly: yes", first="2025-03-01", last=ends)
    assert (decision.outcome, str(decision.first_day)) == ("refuse", "2025-07-01")
    decision, policy = decided("2026-01-05", 2025, 12, more=", monthly: yes", first="2025-12-02")
    assert (
        decision.outcome == "refuse"
        and "2025" in decision_data(decision, policy)["conditions"][1]["sentence"]
    )


@given(
    st.dates(datetime.date(2020, 1, 1), datetime.date(2024, 12, 31)),
    st.integers(0, 1500),
    st.integers(2019, 2030),
    st.integers(0, 14),
)
def test_over_all_years_no_month_is_paid_that_is_not_the_policys(starts, days, year, months):
    ends = starts + datetime.timedelta(days=days)
    counted = whole_months(year, starts, ends)
    inside = [
        month
        for month in range(1, 13)
        if starts <= datetime.date(year, month, 1)
        and datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1) <= ends
    ]
    assert list(counted) == inside
    last = f"{ends}, after_end: until, claims_until: 2035-01-01"
    decision, _policy = decided("2034-01-01", year, months, more=", monthly: yes", first=starts, last=last)
    assert (decision.amount or 0) == 100 * min(months, len(inside))


@pytest.mark.parametrize(
    "more",
    [", pays: sometimes", ", pays: after_months", ", monthly: yes, pays: after_year, pays: within_year"],
)
def test_when_a_year_is_paid_is_said_in_one_of_three_words(more):
    with pytest.raises(SourceFault):
        decided("2026-01-01", 2025, more=more)


def test_only_what_is_paid_by_the_year_says_when():
    text = YEARLY.format(first="2025-01-01", last="null", more=", pays: after_year").replace(
        "recurring", "once"
    )
    with pytest.raises(SourceFault, match=r"line 7, benefits\.yearly\.pays: not_for_kind"):
        check_policy(text)


TITLES = """code: titles
name: 奖
document: 办法
jurisdiction: "421000"
in_force: {from: 2020-01-01}
conditions:
  named: {is: titled, fact: title.name, of: [最美社工], places: [荆州市, 监利市], says: 获评}
benefits:
  award: {kind: per_event, name: 奖, amounts: {any: 2000}, needs: [named]}
  level: {kind: highest_level, name: 补贴, amounts: {any: 500}}
"""


@pytest.mark.parametrize("title", ["2024年度", "第一届", "《》"])
def test_a_title_that_is_a_year_or_a_number_alone_is_no_title(title):
    with pytest.raises(SourceFault, match=r"conditions\.named\.of: no_text"):
        check_policy(TITLES.replace("[最美社工]", f"[{title}]"))


def award(title, day="2024-05-20", benefit="award", things="titles"):
    policy = check_policy(TITLES)
    facts = read_facts(f"{things}: [{{{title}}}]\npaid: []")
    [decision] = [
        one for one in assess(policy, facts, datetime.date.fromisoformat(day)) if one.benefit == benefit
    ]
    return decision


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("最美社工", "grant"),
        ("荆州市最美社工", "grant"),
        ("荆州市监利市“最美社工”", "grant"),
        ("2023年度荆州市第二届“最美社工”", "grant"),
        ("最美社工提名奖", "refuse"),
        ("漯河市最美社工", "refuse"),
        ("荆州市最美社工候选人", "refuse"),
        ("荆州市", "refuse"),
    ],
)
def test_a_title_is_one_of_the_list_whole_with_its_own_place_before_it_at_most(name, outcome):
    assert award(f"name: {name}, year: 2023").outcome == outcome


@pytest.mark.parametrize(
    ("dated", "first"),
    [
        ("year: 2024", None),
        ("year: 2025", "2025-01-01"),
        ("year: 99999", "9999-01-01"),
        ("year: 2024, given_on: 2024-05-20", None),
        ("year: 2024, given_on: 2024-05-21", "2024-05-21"),
    ],
)
def test_a_title_is_paid_from_the_day_on_that_it_was_given(dated, first):
    decision = award(f"name: 最美社工, {dated}")
    assert decision.outcome == ("refuse" if first else "grant")
    assert str(decision.first_day) == str(first)


@pytest.mark.parametrize(
    ("said", "name"),
    [("issued_on: 2024-05-21", "given_already"), ("is_verified: no", "verified"), ("is_verified: yes", "")],
)
def test_a_certificate_of_tomorrow_or_one_that_is_not_verified_is_paid_by_no_policy(said, name):
    decision = award(f"level: senior, {said}", benefit="level", things="qualifications")
    assert decision.outcome == ("refuse" if name else "grant")
    assert [one.name for one in decision.findings if one.verdict == "fail"] == ([name] if name else [])
