"""What the formats read differently: a text that was published in the first keeps its reading, a new one is held to more.

`frozen/first-format.1.jsonl` was decided when the first text in format 1 was published; test_frozen decides it anew.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import fields, replace

import pytest
from hypothesis import given

from credentials.policies.files import text_of
from credentials.policies.policy import assess, assess_benefit, check_policy, read_facts, read_policy
from credentials.policies.policy.formats import FIRST, NEWEST, READINGS, Reading
from credentials.policies.states import Outcome, Verdict
from tests.credentials.policies.test_deciding import DAYS, FACTS
from tests.credentials.policies.test_frozen import FROZEN, ask, plain

TEXT = text_of(FROZEN / "first-format.1.yaml")
SECOND = TEXT.replace("format: 1", "format: 2")
LINES = {
    line["case"]: line
    for line in map(json.loads, text_of(FROZEN / "first-format.1.jsonl").splitlines())
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "first", "second", "stands"),
    [
        ("年度尚未结束", ("grant", 1000), ("refuse", 0), ["year_due"]),
        ("办法施行前的年度", ("grant", 1000), ("refuse", 0), ["year_due"]),
        ("首年按月", ("grant", 1200), ("grant", 900), []),
        ("末年按月", ("grant", 1200), ("grant", 600), []),
        ("各级一个标准，此前不分级发过", ("grant", 500), ("refuse", 0), ["not_paid_already"]),
        ("证书未通过核验", ("grant", 500), ("refuse", 0), ["verified"]),
        ("证书尚未签发", ("grant", 500), ("refuse", 0), ["given_already"]),
        ("荣誉尚未授予", ("grant", 2000), ("refuse", 0), ["given_already"]),
        ("月末入职", ("grant", 300), ("refuse", 0), ["in_post", "assistant"]),
        ("终止日期早于起始日期", ("refuse", 0), ("unknown", 300), ["in_post"]),
        ("终止日期尚未到来", ("grant", 300), ("unknown", 300), ["in_post"]),
    ],
)
def test_a_published_text_keeps_its_reading_and_a_new_one_is_held_to_more(case, first, second, stands):
    assert len(LINES) == 11
    [before], [now] = ask(TEXT, LINES[case]), ask(SECOND, LINES[case])
    assert (before.outcome, before.amount) == first and plain([before]) == LINES[case]["decisions"]
    assert (now.outcome, now.amount) == second
    assert [one.name for one in now.findings if one.verdict is not Verdict.PASS] == stands


def test_a_text_that_names_no_format_is_read_as_the_first_once_published_and_as_the_newest_while_it_is_written():
    unnamed = TEXT.replace("format: 1\n", "")
    assert (read_policy(unnamed).reading.format, check_policy(unnamed).reading.format) == (1, 2)
    assert read_policy(SECOND).reading.format == 2


@pytest.mark.parametrize("name", [one.name for one in fields(Reading) if one.name != "format"])
def test_each_difference_between_the_formats_decides_a_case_by_itself(monkeypatch, name):
    newest = READINGS[NEWEST]
    assert getattr(newest, name) and not getattr(READINGS[FIRST], name)
    now = {case: plain(ask(SECOND, line)) for case, line in LINES.items()}

    monkeypatch.setitem(READINGS, NEWEST, replace(newest, **{name: False}))

    assert now != {case: plain(ask(SECOND, line)) for case, line in LINES.items()}


@given(FACTS, DAYS)
def test_what_the_newest_format_grants_the_first_would_have_granted_too(facts, on):
    older = {(one.benefit, one.key): one for one in assess(read_policy(TEXT), facts, on)}
    for decision in assess(read_policy(SECOND), facts, on):
        if decision.outcome is Outcome.GRANT:
            before = older[decision.benefit, decision.key]
            assert before.outcome is Outcome.GRANT and decision.amount <= before.amount


@pytest.mark.parametrize(
    ("paid", "due", "code"),
    [
        ("", 500, "full"),
        ("{benefit: level, key: any, amount: 200}", 300, "difference"),
        ("{benefit: level, key: any, amount: 200}, {benefit: level, key: senior, amount: 100}", 200, "difference"),
        ("{benefit: level, key: assistant, amount: 500}", 500, "full"),  # each level by itself
        ("{benefit: level, key: any, amount: 500, is_loose: yes}", 0, "paid_already"),
    ],
)  # fmt: skip
def test_where_one_amount_stands_for_all_what_was_paid_without_a_level_counts_against_each(paid, due, code):
    policy = read_policy(SECOND)
    facts = read_facts(f"qualifications: [{{level: senior, issued_on: 2025-05-01}}]\npaid: [{paid}]")
    [decision] = assess_benefit(policy, policy.benefit("level"), facts, datetime.date(2025, 6, 1))
    assert (decision.amount, decision.findings[-1].code) == (due, code)
