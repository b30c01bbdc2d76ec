"""What makes a session that can be recorded. Pure: facts in, problems out; the words are the caller's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from supervision.slots.policy import Problem

MAX_MINUTES = 480
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9Xx])")
_IDENTITY = re.compile(r"(?<![0-9])(?:[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14})(?![0-9Xx])")
_LANDLINE = re.compile(r"(?<![0-9])0[1-9][0-9]{1,2}[-－ ]?[2-9][0-9]{6,7}(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9])[3-6][0-9]{15,18}(?![0-9])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
_HOME = re.compile(
    r"[0-9一二三四五六七八九十]+\s*(?:号?楼|栋|幢|座).{0,8}?[0-9]{2,5}\s*[室号户]|[0-9]+\s*单元\s*[0-9]{2,5}"
)
_NAMED = re.compile(r"(?:姓名|真名|本名)\s*(?:[:：]|是|为|叫)\s*[\u4e00-\u9fff·]{2,}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,19}")
# What points at a client, in the order in which it is said.
TELLING = (
    ("identity", _IDENTITY),
    ("mobile", _MOBILE),
    ("account", _ACCOUNT),
    ("landline", _LANDLINE),
    ("mail", _MAIL),
    ("home", _HOME),
    ("named", _NAMED),
)
TEXTS = ("place", "topics", "observations", "advice", "decision", "decided_by", "rationale", "follow_up")


@dataclass(frozen=True)
class SessionFacts:
    """What everybody in scope may know of a session: when, how long, of which kind. Never what was said."""

    starts_at: datetime
    ends_at: datetime
    form: str = "individual"
    mode: str = "private"
    setting: str = "on_site"
    functions: tuple[str, ...] = ()
    shares: tuple[tuple[str, int], ...] | None = None  # None: the functions share the time in equal parts

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end; negative when the end comes first."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def whole(self) -> SessionFacts:
        """The same without seconds, and each function once, in alphabetical order."""
        starts_at = self.starts_at.replace(second=0, microsecond=0)
        ends_at = self.ends_at.replace(second=0, microsecond=0)
        functions = tuple(sorted(set(self.functions)))
        whole = SessionFacts(starts_at, ends_at, self.form, self.mode, self.setting, functions)
        if self.shares is None or dict(self.shares) == equal_shares(functions, whole.minutes):
            return whole
        return replace(whole, shares=tuple(sorted(self.shares)))


@dataclass(frozen=True)
class Case:
    """A case that was talked about: its code, never a name, and how it stands."""

    code: str
    risk: str = "none"


@dataclass(frozen=True)
class Agreed:
    """Who does what until when."""

    who: str
    what: str
    due: date | None = None


@dataclass(frozen=True)
class Written:
    """What the pair keeps for itself."""

    place: str = ""
    topics: str = ""
    advice: str = ""
    follow_up: str = ""
    observations: str = ""
    decision: str = ""
    decided_by: str = ""
    rationale: str = ""
    cases: tuple[Case, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    goals: tuple[int, ...] = ()  # which learning goals were touched


def written_to(written: Written) -> dict[str, Any]:
    """As plain values that JSON can keep; `written_from` reads them again."""
    values = asdict(written)
    for row in values["agreed"]:
        row["due"] = row["due"].isoformat() if row["due"] else None
    return values


def written_from(values: Mapping[str, Any]) -> Written:
    """What `written_to` kept."""
    texts = {name: values.get(name, "") for name in TEXTS}
    agreed = tuple(
        Agreed(row["who"], row["what"], date.fromisoformat(row["due"]) if row["due"] else None)
        for row in values.get("agreed", ())
    )
    cases = tuple(Case(row["code"], row["risk"]) for row in values.get("cases", ()))
    return Written(**texts, agreed=agreed, cases=cases, goals=tuple(values.get("goals", ())))


def kept_cases(cases: Iterable[Case]) -> str:
    """Cases as a sealed text keeps them ([[code, risk], …]); nothing for none. `cases_of` reads them again."""
    rows = [[case.code, case.risk] for case in cases]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def cases_of(text: str) -> tuple[Case, ...]:
    """What `kept_cases` kept."""
    return tuple(Case(*row) for row in json.loads(text or "[]"))


def kept_agreed(agreed: Iterable[Agreed]) -> str:
    """Agreed actions as a sealed text keeps them ([[who, what, due], …]). `agreed_of` reads them again."""
    rows = [[row.who, row.what, row.due.isoformat() if row.due else None] for row in agreed]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def agreed_of(text: str) -> tuple[Agreed, ...]:
    """What `kept_agreed` kept."""
    return tuple(
        Agreed(who, what, date.fromisoformat(due) if due else None)
        for who, what, due in json.loads(text or "[]")
    )


def span_of(day: date, start: time, end: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """From when to when, as a form says it with one day. An end before the start is one of the next day when the session
    is no longer than any may be: who is called at night records it once. Else it comes before the start, as it is typed."""
    starts_at, ends_at = datetime.combine(day, start, zone), datetime.combine(day, end, zone)
    after_midnight = ends_at + timedelta(days=1)
    is_night = ends_at < starts_at and after_midnight - starts_at <= timedelta(minutes=MAX_MINUTES)
    return starts_at, after_midnight if is_night else ends_at


def equal_shares(functions: tuple[str, ...], minutes: int) -> dict[str, int]:
    """The minutes in equal parts; what is left over goes to the first functions, minute by minute."""
    if not functions:
        return {}
    part, left = divmod(max(minutes, 0), len(functions))
    return {name: part + (place < left) for place, name in enumerate(functions)}


def shares_of(
    functions: tuple[str, ...], minutes: int, given: Mapping[str, int | None]
) -> tuple[dict[str, int] | None, str]:
    """The minutes of each function as they were given, or a fault: "no_function", "sum" or "empty".

    Nothing given: equal parts (None). Where some functions were left empty, they share what remains.
    """
    said = {name: value for name, value in given.items() if value is not None}
    if any(value and name not in functions for name, value in said.items()):
        return None, "no_function"
    said = {name: value for name, value in said.items() if name in functions}
    if not said:
        return None, ""
    rest = minutes - sum(said.values())
    empty = tuple(name for name in functions if name not in said)
    if rest < 0 or (rest and not empty):
        return None, "sum"
    shares = said | equal_shares(empty, rest)
    if any(value <= 0 for value in shares.values()):
        return None, "empty"
    return {name: shares[name] for name in functions}, ""


def problems_of(
    facts: SessionFacts, *, now: datetime, first_day: date, last_day: date | None, held_on: date
) -> tuple[Problem, ...]:
    """Every reason why this session cannot be recorded, in the order of the form. Empty: it can.

    `held_on` is the local day of the session; `first_day` and `last_day` (None: open) are those of the pairing.
    """
    found = []
    if held_on < first_day:
        found.append(Problem("before_pairing", "day"))
    if last_day is not None and held_on > last_day:
        found.append(Problem("after_pairing", "day"))
    if facts.minutes <= 0:
        found.append(Problem("ends_before_start", "end"))
    elif facts.minutes > MAX_MINUTES:
        found.append(Problem("too_long", "end"))
    if facts.ends_at > now:
        found.append(Problem("in_future", "end"))
    if not facts.functions:
        found.append(Problem("no_function", "functions"))
    return tuple(found)


def telling(text: str) -> str:
    """What in a text points at a person: "mobile", "identity", "landline", "account", "mail", "home" or "named"; "" for
    nothing. Cases are written by code, so that nobody can be recognised. Numbers are also found with gaps in them."""
    tight = re.sub(r"(?<=[0-9])[\s-]+(?=[0-9Xx])", "", text)
    for what, pattern in TELLING:
        if pattern.search(text) or (what in ("identity", "mobile", "account") and pattern.search(tight)):
            return what
    return ""


def is_case_code(text: str) -> bool:
    """Whether this is a code such as A2026-014: Latin letters, digits and hyphens, no name and no long number."""
    return bool(_CODE.fullmatch(text)) and not telling(text)


def days_late(held_on: date, logged_on: date, allowed: int) -> int:
    """How many days after the last one on which it was in time; 0: in time."""
    return max((logged_on - held_on).days - allowed, 0)


def reaches_beyond(facts: SessionFacts, former: SessionFacts) -> bool:
    """Whether these facts claim time that the former did not: longer, or moved. What is only shortened does not."""
    return facts.starts_at < former.starts_at or facts.ends_at > former.ends_at
