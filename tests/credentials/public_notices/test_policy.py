"""What no public notice may say, when it ends, and what becomes of its lines."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.calendars.policy import is_working
from core.people.policy import check_character
from credentials.public_notices.policy import (
    NoticeLine,
    Said,
    Secret,
    faults_of,
    last_day,
    outcomes,
    secret_in,
    secret_in_contact,
)

GAPS = st.sampled_from(["", " ", "-", "–", "　", ".", "·", "\u200b", " - ", "/", "(", "\n"])
WIDTHS = st.sampled_from([lambda digit: digit, lambda digit: chr(ord(digit) + 0xFEE0), lambda digit: chr(ord(digit) - 48 + 0x660)])  # fmt: skip
DIGITS = st.text("0123456789", min_size=11, max_size=11)
MOBILES = DIGITS.map(lambda text: f"1{3 + int(text[0]) % 7}{text[2:]}")
IDS = st.builds(
    lambda region, day, number: (head := f"{region}{day:%Y%m%d}{number:03}") + check_character(head),
    st.integers(110000, 659999),
    st.dates(date(1920, 1, 1), date(2010, 1, 1)),
    st.integers(0, 999),
)
BANKS = st.text("0123456789", min_size=12, max_size=19).map(lambda text: f"6{text[1:]}")
PERMITS = st.builds(
    lambda letters, text: letters + text[:8], st.sampled_from(["H", "M", "E", "EA", "G", "P"]), DIGITS
)
WORDS = st.sampled_from(["", "林小荷", "工号", "助理社会工作师 ", "（", "身份证："])


@st.composite
def hidden(draw: st.DrawFn) -> str:
    """A number of a person as people write it: with gaps, in full width, between words."""
    number = draw(st.one_of(MOBILES, IDS, BANKS, PERMITS))
    width, gap, every = draw(WIDTHS), draw(GAPS), draw(st.integers(3, 6))
    wide = "".join(width(each) if each.isdigit() else each for each in number)
    spaced = gap.join(wide[start : start + every] for start in range(0, len(wide), every))
    return draw(WORDS) + spaced + draw(st.sampled_from(["", "，谢谢", "）"]))


@given(hidden())
def test_no_number_of_a_person_is_sayable_however_it_is_written(text):
    assert secret_in(text) is not None, unicodedata.normalize("NFKC", text)
    for field in ("name", "unit", "title"):
        line = NoticeLine(**{"key": "claim-1", "name": "林小荷", "unit": "", "title": "", field: text})
        assert [fault.field for fault in faults_of([line])] == [field]


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """A number of a person with up to three letters in it that look like digits."""
    number = draw(st.one_of(MOBILES, IDS, BANKS.filter(lambda text: len(text) > 17)))
    for _ in range(3):
        found = [place for place, sign in enumerate(number) if sign in "01"]
        if found:
            place = draw(st.sampled_from(found))
            letter = draw(st.sampled_from("OoО〇" if number[place] == "0" else "lIＩ"))
            number = number[:place] + letter + number[place + 1 :]
    gap = draw(GAPS)
    return draw(WORDS) + gap.join(number[start : start + 4] for start in range(0, len(number), 4))


@given(disguised())
@example("6O22O222222O222222")
def test_no_number_of_a_person_is_sayable_with_letters_for_digits(text):
    assert secret_in(text) is not None


NAMES = st.sampled_from(["林小荷", "Li Lo", "OLLI OILL", "阿里木·IO", "Illo", "王〇"])
UNITS = st.sampled_from(["社工站", "LOLI 中心", "第1中心", "IO 101 室", "一〇一社区", "OIL"])
LEVELS = st.sampled_from(["I", "II", "III", "Ⅲ级", "初级", "L1", "二级", "10 类"])
YEARS = st.sampled_from(["", "2026", "2026年", "二〇二六年", "(2025)", "2O26"])


@given(st.lists(st.one_of(NAMES, UNITS, LEVELS), min_size=1, max_size=3, unique=True), YEARS)
def test_names_units_levels_and_years_are_no_disguised_numbers(words, year):
    for joint in (" ", "", "·", "/"):
        text = joint.join([*words, year])
        if sum(sign.isdigit() for sign in text) < 8:
            assert secret_in(text) is None, text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1380O13800O", Secret.PHONE),
        ("11O1O5 l949 1231 OO2X", Secret.ID),
        ("6222 02OO 0011 2233 445", Secret.BANK),
        ("138 0013 8000", Secret.PHONE),
        ("+86-138-0013-8000", Secret.PHONE),
        ("１３８００１３８０００", Secret.PHONE),
        ("一三八零零一三八零零零", Secret.PHONE),
        ("壹叁捌零零壹叁捌零零零", Secret.PHONE),
        ("幺三八零零幺三八零零零", Secret.PHONE),
        ("❶❸❽⓿⓿❶❸❽⓿⓿⓿", Secret.PHONE),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", Secret.PHONE),
        ("〡〣〨〡〢〣〤〥〦〧〨", Secret.PHONE),  # Suzhou numerals
        ("138:0013:8000", Secret.PHONE),
        ("138*0013*8000", Secret.PHONE),
        ("138\u31640013\u28008000", Secret.PHONE),  # letters that nobody sees
        ("138【0013】8000", Secret.PHONE),
        ("138“0013”8000", Secret.PHONE),
        ("138\\0013→8000", Secret.PHONE),
        ("110105★19491231★002X", Secret.ID),
        ("11010519491231002X", Secret.ID),
        ("110105 491231 002", Secret.ID),
        ("H12345678", Secret.ID),
        ("E 1234 5678", Secret.ID),
        ("HA1234567", Secret.ID),
        ("6222 0202 0000 0000 123", Secret.BANK),
        ("99887766", Secret.NUMBER),
        *(
            (text, None)
            for text in ("林小荷", "欧阳若水", "2022年", "第12届", "2021-2022年度", "2021/2022学年")
        ),
        *(
            (text, None)
            for text in ("2022.03.01-2022.12.31", "20220301", "（2024）第3号", "荆民发〔2022〕1234号")
        ),
        *(
            (text, None)
            for text in (
                "和平区新街社工站",
                "《2022》《2023》",
                "一二三社区",
                "ISO 9001",
                "2021、2022、2023年",
            )
        ),
    ],
)
def test_what_belongs_in_a_notice_is_told_from_what_does_not(text, kind):
    assert secret_in(text) == kind


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("0716-8123456", True),
        ("0716-8123456转812，sgk@example.gov.cn", True),
        ("(027) 8712 3456", False),  # a landline is written in one piece: four and four could be anything
        ("027-87123456 / 400-123-4567", True),
        ("12345", True),
        ("13800138000", False),
        ("013800138000", False),  # with the trunk prefix it is a mobile number all the same
        ("王老师13800138000@example.com", False),
        ("6222 0716 8123456 123", False),
        ("11010519491231002X", False),
    ],
)
def test_an_office_is_reached_by_its_own_numbers(text, may):
    assert (secret_in_contact(text) is None) is may


DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
HOLIDAYS = st.frozensets(st.integers(0, 60), max_size=20)


@given(DAYS, st.integers(1, 90), HOLIDAYS, st.booleans())
def test_a_notice_is_never_shorter_than_it_says_and_ends_on_a_working_day(start, days, off, working):
    holidays = {start + timedelta(days=number) for number in off}
    last = last_day(start, days, working=working, holidays=holidays)
    between = [start + timedelta(days=number) for number in range(1, (last - start).days + 1)]
    counted = [day for day in between if not working or is_working(day, holidays)]
    assert len(counted) >= days and is_working(last, holidays)
    assert len([day for day in between[:-1] if is_working(day, holidays) or not working]) <= max(
        days, len(counted) - 1
    )
    if working:
        assert len(counted) == days


def test_the_posting_is_not_counted_and_the_spring_festival_is_none_of_the_days():
    friday, off = date(2026, 2, 13), {date(2026, 2, 15) + timedelta(days=number) for number in range(9)}
    assert last_day(friday, 5, working=True, holidays=set()) == date(2026, 2, 20)
    assert last_day(friday, 5, working=True, holidays=off) == date(2026, 3, 2)
    assert last_day(friday, 7, working=False, holidays=off) == date(2026, 2, 24)
    # 调休: the Saturday before, and the one after
    worked = {date(2026, 2, 14), date(2026, 2, 28)}
    assert last_day(friday, 5, working=True, holidays=off, worked=worked) == date(2026, 2, 27)
    assert last_day(friday, 6, working=True, holidays=off, worked=worked) == date(2026, 2, 28)
    with pytest.raises(ValueError):
        last_day(friday, 0, working=True, holidays=())


SAID = st.builds(Said, st.one_of(st.none(), st.integers(1, 5)), st.booleans(), st.booleans())


@given(st.lists(SAID, max_size=8), st.randoms())
def test_a_line_waits_for_what_is_open_and_one_upheld_is_enough(said, shuffle):
    lines = range(1, 6)
    found = outcomes(lines, said)
    for line in lines:
        about = [one for one in said if one.line in (None, line)]
        assert (line in found) == (not any(one.is_open for one in about))
        if line in found:
            assert found[line] == (not any(one.is_upheld for one in about))
    shuffle.shuffle(said)
    assert outcomes(lines, said) == found
