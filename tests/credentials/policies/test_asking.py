"""A text that somebody writes says nothing without effect: a misspelled word or an idle field is named with line and field."""

from __future__ import annotations

import pytest

from core.people.models import Person
from credentials.commendations.states import Rank
from credentials.conduct.states import Head
from credentials.models import QualificationLevel
from credentials.policies.policy import check_policy, read_policy
from credentials.policies.policy.deciding import RESERVED
from credentials.policies.policy.facts import (
    EMPLOYER_KINDS,
    HEADS,
    ID_TYPES,
    LEVELS,
    RANKS,
    SAID_IN,
    WORDS,
    type_of,
)
from credentials.policies.policy.source import SourceFault
from credentials.policies.queries import labels
from credentials.policies.queries.known import regions_known, words_known
from credentials.policies.queries.mistakes import fault_words

TEXT = """code: test-2024
name: 试
document: 文
jurisdiction: "421000"
in_force: {from: 2024-01-01, until: 2024-12-31}
conditions:
  clean: {is: clean, heads: [unlawful, ethics], years: 3, says: 无违法}
  held: {is: holds, levels: [assistant], says: 有证}
  first: {is: first_time, benefits: [certificate], says: 首次}
  alone: {is: alone_in_year, benefits: [award], says: 一年一项}
  who: {is: none_of, fact: work.employer_kind, of: [civil_service], says: 非公务员}
  paper: {is: one_of, fact: person.id_type, of: [resident_id], says: 证件}
  level: {is: one_of, fact: qualification.level, of: [senior], says: 高级}
  rank: {is: one_of, fact: title.rank, of: [national], says: 国家级}
benefits:
  certificate:
    kind: highest_level
    name: 补贴
    amounts: {assistant: 500, social_worker: 1000}
    needs: [clean, held, first, who, level]
    documents: {form: {says: 表, when: assistant}}
  award: {kind: per_event, name: 奖, amounts: {national: 8000, provincial: 3000}, about: [rank]}
  intern: {kind: once, name: 实习, amounts: {any: 3000}}
  yearly: {kind: recurring, name: 津贴, amounts: {assistant: 100}, monthly: yes, most_times: 3}
review: {stages: [employer, county]}
follows: [test-2022]
"""
BY_END = "until: 2024-12-31"


def mistakes(text):
    with pytest.raises(SourceFault) as fault:
        check_policy(text, known=regions_known())
    assert all("%(" not in one for one in fault_words(fault.value))
    return {(one.field, one.code, one.values.get("meant", "")) for one in fault.value.mistakes}, fault.value


@pytest.mark.parametrize(
    ("before", "after", "field", "code", "meant"),
    [
        ("[unlawful,", "[unlawfull,", "conditions.clean.heads[1]", "no_choice", "unlawful"),
        ("[unlawful,", "[违法,", "conditions.clean.heads[1]", "no_choice", ""),
        ("levels: [assistant]", "levels: [asistant]", "conditions.held.levels[1]", "no_choice", "assistant"),
        ("benefits: [certificate]", "benefits: [certficate]", "conditions.first.benefits[1]", "no_choice", "certificate"),
        ("benefits: [award]", "benefits: [awards]", "conditions.alone.benefits[1]", "no_choice", "award"),
        ("of: [civil_service]", "of: [civil_servant]", "conditions.who.of[1]", "no_choice", "civil_service"),
        ("of: [resident_id]", "of: [residentid]", "conditions.paper.of[1]", "no_choice", "resident_id"),
        ("of: [senior]", "of: [seniors]", "conditions.level.of[1]", "no_choice", "senior"),
        ("of: [national]", "of: [nation]", "conditions.rank.of[1]", "no_choice", "national"),
        ("assistant: 500", "asistant: 500", "benefits.certificate.amounts.asistant", "no_choice", "assistant"),
        ("assistant: 500", "any: 2000, assistant: 500", "benefits.certificate.amounts.any", "any_alone", ""),
        ("assistant: 500", "assistant: ５００", "benefits.certificate.amounts.assistant", "no_money", ""),
        ("national: 8000", "nation: 8000", "benefits.award.amounts.nation", "no_choice", "national"),
        ("assistant: 100}", "asistant: 100}", "benefits.yearly.amounts.asistant", "no_choice", "assistant"),
        ("amounts: {any: 3000}", "amounts: {assistant: 3000}", "benefits.intern.amounts.assistant", "no_choice", ""),
        ("when: assistant", "when: asistant", "benefits.certificate.documents.form.when", "no_choice", "assistant"),
        ("any: 3000}}", "any: 3000}, documents: {form: {says: 表, when: x}}}", "benefits.intern.documents.form.when", "no_key_here", ""),
        ("kind: highest_level", "kind: highest_level\n    monthly: yes", "benefits.certificate.monthly", "not_for_kind", ""),
        ("any: 3000}}", "any: 3000}, most_times: 3}", "benefits.intern.most_times", "not_for_kind", ""),
        ("any: 3000}}", "any: 3000}, top_up: none}", "benefits.intern.top_up", "not_for_kind", ""),
        ("needs: [clean,", "needs: [clean, clean,", "benefits.certificate.needs[2]", "twice", ""),
        (BY_END, f"{BY_END}, after_end: until, claims_until: 2024-06-30", "in_force.claims_until", "ends_before", ""),
        (BY_END, f"{BY_END}, claims_until: 2025-06-30", "in_force.claims_until", "only_with", ""),
        (BY_END, "until: null, after_end: windows", "in_force.after_end", "without_end", ""),
        (BY_END, "until: null, after_end: until, claims_until: 2025-06-30", "in_force.claims_until", "without_end", ""),
        ("[employer, county]", "[county, county]", "review.stages", "stage_order", ""),
        ("[employer, county]", "[county, employer]", "review.stages", "stage_order", ""),
        ("[employer, county]", "[]", "review.stages", "empty", ""),
        ("follows: [test-2022]", "follows: [test-2024]", "follows", "follows_itself", ""),
        ("421000", "999999", "jurisdiction", "no_such_region", ""),
        ("name: 试", "name: !place 试", "", "own_tag", ""),
        ("[unlawful, ethics]", "!!set {unlawful, ethics}", "", "own_tag", ""),
    ],
)  # fmt: skip
def test_what_is_misspelled_or_without_effect_is_named_with_line_and_field(before, after, field, code, meant):
    assert TEXT.count(before) == 1 and check_policy(TEXT, known=regions_known())
    found, fault = mistakes(TEXT.replace(before, after))
    assert (field, code, meant) in found, found
    line = TEXT[: TEXT.index(before)].count("\n") + 1 + after.count("\n")
    assert line in {one.line for one in fault.mistakes if one.code == code}


def test_that_something_goes_on_today_is_asked_only_where_its_end_is_a_fact():
    held = "  post: {is: lasted, since: work.since, months: 12, held: yes, says: 在岗}\nbenefits:"
    found, _fault = mistakes(TEXT.replace("benefits:\n", held + "\n", 1))
    assert ("conditions.post.held", "only_with", "") in found


def test_a_text_that_was_published_is_read_as_it_was():
    text = TEXT.replace("unlawful,", "unlawfull,").replace("[employer, county]", "[county, employer]")
    text = text.replace("assistant: 500", "any: 2000, asistant: 500").replace(
        "follows: [test-2022]", "follows: [test-2024]"
    )
    assert read_policy(text).stages == ("county", "employer")


def test_every_answer_to_a_switch_is_held_against_the_words():
    asks = "switches: {s: {asks: 问, chosen: a, options: [{value: a, says: 甲}, {value: assistant, says: 乙}]}}\n"
    with pytest.raises(SourceFault):
        check_policy(TEXT.replace("levels: [assistant]", "levels: {switch: s}") + asks)


def test_the_words_are_those_that_the_records_use():
    assert tuple(HEADS) == tuple(Head.values) == tuple(labels.HEADS)
    assert tuple(Rank.values) == RANKS and tuple(Person.IdType.values) == ID_TYPES
    assert tuple(labels.LEVELS) == LEVELS and {*RANKS, *ID_TYPES, *EMPLOYER_KINDS} == set(labels.VALUES)
    assert all(type_of(path) and what in WORDS for path, what in SAID_IN.items())


RESERVED_NAMES = (
    "in_force",
    "not_paid_already",
    "earlier_payments",
    "subject",
    "year_due",
    "given_already",
    "verified",
)


@pytest.mark.parametrize("name", RESERVED_NAMES)
def test_what_every_policy_asks_by_itself_is_the_name_of_no_condition(name):
    assert set(RESERVED_NAMES) == RESERVED
    text = TEXT.replace("  rank: {", f"  {name}: {{").replace("about: [rank]", f"about: [{name}]")
    found, fault = mistakes(text)
    assert found == {(f"conditions.{name}", "reserved", "")}
    [told] = fault_words(fault)
    assert "第 14 行" in told and f"“{name}”" in told
    assert read_policy(text)  # as it was published


@pytest.mark.django_db
@pytest.mark.parametrize(("named", "field"), [("", ""), ("format: 1\n", "format")])
def test_a_draft_names_the_newest_format(named, field):
    with pytest.raises(SourceFault) as fault:
        check_policy(named + TEXT, known=words_known())
    [told] = fault.value.mistakes
    assert (told.line, told.field) == (1, field) and "format" in fault_words(fault.value)[0]
    assert check_policy("format: 2\n" + TEXT, known=words_known()).reading.format == 2


@pytest.mark.django_db
def test_a_level_that_a_place_has_added_is_a_level_there():
    text = "format: 2\n" + TEXT.replace("assistant: 500", "expert: 9000, assistant: 500")
    with pytest.raises(SourceFault):
        check_policy(text, known=words_known())
    QualificationLevel.objects.create(code="expert", name="专家", target_hours=90)
    assert check_policy(text, known=words_known()).benefit("certificate").amounts["expert"] == 9000
