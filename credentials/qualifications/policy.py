"""How long a registration lasts and when it is renewed, which subjects stand, and what a certificate number looks like."""

from __future__ import annotations

import calendar
import datetime
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

PERIOD_YEARS = 3  # 民发〔2009〕123号: registered for three years, 72 or 90 hours in them
PRESSING_DAYS = 90  # of lists: the period ends soon
RENEWAL_MONTHS = 3  # renewal begins in the last three months
FIRST_YEARS = 1  # the first registration within a year of passing
LATE_DAYS = 30  # for so long after the last day somebody is told that it is over


def last_day_of(starts_on: datetime.date, years: int = PERIOD_YEARS) -> datetime.date:
    """The last day of so many calendar years: begun on 25 November 2026, three years end on 24 November 2029."""
    try:
        anniversary = starts_on.replace(year=starts_on.year + years)
    except ValueError:  # 29 February: the year ends with the last day of that month
        anniversary = datetime.date(starts_on.year + years, 3, 1)
    return anniversary - datetime.timedelta(days=1)


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many calendar months earlier; where that month is shorter, its last day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def renewal_opens(ends_on: datetime.date, months: int = RENEWAL_MONTHS) -> datetime.date:
    """The first day of the last three months: of a period to 24 November 2029 that is 25 August 2029."""
    return months_before(ends_on + datetime.timedelta(days=1), months)


def first_registration_until(issued_on: datetime.date) -> datetime.date:
    """Until when somebody who passed is to be registered for the first time: a calendar year."""
    return last_day_of(issued_on, FIRST_YEARS)


def stage_of(today: datetime.date, opens_on: datetime.date, ends_on: datetime.date) -> str:
    """Of what somebody is told today about a deadline: "open", "month" or "week" before it, "over" for a month after; or
    "" for nothing. Only the latest: whoever was not told in time is told once."""
    left = (ends_on - today).days
    if today < opens_on or left < -LATE_DAYS:
        return ""
    if left < 0:
        return "over"
    return "week" if left < 7 else "month" if left < 30 else "open"


def overlap(
    starts_on: datetime.date, ends_on: datetime.date, other: tuple[datetime.date, datetime.date]
) -> bool:
    """Whether two spans of days, both ends included, share a day."""
    return starts_on <= other[1] and other[0] <= ends_on


@dataclass(frozen=True)
class Progress:
    """How far somebody has come towards a target of hours by a last day."""

    done: Decimal
    target: int
    ends_on: datetime.date

    @property
    def missing(self) -> Decimal:
        return max(Decimal(self.target) - self.done, Decimal(0))

    @property
    def reached(self) -> bool:
        return self.done >= self.target


# --- How an examination is passed -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """What a level is called from a day on, who answers for it, and how it is passed."""

    name: str
    name_en: str = ""
    department: str = ""
    subjects: tuple[str, ...] = ()
    window_years: int = 1  # consecutive years in which all subjects are to be passed
    slip_years: int = 0  # how long the pass slip lasts where a review follows; 0: no review
    number_forms: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class SubjectStand:
    """One subject: the last year in which it was passed, and the last examination for which that stands."""

    number: int
    year: int | None
    until: int | None
    stands: bool


def complete_in(passes: Iterable[tuple[int, int]], subjects: int, window: int) -> int | None:
    """The first year in which all subjects were passed within so many consecutive years; None when they were not.

    `passes` are pairs of a subject's number (from 1) and a year.
    """
    years = {number: sorted(year for each, year in passes if each == number) for number, _ in passes}
    if len([number for number in years if 1 <= number <= subjects]) < subjects or subjects < 1:
        return None
    for last in sorted({year for _, year in passes}):
        if all(
            any(last - window < year <= last for year in years[number]) for number in range(1, subjects + 1)
        ):
            return last
    return None


def standing(
    passes: Iterable[tuple[int, int]], subjects: int, window: int, this_year: int
) -> list[SubjectStand]:
    """Each subject with what stands of it in this year's examination: passed in 2025, in a window of two years, until
    2026."""
    found = []
    held = list(passes)
    for number in range(1, subjects + 1):
        year = max((each for which, each in held if which == number), default=None)
        until = year + window - 1 if year is not None else None
        found.append(SubjectStand(number, year, until, until is not None and until >= this_year))
    return found


def slip_until(slip_on: datetime.date | None, years: int) -> datetime.date | None:
    """The last day of a pass slip; None where there is none."""
    return last_day_of(slip_on, years) if slip_on is not None and years else None


# --- Certificate numbers --------------------------------------------------------------------------------------


def plain_number(text: str) -> str:
    """A certificate number as it is compared: full-width signs made narrow, capitals, no spaces and no unseen signs, and
    without the apostrophe before it by which spreadsheets mark a text."""
    narrow = unicodedata.normalize("NFKC", text).upper()
    seen = "".join(char for char in narrow if not char.isspace() and unicodedata.category(char)[0] != "C")
    return unicodedata.normalize("NFKC", seen).lstrip("'’‘")


def fits_form(number: str, form: str) -> bool:
    """Whether a number looks like a form: `#` stands for a digit, `@` for a letter, `?` for any sign, else itself."""

    def fits(char: str, sign: str) -> bool:
        if sign == "#":
            return char in "0123456789"
        if sign == "@":
            return "A" <= char <= "Z"
        return sign == "?" or char == sign

    return len(number) == len(form) and all(map(fits, number, form))


def fits_any(number: str, forms: Iterable[str]) -> bool:
    """Whether a number looks like one of the forms that are known; any does where none is."""
    known = list(forms)
    return not known or any(fits_form(number, plain_number(form)) for form in known)


@dataclass(frozen=True)
class Said:
    """What somebody says of a certificate."""

    number: str
    issued_on: datetime.date
    exam_year: int | None = None
    passes: tuple[tuple[int, int], ...] = ()
    slip_on: datetime.date | None = None


LONGEST_NUMBER = 40
EARLIEST_YEAR = 2008  # the first national examination


def faults_of(said: Said, terms: Terms, today: datetime.date) -> list[tuple[str, str]]:
    """What cannot be so: pairs of a field and a code, in the order of the form."""
    found = []
    if not 4 <= len(said.number) <= LONGEST_NUMBER:
        found.append(("number", "number_short"))
    elif not fits_any(said.number, terms.number_forms):
        found.append(("number", "number_form"))
    if said.issued_on > today:
        found.append(("issued_on", "future"))
    elif said.issued_on.year < EARLIEST_YEAR:
        found.append(("issued_on", "too_early"))
    if said.exam_year is not None and not EARLIEST_YEAR <= said.exam_year <= said.issued_on.year:
        found.append(("exam_year", "exam_year"))
    if said.passes and complete_in(said.passes, len(terms.subjects), terms.window_years) is None:
        found.append(("exam_year", "passes"))
    last = slip_until(said.slip_on, terms.slip_years)
    if said.slip_on is not None and (
        said.slip_on > said.issued_on or (last is not None and said.issued_on > last)
    ):
        found.append(("slip_on", "slip"))
    return found


COMPREHENSIVE, PRACTICE, LAW = "社会工作综合能力", "社会工作实务", "社会工作法规与政策"
# What holds where nobody has said anything: the national rules.
DEFAULT_TERMS = {
    "assistant": {"subjects": (COMPREHENSIVE, PRACTICE), "window_years": 1},
    "social_worker": {"subjects": (COMPREHENSIVE, PRACTICE, LAW), "window_years": 2},
    "senior": {"subjects": ("社会工作实务（高级）",), "window_years": 1, "slip_years": 3},
}
