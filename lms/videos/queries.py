"""What the pages of learning ask of videos: the players of a lesson, and what keeps it from being finished."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from lms.courses.versions import LessonVersion
from lms.enrolments.models import Enrolment
from lms.videos.models import Watching
from lms.videos.policy import Lack, Rules, frontier, gaps, lack_of, rules_of


def asked_of(lesson: LessonVersion) -> list[Mapping[str, Any]]:
    """The videos of the lesson that are judged; versions from before ask nothing."""
    return list(lesson.videos or ())


def video_in(lesson: LessonVersion, medium: str) -> Mapping[str, Any] | None:
    return next((row for row in asked_of(lesson) if row["medium"] == medium), None)


def watchings_of(enrolment: Enrolment, lesson: LessonVersion) -> dict[str, Watching]:
    """How much of each judged video was watched, by its medium. One query, none for a lesson without any."""
    media = [row["medium"] for row in asked_of(lesson)]
    if not media:
        return {}
    rows = Watching.objects.filter(enrolment=enrolment, lesson_key=lesson.key, medium__in=media)
    return {row.medium: row for row in rows}


def lacks_of(enrolment: Enrolment, lesson: LessonVersion) -> list[tuple[str, Lack]]:
    """What is still to do in the videos of the lesson, with their titles."""
    rows = watchings_of(enrolment, lesson)
    found = []
    for video in asked_of(lesson):
        row = rows.get(video["medium"])
        rules = rules_of(video)
        lack = lack_of(rules, row.watched) if row else Lack(rules.needed, len(rules.checkpoints))
        if lack:
            found.append((video["title"], lack))
    return found


@dataclass(frozen=True)
class Player:
    """A video as one person sees it: what is asked, how far they are, and where the player reports."""

    video: Mapping[str, Any]
    rules: Rules
    row: Watching | None
    base: str = ""

    @property
    def lack(self) -> Lack:
        if self.row is None:
            return Lack(self.rules.needed, len(self.rules.checkpoints))
        return lack_of(self.rules, self.row.watched)

    @property
    def spans_json(self) -> str:
        return json.dumps(self.row.spans if self.row else [])

    @property
    def percent(self) -> int:
        return percent_of(self.rules, self.row.covered if self.row else 0)

    @property
    def resumes_at(self) -> int:
        """Where the video goes on: not beyond what counts, where nothing may be skipped."""
        if self.row is None:
            return 0
        if self.lack.left and not self.rules.may_skip:
            return min(self.row.position, frontier(self.row.watched.spans))
        return self.row.position if self.row.position < self.rules.duration else 0

    @property
    def speed(self) -> str:
        return f"{self.rules.max_speed / 100:g}"

    @property
    def points(self) -> list[dict[str, Any]]:
        """The questions in the video as they may be seen, with what was answered."""
        answers = self.row.answers if self.row else {}
        return [
            {
                "at": point["at"],
                "key": point["key"],
                "time": clock_words(point["at"]),
                "check": point_shown(point["question"], answers.get(point["key"])),
                "is_answered": point["key"] in answers,
            }
            for point in self.video["checkpoints"]
        ]


def players_of(
    enrolment: Enrolment | None, lesson: LessonVersion, rows: Mapping[str, Watching] | None = None
) -> dict[str, Player]:
    """The players of the lesson by the keys of their videos. No query when `rows` are known."""
    if not asked_of(lesson):
        return {}
    known = watchings_of(enrolment, lesson) if rows is None and enrolment else rows or {}
    found = {}
    for video in asked_of(lesson):
        base = (
            reverse("lms:video-begin", args=[enrolment.pk, lesson.key, video["medium"]]) if enrolment else ""
        )
        found[video["key"]] = Player(
            video, rules_of(video), known.get(video["medium"]), base[: -len("begin/")]
        )
    return found


def percent_of(rules: Rules, covered: int) -> int:
    """How much is watched of what is needed, in whole per cent: 100 only when it is enough."""
    return min(100, covered * 100 // rules.needed) if rules.needed else 100


def next_gap(rules: Rules, spans: Sequence[Sequence[int]]) -> int:
    """Where the first stretch begins that was not watched."""
    found = gaps(tuple((first, last) for first, last in spans), 0, rules.duration)
    return found[0][0] if found else rules.duration


def credited_elsewhere(row: Watching, day: date) -> int:
    """What the other videos of the enrolment have brought on this day. One query."""
    others = Watching.objects.filter(enrolment=row.enrolment_id, day=day).exclude(pk=row.pk)
    return int(others.aggregate(sum=Sum("day_credited"))["sum"] or 0)


def clock_words(ms: int) -> str:
    """A place in a video as people read it: 03:20, 1:03:20."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def point_shown(question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
    """A question in the video as it may be seen: what is right, and why, only once it is answered."""
    chosen = set(answer["chosen"]) if answer else set()
    right = set(question["correct"]) if answer else set()
    choices = [
        {**choice, "chosen": choice["key"] in chosen, "correct": choice["key"] in right}
        for choice in question["choices"]
    ]
    shown = {"prompt": question["prompt"], "multiple": question["kind"] == "multiple", "choices": choices}
    return shown | ({"answer": answer, "explanation": question["explanation"]} if answer else {})
