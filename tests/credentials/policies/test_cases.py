"""Every policy that comes with the product decides each of its cases as whoever wrote it says."""

from __future__ import annotations

import pytest

from credentials.policies.files import bundled, policy_in, text_of
from credentials.policies.policy.cases import decide_case, differences, read_cases
from credentials.policies.policy.conditions import REGISTRY
from credentials.policies.queries.words import decision_data

LEAST = {"jingzhou-2022": 60}  # cases, of the policy that all others are measured by


@pytest.mark.parametrize("code", bundled())
def test_a_policy_decides_its_cases_as_they_say(code):
    path = bundled()[code]
    about, cases = read_cases(text_of(path.with_name(f"{code}.cases.yaml")))
    assert about == code and len(cases) >= LEAST.get(code, 5)
    wrong = {}
    for case in cases:
        policy = policy_in(path, case.switches)
        decision = decide_case(policy, case)
        assert decision is not None, case.name
        if found := differences(case, decision):
            wrong[f"{case.line}: {case.name}"] = found
        data = decision_data(decision, policy)
        assert all(each["sentence"] and each["requirement"] for each in data["conditions"]), case.name
        assert all(each["cure"] for each in data["conditions"] if each["result"] == "unknown"), case.name
    assert not wrong


def test_a_case_that_says_something_else_is_noticed():
    path = bundled()["weihai-2023"]
    _code, cases = read_cases(
        text_of(path.with_name("weihai-2023.cases.yaml")).replace("amount: 1000}", "amount: 1001}")
    )
    policy = policy_in(path)
    found = [name for case in cases for name in differences(case, decide_case(policy, case))]
    assert found and set(found) == {"amount"}


def test_all_policies_say_the_same_in_english_and_ask_in_a_kind_of_the_registry():
    for path in bundled().values():
        policy = policy_in(path)
        said = [policy.name, policy.document, *(one.words for one in policy.conditions.values())]
        said += [one.words for one in policy.benefits] + [
            paper.words for one in policy.benefits for paper in one.documents
        ]
        assert all(words.chinese and words.english for words in said), policy.code
        assert {one.kind for one in policy.conditions.values()} <= {*REGISTRY, "any_of", "off"}
        assert len(policy.stages) >= 2 and policy.notice_days
