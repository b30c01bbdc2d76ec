"""A ceiling is over everything that a policy pays, or over the benefits and the span that it names."""

from __future__ import annotations

import datetime

import pytest

from credentials.policies.policy import SourceFault, assess, check_policy, read_facts, read_policy
from credentials.policies.queries.data import decision_data
from credentials.policies.queries.mistakes import fault_words
from credentials.policies.queries.reading import described

TEXT = """code: caps
name: 奖
document: 办法
jurisdiction: "421000"
in_force: {{from: 2020-01-01}}
benefits:
  allowance: {{kind: recurring, name: 岗位津贴, amounts: {{any: 1000}}, cap: 1500{more}}}
  award: {{kind: per_event, name: 表彰, amounts: {{any: 8000}}}}
"""
AWARD = "{benefit: award, key: x, amount: 8000, on: 2024-03-01}"
LAST_YEAR = "{benefit: allowance, key: '2022', amount: 1000, on: 2023-03-01}"
THIS_YEAR = "{benefit: allowance, key: '2022', amount: 1000, on: 2024-03-01}"
UNDATED = "{benefit: allowance, key: '2022', amount: 100}"
UNDATED_AWARD = "{benefit: award, key: x, amount: 100}"


def decided(paid, more=""):
    policy = check_policy(TEXT.format(more=more))
    facts = read_facts(f"years: [{{year: 2023, months: 12}}]\ntitles: []\npaid: [{paid}]")
    found = assess(policy, facts, datetime.date(2024, 5, 1))[0]
    assert all("%(" not in one["sentence"] for one in decision_data(found, policy)["conditions"])
    return found.outcome, found.amount, found.findings[-1].code


@pytest.mark.parametrize(
    ("paid", "more", "expected"),
    [
        (AWARD, "", ("refuse", 0, "cap_reached")),
        (AWARD, ", cap_of: [allowance]", ("grant", 1000, "full")),
        (LAST_YEAR, ", cap_of: [allowance]", ("grant", 500, "capped")),
        (LAST_YEAR, ", cap_of: [allowance], cap_per: year", ("grant", 1000, "full")),
        (THIS_YEAR, ", cap_of: [allowance], cap_per: year", ("grant", 500, "capped")),
        (AWARD, ", cap_per: year", ("refuse", 0, "cap_reached")),
        (UNDATED, ", cap_of: [allowance], cap_per: year", ("unknown", None, "cap_undated")),
        (UNDATED_AWARD, ", cap_of: [allowance], cap_per: year", ("grant", 1000, "full")),
    ],
)
def test_only_what_a_ceiling_is_over_counts_against_it(paid, more, expected):
    assert decided(paid, more) == expected


@pytest.mark.parametrize("more", [", cap_of: [alowance]", ", cap_per: month", ", cap: null, cap_of: [award]"])
def test_a_ceiling_over_nothing_is_a_mistake(more):
    with pytest.raises(SourceFault):
        check_policy(TEXT.format(more=more).replace(", cap: 1500, cap: null", ""))


@pytest.mark.parametrize("others", ["award", "[award]", "[]"])
def test_a_ceiling_that_leaves_out_its_own_benefit_is_a_mistake_with_its_line_and_field(others):
    text = TEXT.format(more=f", cap_of: {others}")
    with pytest.raises(SourceFault) as fault:
        check_policy(text)
    told = fault_words(fault.value)
    assert any(
        "第 7 行" in one and "benefits.allowance.cap_of" in one and "“allowance”" in one for one in told
    ), told
    assert read_policy(text)  # as it was published


def test_the_page_of_a_policy_says_what_a_ceiling_is_over():
    page = described(check_policy(TEXT.format(more=", cap_of: [allowance, award], cap_per: year")))
    allowance = page["benefits"][0]
    assert allowance["cap_of"] == "岗位津贴、表彰" and allowance["is_cap_of_year"]
