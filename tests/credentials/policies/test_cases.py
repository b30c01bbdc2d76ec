"""Every policy that comes with the product decides each of its cases as whoever wrote it says."""

from __future__ import annotations

import pytest

from credentials.policies.files import bundled, policy_in, text_of
from credentials.policies.policy.cases import decide_case, differences, read_cases
from credentials.policies.policy.conditions import REGISTRY
from credentials.policies.queries.data import assessed_data
from credentials.policies.queries.guide import fact_rows, kinds
from credentials.policies.states import Outcome, Verdict

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
        data = assessed_data(decision, policy)
        assert all(each["sentence"] and each["requirement"] for each in data["conditions"]), case.name
        assert all(bool(each["cure"]) is (each["result"] != "pass") for each in data["conditions"]), case.name
    assert not wrong


@pytest.mark.parametrize("code", bundled())
def test_the_cases_of_a_policy_try_each_condition_amount_and_answer(code):
    """No condition that none of them fails by, no amount that none is entitled to, no answer that none is decided under."""
    path = bundled()[code]
    _about, cases = read_cases(text_of(path.with_name(f"{code}.cases.yaml")))
    needed, failed, amounts, entitled, answers, tried = (set() for _each in range(6))
    outcomes = set()
    for case in cases:
        policy = policy_in(path, case.switches)
        decision = decide_case(policy, case)
        outcomes.add(str(decision.outcome))
        failed |= {one.name for one in decision.findings if one.verdict is Verdict.FAIL}
        entitled |= {(case.benefit, decision.entitled)} if decision.outcome is Outcome.GRANT else set()
        needed |= {each.name for one in policy.benefits for each in one.needs}
        amounts |= {
            (one.name, each) for one in policy.benefits if not one.monthly for each in one.amounts.values()
        }
        answers |= {(one.name, value) for one in policy.switches for value, _words in one.options}
        tried |= {(one.name, one.chosen) for one in policy.switches}
    assert needed <= failed and amounts <= entitled and answers <= tried
    assert {"grant", "refuse", "unknown"} <= outcomes


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


def test_the_guide_names_every_kind_of_condition_and_every_fact():
    assert {one.name for one in kinds()} == {*REGISTRY, "any_of"}
    for path, label, words in fact_rows():
        assert label != path and words, path
