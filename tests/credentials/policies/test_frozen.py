"""A published version is read for ever as it was: kept texts, and facts frozen with them, decide byte for byte as they did.

`frozen/` holds each policy that comes with the product as it was first published (`<code>.<number>.yaml`, the next number
whenever its text changes), and beside it a line for each of its cases: the frozen facts, the question and the decision. No file
there is ever changed; the second texts of Jingzhou and Shanghang alone, drafts that decided by the reading of format 2 before it
had a number, had that number put in before anybody published them.
`WRITE_FROZEN=1 .venv/bin/pytest tests/credentials/policies/test_frozen.py` adds what is missing.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

from credentials.policies.files import bundled, text_of
from credentials.policies.policy import (
    Decision,
    SourceFault,
    assess,
    assess_benefit,
    facts_data,
    facts_from,
    read_policy,
)
from credentials.policies.policy.cases import read_cases
from credentials.policies.queries.mistakes import fault_words
from tests.credentials.policies.test_deciding import DAYS, FACTS, POLICY

FROZEN = Path(__file__).parent / "frozen"


def plain(value: object) -> object:
    """A decision, or anything in it, as JSON writes it."""
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if hasattr(value, "items"):
        return {str(name): plain(each) for name, each in value.items()}
    return value if value is None or isinstance(value, int) else str(value)


def line_of(question: dict[str, object], decisions: tuple[Decision, ...]) -> str:
    said = {**question, "decisions": plain(decisions)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def ask(text: str, question: dict[str, object]) -> tuple[Decision, ...]:
    """What a text decides about facts as a claim keeps them."""
    policy = read_policy(text, question["switches"])
    on = datetime.date.fromisoformat(question["on"])
    return assess_benefit(policy, policy.benefit(question["benefit"]), facts_from(question["facts"]), on)


def questions(cases: Path) -> Iterator[dict[str, object]]:
    _code, found = read_cases(text_of(cases))
    for case in found:
        yield {
            "case": case.name,
            "on": case.on.isoformat(),
            "switches": dict(case.switches),
            "benefit": case.benefit,
            "facts": facts_data(case.facts),
        }


def keep(code: str, text: str, number: int) -> None:
    cases = bundled()[code].with_name(f"{code}.cases.yaml")
    (FROZEN / f"{code}.{number}.yaml").write_text(text, encoding="utf-8")
    lines = [line_of(each, ask(text, each)) for each in questions(cases)]
    (FROZEN / f"{code}.{number}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("code", bundled())
def test_each_policy_that_comes_with_the_product_is_kept_as_it_is(code):
    text = text_of(bundled()[code])
    kept = sorted(FROZEN.glob(f"{code}.*.yaml"))
    if os.environ.get("WRITE_FROZEN") and text not in {text_of(one) for one in kept}:
        keep(code, text, len(kept) + 1)
    assert text in {text_of(one) for one in FROZEN.glob(f"{code}.*.yaml")}


@pytest.mark.parametrize("path", sorted(FROZEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_kept_text_decides_byte_for_byte_as_it_did(path):
    text, lines = text_of(path), path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    for line in lines:
        question = {name: said for name, said in json.loads(line).items() if name != "decisions"}
        assert line_of(question, ask(text, question)) == line


@given(FACTS, DAYS)
def test_facts_frozen_with_a_claim_decide_as_the_records_did(facts, on):
    frozen = json.loads(json.dumps(facts_data(facts), ensure_ascii=False))
    assert plain(assess(POLICY, facts_from(frozen), on)) == plain(assess(POLICY, facts, on))
    assert facts_data(facts_from(frozen)) == frozen


def test_a_text_of_a_format_that_is_not_known_is_refused_with_its_line_alone():
    text = text_of(bundled()["weihai-2023"])
    assert read_policy(text.replace("format: 2\n", "")) and "format: 2\n" in text
    with pytest.raises(SourceFault) as fault:
        read_policy(text.replace("format: 2", "format: 3").replace("benefits:", "gifts:"))
    [told] = fault_words(fault.value)
    assert "第 2 行" in told and "“3”" in told and "format" in told
