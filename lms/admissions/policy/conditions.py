"""Who may apply, and why not: every condition with its verdict and its cure, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lms.cohorts.policy import Sentence, gettext_noop, say


class Kind(StrEnum):
    """What a condition asks about; the values are stored in plans, except EMPLOYED, which the stages of a plan ask."""

    LEVEL = "level"
    FIELD = "field"
    REGION = "region"
    YEARS = "years"
    PRIOR_COURSE = "prior_course"
    EMPLOYER_KIND = "employer_kind"
    EMPLOYED = "employed"


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    WAITS = "waits"  # met as soon as the employer that was declared confirms it
    UNKNOWN = "unknown"


BARS = frozenset({Verdict.FAIL, Verdict.WAITS})  # with one of these nobody applies


@dataclass(frozen=True)
class Condition:
    """One condition of a plan. Of `wanted` one is enough; `names` says them in words."""

    kind: Kind
    wanted: tuple[str, ...] = ()  # levels, fields, courses, kinds of employers, or regions by code
    paths: tuple[str, ...] = ()  # of a region: the tree paths below which the employer may stand
    names: str = ""
    years: int = 0


@dataclass(frozen=True)
class Applicant:
    """What is known of the person who wants to apply. `levels` is None when nobody knows any."""

    today: date
    levels: frozenset[str] | None = None
    fields: frozenset[str] = frozenset()
    employer_path: str = ""
    employer_name: str = ""
    employer_kind: str = ""
    # The employer that the person has named and nobody there has confirmed yet, and when they named it.
    declared_name: str = ""
    declared_path: str = ""
    declared_kind: str = ""
    declared_region: str = ""
    declared_on: date | None = None
    region: str = ""  # GB/T 2260 code of the employer
    practice_started_on: date | None = None
    courses: frozenset[str] = frozenset()  # codes of the courses completed
    last_day: date | None = None  # on which one can apply for the cohort; None where that is not fixed

    def confirmed(self) -> Applicant:
        """The same person once the declared employer has confirmed that they work there."""
        return replace(
            self,
            employer_path=self.declared_path,
            employer_name=self.declared_name,
            employer_kind=self.declared_kind,
            region=self.declared_region,
            declared_name="",
        )


@dataclass(frozen=True)
class Finding:
    """How one condition stands for one applicant: in words that the applicant and those who decide can read alike, and
    what the applicant can do about it (None: nothing to do)."""

    condition: Condition
    verdict: Verdict
    sentence: Sentence
    cure: Sentence | None = None
    in_profile: bool = False  # the cure lies in the applicant's own profile


def check(conditions: Iterable[Condition], applicant: Applicant) -> tuple[Finding, ...]:
    """Every condition with its verdict, in the order of the plan. Nothing is left out after the first failure."""
    return tuple(_found(condition, applicant) for condition in conditions)


def _found(condition: Condition, applicant: Applicant) -> Finding:
    """How one condition stands. What the declared employer will meet waits for its confirmation only: the applicant has
    done what there is to do. What it will not meet is said of it, as the employer that counts soon."""
    found = _CHECKS[condition.kind](condition, applicant)
    if found.verdict is not Verdict.FAIL or condition.kind not in _OF_EMPLOYER or not applicant.declared_name:
        return found
    soon = _CHECKS[condition.kind](condition, applicant.confirmed())
    if soon.verdict is not Verdict.PASS:
        return soon
    words = gettext_noop(
        "%(asked)s %(employer)s has yet to confirm that you work there; you named it on %(since)s."
    )
    values = {"employer": applicant.declared_name, "since": applicant.declared_on or applicant.today}
    cure = say(gettext_noop("You can apply when it is confirmed; we tell you then."))
    return Finding(condition, Verdict.WAITS, say(words, asked=asked(condition), **values), cure)


def asked(condition: Condition) -> Sentence:
    """A condition as everybody may read it, whoever they are."""
    return say(_ASKED[condition.kind], names=condition.names, years=condition.years)


def is_admissible(findings: Iterable[Finding]) -> bool:
    """Whether this applicant may apply: what is unknown does not stand in the way, what fails or waits does."""
    return all(finding.verdict not in BARS for finding in findings)


def _level(condition: Condition, applicant: Applicant) -> Finding:
    asked = say(gettext_noop("Asked for: one of the national levels %(names)s."), names=condition.names)
    if not applicant.levels:
        cure = say(gettext_noop("State your level in the application and hand in the certificate."))
        return Finding(condition, Verdict.UNKNOWN, asked, cure)
    if applicant.levels & set(condition.wanted):
        words = gettext_noop("The certificate is among the levels asked for: %(names)s.")
        return Finding(condition, Verdict.PASS, say(words, names=condition.names))
    cure = say(
        gettext_noop("When you have passed a higher level, have the certificate verified and apply again.")
    )
    return Finding(condition, Verdict.FAIL, asked, cure)


def _field(condition: Condition, applicant: Applicant) -> Finding:
    if applicant.fields & set(condition.wanted):
        words = gettext_noop("Serves in a field asked for: %(names)s.")
        return Finding(condition, Verdict.PASS, say(words, names=condition.names))
    asked = gettext_noop("Only for those who serve in: %(names)s. The profile names no such field.")
    cure = say(gettext_noop("If you do serve there, tick the field in your profile."))
    return Finding(condition, Verdict.FAIL, say(asked, names=condition.names), cure, in_profile=True)


def _region(condition: Condition, applicant: Applicant) -> Finding:
    if not applicant.employer_path:
        asked = gettext_noop("Only for those employed in: %(names)s. The profile names no employer.")
        cure = say(gettext_noop("Choose your employer in your profile."))
        return Finding(condition, Verdict.FAIL, say(asked, names=condition.names), cure, in_profile=True)
    below = any(applicant.employer_path.startswith(path) for path in condition.paths)
    inside = any(
        applicant.region.startswith(prefix) for code in condition.wanted if (prefix := region_prefix(code))
    )
    if below or inside:
        words = gettext_noop("The employer lies in: %(names)s.")
        return Finding(condition, Verdict.PASS, say(words, names=condition.names))
    asked = gettext_noop("Only for those employed in: %(names)s. The employer is %(employer)s.")
    sentence = say(asked, names=condition.names, employer=applicant.employer_name)
    cure = say(gettext_noop("If you have changed your employer, correct it in your profile."))
    return Finding(condition, Verdict.FAIL, sentence, cure, in_profile=True)


def _years(condition: Condition, applicant: Applicant) -> Finding:
    since, years = applicant.practice_started_on, condition.years
    if since is None:
        asked = gettext_noop(
            "Full years of practice asked for: %(years)s. The profile does not say since when."
        )
        cure = say(gettext_noop("Write into your profile since when you have been in practice."))
        return Finding(condition, Verdict.FAIL, say(asked, years=years), cure, in_profile=True)
    due = years_after(since, years)
    if applicant.today >= due:
        words = gettext_noop("Full years of practice asked for: %(years)s. In practice since %(since)s.")
        return Finding(condition, Verdict.PASS, say(words, years=years, since=since))
    asked = gettext_noop(
        "Full years of practice asked for: %(years)s. In practice since %(since)s, which makes it on %(day)s."
    )
    words = gettext_noop("If the day in your profile is wrong, correct it; otherwise apply from %(day)s on.")
    if applicant.last_day is not None and due > applicant.last_day:
        words = gettext_noop(
            "If the day in your profile is wrong, correct it. Otherwise this cohort closes before %(day)s: follow later ones."
        )
    cure = say(words, day=due)
    return Finding(
        condition, Verdict.FAIL, say(asked, years=years, since=since, day=due), cure, in_profile=True
    )


def _prior_course(condition: Condition, applicant: Applicant) -> Finding:
    if applicant.courses & set(condition.wanted):
        words = gettext_noop("The course asked for is completed: %(names)s.")
        return Finding(condition, Verdict.PASS, say(words, names=condition.names))
    asked = gettext_noop("Only for those who have completed the course: %(names)s.")
    cure = say(gettext_noop("Complete that course first; you find it among the courses."))
    return Finding(condition, Verdict.FAIL, say(asked, names=condition.names), cure)


def _employer_kind(condition: Condition, applicant: Applicant) -> Finding:
    if applicant.employer_kind in condition.wanted:
        words = gettext_noop("The employer is of a kind asked for: %(names)s.")
        return Finding(condition, Verdict.PASS, say(words, names=condition.names))
    asked = gettext_noop("Only for those employed by: %(names)s.")
    cure = say(gettext_noop("If your employer in your profile is not right, correct it."))
    return Finding(condition, Verdict.FAIL, say(asked, names=condition.names), cure, in_profile=True)


def _employed(condition: Condition, applicant: Applicant) -> Finding:
    """A tier decides on those who work below it: without an employer no stage but the organiser's could be found."""
    if applicant.employer_path:
        words = gettext_noop(
            "Approved level by level, up from the employer (%(employer)s); where a level has no administrator, by the next above."
        )
        return Finding(condition, Verdict.PASS, say(words, employer=applicant.employer_name))
    asked = say(gettext_noop("Approved level by level, up from the employer. The profile names no employer."))
    cure = say(gettext_noop("Choose your employer in your profile."))
    return Finding(condition, Verdict.FAIL, asked, cure, in_profile=True)


_CHECKS = {
    Kind.LEVEL: _level,
    Kind.FIELD: _field,
    Kind.REGION: _region,
    Kind.YEARS: _years,
    Kind.PRIOR_COURSE: _prior_course,
    Kind.EMPLOYER_KIND: _employer_kind,
    Kind.EMPLOYED: _employed,
}
_OF_EMPLOYER = frozenset({Kind.REGION, Kind.EMPLOYER_KIND, Kind.EMPLOYED})
_ASKED = {
    Kind.LEVEL: gettext_noop("Asked for: one of the national levels %(names)s."),
    Kind.FIELD: gettext_noop("Only for those who serve in: %(names)s."),
    Kind.REGION: gettext_noop("Only for those employed in: %(names)s."),
    Kind.YEARS: gettext_noop("Full years of practice asked for: %(years)s."),
    Kind.PRIOR_COURSE: gettext_noop("Completed before: the course %(names)s."),
    Kind.EMPLOYER_KIND: gettext_noop("Only for those whose employer is of the kind: %(names)s."),
    Kind.EMPLOYED: gettext_noop(
        "Approved level by level, up from the employer, which has to have confirmed you."
    ),
}


def years_after(day: date, years: int) -> date:
    """The day on which so many calendar years have passed; from 29 February to 1 March where there is no such day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def region_prefix(code: str) -> str:
    """What all codes inside a region begin with (GB/T 2260: two digits a province, four a city, six a county)."""
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code
