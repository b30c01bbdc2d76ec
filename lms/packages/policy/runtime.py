"""What a SCO says of itself, as the server reads it: status, score and time. Nothing here is more than a word of the
browser's, so time is bounded by the server's clock, and a mastery score is judged again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.packages.policy.statements import result_of

KEY = re.compile(r"(cmi|adl|h5p)(\.[A-Za-z0-9_]{1,60}){1,8}")
KEYS_MOST, VALUE_MOST = 20_000, 1_000_000
CLOCK_12 = re.compile(r"(\d{1,6}):(\d{1,2}):(\d{1,2})(?:\.\d{1,6})?", re.ASCII)
PERIOD = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,10})(?:\.\d{1,9})?S)?)?",
    re.ASCII,
)
PERIOD_SECONDS = (365 * 86_400, 30 * 86_400, 86_400, 3_600, 60, 1)
NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,12})?", re.ASCII)
# What the server tells a SCO at each start, whatever was stored.
TOLD = frozenset(
    "cmi.core.student_id cmi.core.student_name cmi.core.credit cmi.core.entry cmi.core.lesson_mode cmi.core.total_time "
    "cmi.core.exit cmi.core.session_time cmi.launch_data cmi.comments_from_lms cmi.student_data.mastery_score "
    "cmi.student_data.max_time_allowed cmi.student_data.time_limit_action cmi.learner_id cmi.learner_name cmi.credit "
    "cmi.entry cmi.mode cmi.total_time cmi.exit cmi.session_time cmi.completion_threshold cmi.scaled_passing_score "
    "cmi.max_time_allowed cmi.time_limit_action h5p.session_time".split()
)
Cmi = Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What one SCO has come to."""

    completion: str = "unknown"
    success: str = "unknown"
    score: float | None = None
    raw: float | None = None
    seconds: int = 0  # of this session, as the SCO claims
    suspended: bool = False

    @property
    def is_done(self) -> bool:
        return is_done(self.completion, self.success)


def is_done(completion: str, success: str) -> bool:
    """Whether nothing is left to do: completed, and not failed where it is judged."""
    return completion == "completed" and success != "failed"


def clean_values(values: Any) -> dict[str, str] | None:
    """The data model as it can be kept; None when it is none. Characters that no database keeps are replaced."""
    if not isinstance(values, dict) or len(values) > KEYS_MOST:
        return None
    found = {}
    for key, value in values.items():
        if not KEY.fullmatch(key) or not isinstance(value, str) or len(value) > VALUE_MOST:
            return None
        whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        found[key] = whole.replace("\0", "\ufffd")
    return found


def outcome_of(cmi: Cmi, kind: str, mastery: float | None = None) -> Outcome:
    """Status, score and time out of a data model. `mastery`: of SCORM 1.2 in per cent, otherwise scaled."""
    if kind == "h5p":
        return _outcome_h5p(cmi, mastery)
    return _outcome_12(cmi, mastery) if kind == "scorm12" else _outcome_2004(cmi, mastery)


def _outcome_12(cmi: Cmi, mastery: float | None) -> Outcome:
    status = cmi.get("cmi.core.lesson_status", "")
    raw, least, most = (number_in(cmi.get(f"cmi.core.score.{name}", "")) for name in ("raw", "min", "max"))
    completion = {"": "unknown", "not attempted": "unknown"}.get(status, "incomplete")
    success = status if status in ("passed", "failed") else "unknown"
    if status in ("passed", "completed", "failed"):
        completion = "completed"
        if mastery is not None and raw is not None:
            success = "passed" if raw >= mastery else "failed"
    return Outcome(
        completion=completion,
        success=success,
        score=_scaled(raw, least if least is not None else 0, most if most is not None else 100),
        raw=raw,
        seconds=seconds_of(cmi.get("cmi.core.session_time", "")),
        suspended=cmi.get("cmi.core.exit") == "suspend",
    )


def _outcome_2004(cmi: Cmi, mastery: float | None) -> Outcome:
    said = cmi.get("cmi.completion_status", "unknown")
    completion = {"completed": "completed", "incomplete": "incomplete"}.get(said, "unknown")
    success = cmi.get("cmi.success_status", "unknown")
    raw, least, most = (number_in(cmi.get(f"cmi.score.{name}", "")) for name in ("raw", "min", "max"))
    scaled = number_in(cmi.get("cmi.score.scaled", ""))
    if scaled is not None and not -1 <= scaled <= 1:
        scaled = None
    success = success if success in ("passed", "failed") else "unknown"
    if mastery is not None and scaled is not None:
        success = "passed" if scaled >= mastery else "failed"
    return Outcome(
        completion=completion,
        success=success,
        score=scaled if scaled is not None else _scaled(raw, least, most),
        raw=raw,
        seconds=seconds_of(cmi.get("cmi.session_time", "")),
        suspended=cmi.get("cmi.exit") == "suspend",
    )


def _outcome_h5p(values: Cmi, mastery: float | None) -> Outcome:
    """An activity is over when it says so, or has nothing to score; where it names a mark, the score is held against it.

    What it says itself of a failure is not heard: most say it of every answer that is not wholly right.
    """
    result = result_of(values.get("h5p.statement", ""))
    over = result is not None or values.get("h5p.scored") == "false"
    score = result.score if result else None
    success = "passed" if result and result.passed and mastery is None else "unknown"
    if mastery is not None and result is not None:
        success = "passed" if score is not None and score >= mastery else "failed"
    return Outcome(
        completion="completed" if over else "incomplete" if values else "unknown",
        success=success,
        score=score,
        raw=result.raw if result else None,
        seconds=seconds_of(values.get("h5p.session_time", "")),
        suspended=not over,
    )


def number_in(said: str) -> float | None:
    """A decimal number as a data model writes it; None for anything else."""
    return float(said) if NUMBER.fullmatch(said.strip()) else None


def _scaled(raw: float | None, least: float | None, most: float | None) -> float | None:
    if raw is None or least is None or most is None or most <= least:
        return None
    return max(-1.0, min(1.0, (raw - least) / (most - least)))


def seconds_of(said: str) -> int:
    """A span of SCORM 1.2 (HHHH:MM:SS.SS) or of 2004 (P…T…) in whole seconds; 0 for what is none."""
    clock = CLOCK_12.fullmatch(said)
    if clock:
        hours, minutes, seconds = (int(part) for part in clock.groups())
        return hours * 3_600 + minutes * 60 + seconds
    period = PERIOD.fullmatch(said)
    if period:
        return sum(
            int(part) * unit for part, unit in zip(period.groups(), PERIOD_SECONDS, strict=True) if part
        )
    return 0


def counted_seconds(*, claimed: int, counted: int, elapsed: float) -> int:
    """The seconds of a session that count: as the SCO says, never fewer than before, never more than the clock."""
    return max(counted, min(claimed, max(0, math.floor(elapsed))))


def span_12(seconds: int) -> str:
    """Seconds as SCORM 1.2 writes them."""
    return f"{min(seconds // 3_600, 9_999):04}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def span_2004(seconds: int) -> str:
    """Seconds as SCORM 2004 writes them."""
    return f"PT{seconds // 3_600}H{seconds // 60 % 60}M{seconds % 60}S"


def start_values(
    cmi: Cmi, item: Mapping[str, Any], *, kind: str, learner: tuple[str, str], seconds: int, suspended: bool
) -> dict[str, str]:
    """The data model with which a SCO starts: what was kept, and what the server tells it. `learner`: key and name."""
    kept = {key: value for key, value in cmi.items() if key not in TOLD and value != ""}
    if kind == "h5p":
        return kept
    entry = "resume" if suspended else "" if cmi else "ab-initio"
    key, name = learner
    told = {"entry": entry, "credit": "credit"}
    if kind == "scorm12":
        mastery = item.get("mastery_score")
        about = {
            "cmi.core.student_id": key,
            "cmi.core.student_name": name,
            "cmi.core.lesson_mode": "normal",
            "cmi.core.total_time": span_12(seconds),
            "cmi.launch_data": item.get("data_from_lms", ""),
            "cmi.student_data.mastery_score": "" if mastery is None else f"{mastery:g}",
            "cmi.student_data.max_time_allowed": item.get("max_time_allowed", ""),
            "cmi.student_data.time_limit_action": item.get("time_limit_action", ""),
            **{f"cmi.core.{name}": value for name, value in told.items()},
        }
    else:
        mastery, threshold = mastery_2004(item), _threshold(item)
        about = {
            "cmi.learner_id": key,
            "cmi.learner_name": name,
            "cmi.mode": "normal",
            "cmi.total_time": span_2004(seconds),
            "cmi.launch_data": item.get("data_from_lms", ""),
            "cmi.scaled_passing_score": "" if mastery is None else f"{mastery:g}",
            "cmi.completion_threshold": "" if threshold is None else f"{threshold:g}",
            "cmi.max_time_allowed": item.get("sequencing", {}).get("attemptAbsoluteDurationLimit", ""),
            "cmi.time_limit_action": item.get("time_limit_action", ""),
            **{f"cmi.{name}": value for name, value in told.items()},
        }
    return {**kept, **{key: value for key, value in about.items() if value != ""}}


def mastery_2004(item: Mapping[str, Any]) -> float | None:
    """The scaled score to pass with: of the primary objective, where it is satisfied by measure."""
    primary = item.get("sequencing", {}).get("primaryObjective", {})
    if not primary.get("satisfiedByMeasure"):
        return None
    return float(primary.get("minNormalizedMeasure", 1.0))


def mastery_of(item: Mapping[str, Any], kind: str) -> float | None:
    """The score to pass with, as `outcome_of` wants it."""
    return mastery_2004(item) if kind == "scorm2004" else item.get("mastery_score")


def _threshold(item: Mapping[str, Any]) -> float | None:
    threshold = item.get("sequencing", {}).get("completionThreshold", {})
    if not threshold.get("completedByMeasure"):
        return None
    return float(threshold.get("minProgressMeasure", 1.0))
