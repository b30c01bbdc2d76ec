"""A policy file is understood whole or refused with every mistake, its line and its field."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.policies.files import bundled, text_of
from credentials.policies.policy import SourceFault, check_policy, read_facts, read_policy
from credentials.policies.policy.source import MOST_CHARACTERS
from credentials.policies.queries.mistakes import fault_words

JINGZHOU = text_of(bundled()["jingzhou-2022"])


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


@pytest.mark.parametrize(
    ("before", "after", "field", "code"),
    [
        ("from: 2022-09-14", "from: 2022-09-31", "in_force.from", "no_day"),
        ('jurisdiction: "421000"', 'jurisdiction: "42100"', "jurisdiction", "no_region"),
        ("assistant: 500,", "assistant: 5oo,", "benefits.certificate.amounts.assistant", "no_money"),
        ("assistant: 500,", "assistant: -500,", "benefits.certificate.amounts.assistant", "no_money"),
        ("assistant: 500,", "assistant: 500.005,", "benefits.certificate.amounts.assistant", "no_money"),
        ("kind: once", "kind: onse", "benefits.internship.kind", "no_choice"),
        ("is: within\n", "is: withn\n", "conditions.claimed_in_time.is", "no_choice"),
        ("after: qualification.issued_on", "after: qualification.issued", "conditions.claimed_in_time.after", "no_choice"),
        ("after: qualification.issued_on", "after: qualification.level", "conditions.claimed_in_time.after", "fact_type"),
        ("years: 1\n", "years: one\n", "conditions.claimed_in_time.years", "no_whole"),
        ("years: 1\n", "years: 0\n", "conditions.claimed_in_time.after", "no_span"),
        ("needs: [serves_here, in_field", "needs: [serves_here, in_feld", "benefits.certificate.needs[2]", "no_choice"),
        ("needs: [serves_here, in_field", "needs: [fourth_year, in_field", "benefits.certificate.needs[1]", "other_subject"),
        ("chosen: several", "chosen: sometimes", "switches.stacking.chosen", "no_choice"),
        ("until: {switch: last_day}\n  after", "until: {switch: lastday}\n  after", "in_force.until", "no_switch"),
        ("top_up: difference", "topup: difference", "benefits.certificate.topup", "unknown_key"),
        ("counts: working", "counts: workdays", "notice.counts", "no_choice"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_field(before, after, field, code):
    assert before in JINGZHOU
    text = JINGZHOU.replace(before, after, 1)
    with pytest.raises(SourceFault) as fault:
        read_policy(text)
    found = {(one.field, one.code): one for one in fault.value.mistakes}
    assert (field, code) in found, found
    mistake = found[field, code]
    assert mistake.line == line_of(text, after.strip().splitlines()[0]) or field.endswith(".after")
    [sentence] = [each for each in fault_words(fault.value, "policy.yaml") if field in each][:1]
    assert f"policy.yaml 第 {mistake.line} 行" in sentence and "%(" not in sentence


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    text = (
        JINGZHOU.replace("from: 2022-09-14", "from: soon")
        .replace("kind: once", "kind: never")
        .replace("days: 5", "days: x")
    )
    with pytest.raises(SourceFault) as fault:
        read_policy(text)
    lines = [one.line for one in fault.value.mistakes]
    assert len(lines) == 3 and lines == sorted(lines)


def test_a_near_miss_is_answered_with_what_was_meant():
    with pytest.raises(SourceFault) as fault:
        read_policy(JINGZHOU.replace("top_up: difference", "topup: difference"))
    assert "top_up" in fault_words(fault.value)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~",
        "[]",
        "policy",
        "a: [b",
        "\t\tcode: x",
        "code: &a [*a]",
        "a: &a {b: *a}",
        "{" * 3000,
        "- " * 3000,
        "code: !!python/object/apply:os.system ['true']",
        "x" * (MOST_CHARACTERS + 1),
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
        "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nissuers: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\ncode: x\nname: x\ndocument: x\n"
        'jurisdiction: "421000"\nin_force: {from: 2022-01-01}\nbenefits: {}',
        "code: x\ncode: y",
    ],
)
def test_what_is_no_policy_is_refused_quickly(text):
    with pytest.raises(SourceFault):
        read_policy(text)
    with pytest.raises(SourceFault):
        read_facts(text or "a b: c")


@given(
    st.integers(0, len(JINGZHOU) - 1), st.sampled_from(["", "x", ":", "- ", "\n", "{", "\x00", "，", "[]"])
)
def test_a_file_that_is_torn_anywhere_is_read_or_refused_in_words(place, piece):
    torn = JINGZHOU[:place] + piece + JINGZHOU[place + 1 :]
    told = ["1"]
    try:
        read_policy(torn)
    except SourceFault as fault:
        told = fault_words(fault)
    assert told and all(re.search(r"\d", sentence) for sentence in told)


def test_another_answer_to_a_switch_is_another_policy_and_an_unknown_one_a_mistake():
    assert read_policy(JINGZHOU).ends_on.day == 13
    assert read_policy(JINGZHOU, {"last_day": "2025-09-14"}).ends_on.day == 14
    for chosen in ({"last_day": "2025-09-15"}, {"nothing": "x"}):
        with pytest.raises(SourceFault):
            read_policy(JINGZHOU, chosen)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("qualifications: [{level: assistant, issued_on: 2023-13-01}]", "qualifications[1].issued_on"),
        ("qualifications: {level: assistant}", "qualifications"),
        ("work: {regon: x}", "work.regon"),
        ("paid: [{benefit: x, amount: 12.345}]", "paid[1].amount"),
        ("conduct: [{on: 2023-01-01}]", "conduct[1]"),
        ("pay: []", "pay"),
        ("conduct: [{head: unlawfull, on: 2023-01-01}]", "conduct[1].head"),
        ("conduct: [{head: unlawful}, {head: 违纪, on: 2023-01-01}]", "conduct[2].head"),
    ],
)
def test_a_mistake_in_the_facts_is_named_too(text, field):
    with pytest.raises(SourceFault) as fault:
        read_facts(text)
    assert [one.field for one in fault.value.mistakes] == [field]


def test_what_is_not_said_is_not_known_and_what_is_empty_is_none():
    facts = read_facts("work: {region: 未知, fields: []}\nconduct: []\ntitles: unknown")
    assert "region" not in facts.sections["work"] and facts.sections["work"]["fields"] == ()
    assert (facts.conduct, facts.titles, facts.paid) == ((), None, None)


def test_a_head_of_conduct_may_be_said_as_the_record_calls_it():
    said = ", ".join(
        f"{{head: {each}}}" for each in ("违法", "重大违纪", "违背职业操守", "违反行业管理规范", "ethics")
    )
    found = read_facts(f"conduct: [{said}]").conduct
    assert [one.head for one in found] == ["unlawful", "discipline", "ethics", "industry", "ethics"]


SMALL = """code: small
name: {name}
document: d
jurisdiction: "120000"
in_force: {{from: 2024-01-01}}
conditions:
  c0: {{is: 'yes', fact: work.is_full_time, says: w}}
{conditions}benefits:
  b: {{kind: once, name: b, amounts: {amounts}, needs: [{needs}]}}
"""


def small(name: str = "n", conditions: str = "", amounts: str = "{any: 1}", needs: str = "c0") -> str:
    return SMALL.format(name=name, conditions=conditions, amounts=amounts, needs=needs)


@pytest.mark.parametrize("sign", [r"\ud800", r"\UFFFFFFFF", r"\U00110000", r"\0", r"\u202E", r"\x9f"])
def test_signs_that_no_page_or_table_takes_are_refused_in_names_and_in_values(sign):
    assert read_policy(small())
    for text in (small(name=f'"a{sign}b"'), small(amounts=f'{{"a{sign}b": 1}}'), "%YAML 1." + "9" * 5000):
        with pytest.raises(SourceFault) as fault:
            read_policy(text)
        "\n".join(fault_words(fault.value)).encode()


def test_a_text_cannot_unfold_into_more_than_is_asked_in_a_moment():
    nested = "".join(
        f"  c{n}: {{is: any_of, conditions: [c{n - 1}, c{n - 1}], says: w}}\n" for n in range(1, 60)
    )
    policy = read_policy(small(conditions=nested, needs="c59, c59"))
    assert [one.name for one in policy.conditions["c59"].inner] == ["c0"] and len(
        policy.benefits[0].needs
    ) == 1
    many = "".join(f"  d{n}: {{is: 'no', fact: work.is_insured, says: w}}\n" for n in range(310))
    for text in (
        small(conditions=many),
        small(needs=", ".join(["c0"] * 301)),
        small() + "".join(f"  b{n}: {{kind: once, name: b, amounts: {{any: 1}}}}\n" for n in range(60)),
    ):
        with pytest.raises(SourceFault) as fault:
            read_policy(text)
        assert "too_many" in {one.code for one in fault.value.mistakes}
    with pytest.raises(SourceFault):
        read_facts("titles: [&a {key: a}" + ", *a" * 50 + "]")


def test_of_several_conditions_one_that_a_switch_leaves_out_opens_no_way():
    switch = "switches:\n  s: {asks: q, chosen: a, options: [{value: a, says: a}, {value: b, says: b}]}\n"
    ways = """  c1: {is: 'no', fact: work.is_insured, says: w, when: {switch: s, is: b}}
  c2: {is: any_of, conditions: [c0, c1], says: w}
  c3: {is: any_of, conditions: [c1], says: w}
"""
    text = switch + small(conditions=ways, needs="c2, c3")
    found = {answer: read_policy(text, {"s": answer}) for answer in "ab"}
    assert [one.name for one in found["a"].conditions["c2"].inner] == ["c0"]
    assert [one.name for one in found["b"].conditions["c2"].inner] == ["c0", "c1"]
    assert [[one.name for one in found[answer].benefits[0].needs] for answer in "ab"] == [
        ["c2"],
        ["c2", "c3"],
    ]


@pytest.mark.parametrize(
    ("before", "after", "field", "code"),
    [
        ("- {value: 2025-09-14,", "- {value: 2025-09-31,", "in_force.until", "no_day"),
        ("- {value: 2025-09-14,", "- {value: 2022-09-13,", "in_force.until", "ends_before"),
        ("- {value: qualification.exam_on,", "- {value: qualification.exam,", "conditions.obtained_in_time.fact", "no_choice"),
        ("- {value: qualification.exam_on,", "- {value: qualification.level,", "conditions.obtained_in_time.fact", "fact_type"),
        ("- {value: no, says: {zh-hans: 不可以", "- {value: never, says: {zh-hans: 不可以", "in_force.after_end", "no_choice"),
    ],
)  # fmt: skip
def test_every_answer_to_an_open_point_is_tried_not_only_the_chosen_one(before, after, field, code):
    """What is published is read as ever: only a text that somebody writes is asked for all of it."""
    assert JINGZHOU.count(before) == 1 and check_policy(JINGZHOU)
    text = JINGZHOU.replace(before, after)
    assert read_policy(text).code == "jingzhou-2022"
    with pytest.raises(SourceFault) as fault:
        check_policy(text)
    found = {(one.field, one.code): one.line for one in fault.value.mistakes}
    assert found[field, code] == line_of(text, after), found


def test_mistakes_of_the_text_and_of_its_answers_are_told_together_each_once():
    text = JINGZHOU.replace("- {value: 2025-09-14,", "- {value: x,").replace("counts: working", "counts: x")
    with pytest.raises(SourceFault) as fault:
        check_policy(text)
    found = [(one.field, one.code) for one in fault.value.mistakes]
    assert ("notice.counts", "no_choice") in found and ("in_force.until", "no_day") in found
    assert len(found) == len(set(found))


def test_a_text_with_more_answers_than_can_be_tried_is_refused():
    many = ", ".join(f"{{value: v{number}, says: w}}" for number in range(50))
    switches = "".join(f"  s{n}: {{asks: q, chosen: v0, options: [{many}]}}\n" for n in range(20))
    with pytest.raises(SourceFault) as fault:
        check_policy(f"switches:\n{switches}{small()}")
    assert [one.code for one in fault.value.mistakes] == ["too_many"]
