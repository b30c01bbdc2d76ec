from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lms.admissions.policy import (
    BARS,
    CODE_LENGTH,
    LETTERS,
    Applicant,
    Condition,
    Kind,
    Quota,
    Stop,
    Verdict,
    check,
    fits,
    grouped,
    is_admissible,
    kept_free,
    new_code,
    normalise_code,
    region_prefix,
    route,
    years_after,
)
from lms.cohorts.queries import words

TODAY = date(2026, 11, 25)
MEETS = Applicant(
    today=TODAY,
    levels=frozenset({"assistant"}),
    fields=frozenset({"elderly"}),
    employer_path="000100020003",
    employer_name="新街社工站",
    employer_kind="station",
    region="120101001",
    practice_started_on=date(2020, 1, 1),
    courses=frozenset({"basics"}),
)
ALL = (
    Condition(Kind.LEVEL, ("assistant", "senior"), names="助理社会工作师"),
    Condition(Kind.FIELD, ("elderly", "children"), names="老年人服务"),
    Condition(Kind.REGION, paths=("00010002",), names="和平区"),
    Condition(Kind.REGION, ("120000",), names="天津市"),
    Condition(Kind.YEARS, years=2),
    Condition(Kind.PRIOR_COURSE, ("basics",), names="入门课"),
    Condition(Kind.EMPLOYER_KIND, ("station", "agency"), names="社工站"),
)
NOBODY = Applicant(today=TODAY)


def test_who_meets_every_condition_passes_each():
    findings = check(ALL, MEETS)
    assert [finding.verdict for finding in findings] == [Verdict.PASS] * len(ALL)
    assert all(finding.cure is None for finding in findings)


def test_every_failure_is_listed_with_its_cure_and_only_the_level_is_unknown():
    findings = check(ALL, NOBODY)
    assert [finding.verdict for finding in findings] == [Verdict.UNKNOWN] + [Verdict.FAIL] * (len(ALL) - 1)
    assert all(finding.cure is not None for finding in findings)
    assert not is_admissible(findings)


def test_the_years_say_when_they_will_be_full():
    [finding] = check(
        (Condition(Kind.YEARS, years=2),), Applicant(TODAY, practice_started_on=date(2025, 3, 1))
    )
    assert finding.verdict is Verdict.FAIL
    assert finding.sentence.values == {"years": 2, "since": date(2025, 3, 1), "day": date(2027, 3, 1)}


@pytest.mark.parametrize(("passed", "verdict"), [(-1, Verdict.FAIL), (0, Verdict.PASS), (1, Verdict.PASS)])
def test_the_day_itself_counts(passed, verdict):
    today = date(2026, 3, 1) + timedelta(days=passed)
    facts = Applicant(today, practice_started_on=date(2024, 3, 1))
    assert check((Condition(Kind.YEARS, years=2),), facts)[0].verdict is verdict


def test_calendar_years_and_the_leap_day():
    assert years_after(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_an_unknown_level_does_not_stand_in_the_way_but_a_lower_one_does():
    asked = (Condition(Kind.LEVEL, ("senior",), names="高级社会工作师"),)
    assert is_admissible(check(asked, NOBODY))
    assert not is_admissible(check(asked, Applicant(TODAY, levels=frozenset({"assistant"}))))
    assert is_admissible(check(asked, Applicant(TODAY, levels=frozenset({"assistant", "senior"}))))


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("120000", "12"), ("410100", "4101"), ("120101", "120101"), ("120101001", "120101001")],
)
def test_a_region_contains_what_lies_inside_it(code, prefix):
    assert region_prefix(code) == prefix


@pytest.mark.parametrize(
    "condition",
    [
        Condition(Kind.REGION, paths=("0001",), names="河东区"),
        Condition(Kind.EMPLOYER_KIND, ("centre",), names="指导中心"),
        Condition(Kind.EMPLOYED),
    ],
)
def test_what_the_declared_employer_will_meet_waits_for_its_confirmation_only(condition):
    declared = {"declared_name": "河东区指导中心", "declared_path": "00010003", "declared_kind": "centre"}
    [finding] = check([condition], Applicant(TODAY, declared_on=date(2026, 11, 3), **declared))
    assert finding.verdict is Verdict.WAITS
    text = words(finding.sentence)
    assert "河东区指导中心" in text and "2026年11月3日" in text and "没有" not in text.split("。")[0]
    assert not is_admissible([finding])


def test_what_the_declared_employer_will_not_meet_is_said_of_it():
    declared = {"declared_name": "河东区指导中心", "declared_path": "00010003", "declared_kind": "centre"}
    [finding] = check([ALL[2]], Applicant(TODAY, **declared))
    assert finding.verdict is Verdict.FAIL
    assert "河东区指导中心" in words(finding.sentence)


def test_a_sibling_of_a_region_is_outside():
    asked = (Condition(Kind.REGION, paths=("00010002",), names="和平区"),)
    outside = Applicant(TODAY, employer_path="000100030001", employer_name="河东区")
    assert check(asked, outside)[0].verdict is Verdict.FAIL


facts = st.builds(
    Applicant,
    today=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    levels=st.none() | st.frozensets(st.sampled_from(["assistant", "social_worker", "senior"])),
    fields=st.frozensets(st.sampled_from(["elderly", "children", "other"])),
    employer_path=st.sampled_from(["", "0001", "00010002", "000100020003", "0002"]),
    employer_kind=st.sampled_from(["", "station", "bureau"]),
    region=st.sampled_from(["", "120101", "410100"]),
    declared_name=st.sampled_from(["", "河东区指导中心"]),
    declared_path=st.sampled_from(["0001", "00010003"]),
    practice_started_on=st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    courses=st.frozensets(st.sampled_from(["basics", "more"])),
)


@given(facts, st.lists(st.sampled_from(ALL)))
def test_every_condition_is_answered_once_in_order_whatever_the_facts(applicant, conditions):
    findings = check(conditions, applicant)
    assert [finding.condition for finding in findings] == conditions
    assert is_admissible(findings) == all(finding.verdict not in BARS for finding in findings)
    assert all((finding.cure is None) == (finding.verdict is Verdict.PASS) for finding in findings)
    for finding in findings:
        assert finding.sentence.msgid % {**finding.sentence.values} if finding.sentence.values else True


@given(facts, st.integers(1, 60))
def test_whoever_has_the_years_today_has_them_tomorrow(applicant, years):
    from dataclasses import replace

    asked = (Condition(Kind.YEARS, years=years),)
    if check(asked, applicant)[0].verdict is Verdict.PASS:
        tomorrow = replace(applicant, today=applicant.today + timedelta(days=1))
        assert check(asked, tomorrow)[0].verdict is Verdict.PASS


# --- Who decides --------------------------------------------------------------------------------------------


def test_every_stage_has_its_own_organisation():
    found = {"employer": 3, "county": 2, "city": 1}
    assert route(("employer", "county", "city"), found, 9) == (
        Stop("employer", 3),
        Stop("county", 2),
        Stop("city", 1),
    )


def test_what_nobody_can_decide_falls_to_the_organiser_who_decides_once_and_last():
    assert route(("employer", "county", "organiser"), {"county": 2}, 9) == (
        Stop("county", 2),
        Stop("organiser", 9, ("employer",)),
    )
    assert route(("employer", "city"), {}, 9) == (Stop("organiser", 9, ("employer", "city")),)


def test_an_organisation_that_runs_the_cohort_decides_once():
    assert route(("county", "organiser"), {"county": 9}, 9) == (Stop("organiser", 9, ("county",)),)


STAGES = ["employer", "county", "city", "province", "organiser"]


@given(
    st.lists(st.sampled_from(STAGES), unique=True),
    st.dictionaries(st.sampled_from(STAGES[:-1]), st.integers(1, 4)),
    st.integers(1, 4),
)
def test_no_organisation_decides_twice_and_no_stage_is_lost(stages, found, organiser):
    stops = route(stages, found, organiser)
    assert len({stop.organisation for stop in stops}) == len(stops)
    covered = {stage for stop in stops for stage in (stop.stage, *stop.also)}
    assert set(stages) <= covered | {"organiser"}
    assert bool(stops) == bool(stages)


# --- Places kept --------------------------------------------------------------------------------------------

DISTRICT, STREET, OTHER = "00010001", "000100010001", "00010002"


def test_others_cannot_have_what_is_kept():
    quotas = [Quota(DISTRICT, 2)]
    assert fits(3, quotas, {}, OTHER)
    assert not fits(3, quotas, {OTHER: 1}, OTHER)
    assert fits(3, quotas, {OTHER: 1}, STREET)
    assert not fits(3, quotas, {OTHER: 1}, "")


def test_beyond_their_quota_they_take_part_as_everybody():
    assert not fits(3, [Quota(DISTRICT, 1), Quota(OTHER, 1)], {DISTRICT: 2}, DISTRICT)
    assert fits(4, [Quota(DISTRICT, 1), Quota(OTHER, 1)], {DISTRICT: 2}, DISTRICT)


def test_a_street_uses_its_own_places_first_and_then_those_of_its_district():
    quotas = [Quota(DISTRICT, 2), Quota(STREET, 1)]
    assert kept_free(quotas, {}) == 3
    assert kept_free(quotas, {STREET: 1}) == 2
    assert kept_free(quotas, {STREET: 2}) == 1
    assert kept_free(quotas, {STREET: 5}) == 0


paths = st.sampled_from(["", DISTRICT, STREET, "000100010002", OTHER, "000100020001"])


@given(
    st.integers(0, 12),
    st.dictionaries(st.sampled_from([DISTRICT, STREET, OTHER]), st.integers(1, 6)),
    st.lists(paths, max_size=25),
)
def test_in_whatever_order_people_come_the_places_suffice_and_what_is_kept_is_kept(capacity, kept, arrivals):
    quotas = [Quota(path, places) for path, places in kept.items()]
    if sum(kept.values()) > capacity:
        return
    taken: dict[str, int] = {}
    for path in arrivals:
        if fits(capacity, quotas, taken, path):
            taken[path] = taken.get(path, 0) + 1
        assert sum(taken.values()) + kept_free(quotas, taken) <= capacity


# --- Codes --------------------------------------------------------------------------------------------------


def test_codes_are_of_letters_that_nobody_mistakes_and_differ():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == CODE_LENGTH and set(code) <= set(LETTERS) for code in codes)


def test_a_code_is_found_however_it_is_typed():
    code = new_code()
    for typed in (code, grouped(code), f" {grouped(code).lower()} "):
        assert normalise_code(typed) == code


@given(st.text())
def test_anything_typed_is_a_code_or_nothing(typed):
    code = normalise_code(typed)
    assert code == "" or (len(code) == CODE_LENGTH and set(code) <= set(LETTERS))


@pytest.mark.parametrize("applicant", [MEETS, Applicant(today=TODAY)])
def test_what_is_found_reads_the_same_for_the_applicant_and_for_whoever_decides(applicant):
    conditions = [Condition(kind, wanted=("x",), paths=("0001",), names="某处", years=3) for kind in Kind]
    for each in check(conditions, applicant):
        assert "you" not in each.sentence.msgid.lower()
        with override("zh-hans"):
            assert "你" not in words(each.sentence)
