"""What of a beat counts: never more than the server's own clock, never what was skipped, never the same second twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lms.videos.policy.beats import Beat, Claim
from lms.videos.policy.coverage import MOST_SPANS, Spans, frontier, gaps, length, merged

TOLERANCE = (
    2_000  # the clock may be overdrawn by this, once, until it has caught up: messages travel unevenly
)
CARRIED = 600_000  # what was played in a cut of the network is made up for, up to ten minutes
SLOWEST = 25  # per cent of the normal speed


@dataclass(frozen=True)
class Checkpoint:
    """A question in the video: nothing beyond it counts before it is answered."""

    at: int
    key: str


@dataclass(frozen=True)
class Rules:
    """What a published lesson asks of one video. Speeds and shares are per cent."""

    duration: int
    may_skip: bool = True
    max_speed: int = 200
    share: int = 95
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def needed(self) -> int:
        """So much of it must be covered: the share, rounded up."""
        return -(-self.duration * self.share // 100)


def rules_of(row: Mapping[str, Any]) -> Rules:
    """The rules of a video as a version keeps them (lms.courses.versions.LessonVersion.videos)."""
    duration = int(row["duration"])
    points = ((min(int(each["at"]), duration), str(each["key"])) for each in row.get("checkpoints", ()))
    return Rules(
        duration=duration,
        may_skip=bool(row.get("may_skip", True)),
        max_speed=int(row.get("max_speed", 200)),
        share=int(row.get("share", 95)),
        checkpoints=tuple(Checkpoint(*each) for each in sorted(points)),
    )


@dataclass(frozen=True)
class Watched:
    """What one person has covered, the time that it took by the server's clock, and the checkpoints answered."""

    spans: Spans = ()
    credited: int = 0
    answered: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clock:
    """The server's clock of one watching: when it was last read, what of it is not used up yet (below nought: owed),
    whether the video runs by the latest word, and the number of that word."""

    at: int
    spare: int = 0
    runs: bool = True
    number: int = 0


class Note(StrEnum):
    """Why something did not count."""

    SKIPPED = "skipped"  # it lies beyond what was watched without a gap
    CHECKPOINT = "checkpoint"  # a question before it is not answered
    CAP = "cap"  # no more counts today


@dataclass(frozen=True)
class Judgement:
    """The decision: how it stands now, the time earned by this beat, and why the rest did not count."""

    watched: Watched
    clock: Clock
    earned: int = 0
    notes: frozenset[Note] = frozenset()


def judge(
    rules: Rules, watched: Watched, clock: Clock, beat: Beat, *, now: int, left_today: int | None = None
) -> Judgement:
    """What this beat is worth. `left_today`: what may still be credited today; None: as much as one likes."""
    clock = _wound(clock, beat, now)
    budget = max(0, clock.spare + TOLERANCE)
    capped = left_today is not None and left_today < budget
    left = budget = min(budget, max(0, left_today)) if left_today is not None else budget
    spans, notes = watched.spans, set[Note]()
    for claim in beat.claims:
        end, note = _reach(rules, Watched(spans, answered=watched.answered), claim)
        if note:
            notes.add(note)
        for gap in gaps(spans, max(0, claim.start), end):
            taken, cost = _afford(gap, _rate(rules, claim), left)
            grown = merged((*spans, (gap[0], gap[0] + taken)))
            if len(grown) > MOST_SPANS:
                break
            spans, left = grown, left - cost
            if taken < gap[1] - gap[0]:
                break  # what follows would leave a hole
    earned = budget - left
    if capped and left == 0:
        notes.add(Note.CAP)
    spare = clock.spare - earned
    if clock.number == beat.number and not beat.runs:
        spare = min(spare, 0)  # while it rests nothing is saved up
    after = replace(watched, spans=spans, credited=watched.credited + earned)
    return Judgement(after, replace(clock, spare=spare), earned, frozenset(notes))


def _wound(clock: Clock, beat: Beat, now: int) -> Clock:
    """The clock, read now. A beat that was overtaken by a later one does not move it; neither does a clock set back."""
    if beat.number <= clock.number:
        return clock
    passed = max(0, now - clock.at)
    if not clock.runs:
        passed = min(passed, beat.played)
    spare = min(clock.spare + passed, CARRIED)
    return Clock(at=max(now, clock.at), spare=spare, runs=beat.runs, number=beat.number)


def _reach(rules: Rules, watched: Watched, claim: Claim) -> tuple[int, Note | None]:
    """How far the claim may reach, and what stops it before its end."""
    end = min(claim.end, rules.duration)
    closed = min((each.at for each in rules.checkpoints if each.key not in watched.answered), default=None)
    note = None
    if closed is not None and end > closed:
        end, note = closed, Note.CHECKPOINT
    first_view = length(watched.spans) < rules.needed
    if not rules.may_skip and first_view and claim.start > frontier(watched.spans):
        is_new = bool(gaps(watched.spans, claim.start, end))
        return claim.start, Note.SKIPPED if is_new else note
    return end, note


def _rate(rules: Rules, claim: Claim) -> int:
    return max(SLOWEST, min(claim.rate, rules.max_speed))


def _afford(gap: tuple[int, int], rate: int, left: int) -> tuple[int, int]:
    """How much of the gap, from its beginning, this time pays for at this rate; and what that costs."""
    wanted = gap[1] - gap[0]
    cost = -(-wanted * 100 // rate)
    if cost <= left:
        return wanted, cost
    taken = left * rate // 100
    return taken, -(-taken * 100 // rate)


@dataclass(frozen=True)
class Lack:
    """What is still to do in a video: time of it to watch, and questions to answer."""

    left: int = 0
    questions: int = 0

    def __bool__(self) -> bool:
        return bool(self.left or self.questions)


def lack_of(rules: Rules, watched: Watched) -> Lack:
    """What keeps this video from being done."""
    left = max(0, rules.needed - length(watched.spans))
    open_ones = [each for each in rules.checkpoints if each.key not in watched.answered]
    return Lack(left, len(open_ones))
