"""The verbs of watching. A player begins, and reports what it played; what of that counts the policy decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access.scope import Asker
from core.audit.actions import record
from core.blocks.policy import is_right
from lms.courses.versions import LessonVersion, lesson_at, version_of
from lms.enrolments.models import Enrolment
from lms.videos.models import Watching, WatchLease
from lms.videos.policy import (
    Beat,
    Begin,
    Holder,
    Judgement,
    Rules,
    begin,
    debt_only,
    judge,
    length,
    rules_of,
)
from lms.videos.queries import asked_of, credited_elsewhere, video_in, watchings_of

MINUTE = 60_000


@dataclass(frozen=True)
class Heard:
    """What the player is told: whether it is its turn, and how the watching stands now."""

    row: Watching
    rules: Rules
    judgement: Judgement | None  # None: another player goes on


def open_videos(*, enrolment: Enrolment, lesson: LessonVersion) -> dict[str, Watching]:
    """The watchings of the lesson, made on its first view: a player that reports without that finds nothing.

    Two first views at once make one row each. Opening again writes nothing.
    """
    rows = watchings_of(enrolment, lesson)
    missing = [video for video in asked_of(lesson) if video["medium"] not in rows]
    if not missing:
        return rows
    made = [
        Watching(
            enrolment=enrolment, lesson_key=lesson.key, medium=video["medium"], duration=video["duration"]
        )
        for video in missing
    ]
    Watching.objects.bulk_create(made, ignore_conflicts=True)
    return watchings_of(enrolment, lesson)


def _own(asker: Asker, enrolment_id: int, key: UUID, medium: str) -> tuple[Watching, Mapping[str, Any]]:
    """One's own watching, locked, with what is asked. Raises Watching.DoesNotExist for everything else."""
    rows = Watching.objects.mine(asker).select_related("enrolment").select_for_update(of=("self",))
    row = rows.get(enrolment=enrolment_id, lesson_key=key, medium=medium)
    try:
        video = video_in(lesson_at(row.enrolment.version_id, key), medium)
    except LessonVersion.DoesNotExist:
        video = None
    if video is None:  # the enrolment has moved to a version without it
        raise Watching.DoesNotExist
    return row, video


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@transaction.atomic
def begin_watching(
    *, asker: Asker, enrolment_id: int, key: UUID, medium: str, token: str, wants_it: bool
) -> tuple[Begin, Watching]:
    """Let this player report, if no other one of the person runs, or if they want it here (`wants_it`).

    The clock begins anew; only what it owes goes along. Raises Watching.DoesNotExist for what is not the asker's own.
    Side effects, in order: the clock of the video watched before stops; the lease; an audit entry for a take-over.
    """
    own = Enrolment.objects.learning().filter(pk=enrolment_id, person__user_id=asker.pk or 0)
    enrolment = own.select_related("person").first()
    if enrolment is None:
        raise Watching.DoesNotExist
    lease = WatchLease.objects.select_for_update(of=("self",)).filter(person=enrolment.person).first()
    old = Watching.objects.select_for_update(of=("self",)).get(pk=lease.watching_id) if lease else None
    row, _video = _own(asker, enrolment_id, key, medium)
    now = timezone.now()
    holder = Holder(old.token, _ms(old.heard_at), old.runs) if old and old.token else None
    found = begin(holder, token, now=_ms(now), wants_it=wants_it)
    if found == Begin.ELSEWHERE:
        return found, row
    owed = debt_only(old.spare if old else row.spare)
    if old is not None and old.pk != row.pk:
        Watching.objects.filter(pk=old.pk).update(token="", runs=False, spare=0)
    WatchLease.objects.update_or_create(person=enrolment.person, defaults={"watching": row, "taken_at": now})
    _wind_up(row, token, owed, now)
    if found == Begin.TAKEN_OVER:
        take_over(row=row, enrolment=enrolment, asker=asker)
    return found, row


def _wind_up(row: Watching, token: str, owed: int, now: datetime) -> None:
    """The server's clock for a player that begins now."""
    day = timezone.localdate(now)
    values = {"token": token, "number": 0, "heard_at": now, "spare": owed, "runs": True}
    values |= {"day": day, "day_elsewhere": credited_elsewhere(row, day)}
    values["day_credited"] = row.day_credited if row.day == day else 0
    Watching.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)


def take_over(*, row: Watching, enrolment: Enrolment, asker: Asker) -> None:
    """Note that somebody goes on watching on another device than the one that ran."""
    record(
        action="lms.take_over",
        target=enrolment,
        actor=asker,
        organisation=enrolment.cohort.organisation,
        after={"lesson": str(row.lesson_key)},
    )


@transaction.atomic
def keep_beat(
    *, asker: Asker, enrolment_id: int, key: UUID, medium: str, token: str, beat: Beat, position: int
) -> Heard:
    """Credit what the player reports, as far as the server's clock allows. Two statements.

    Raises Watching.DoesNotExist for what is not the asker's own, or was never opened. Side effects: the watching; on the
    day's last credited minute an audit entry.
    """
    row, video = _own(asker, enrolment_id, key, medium)
    rules = rules_of(video)
    if not token or row.token != token:
        return Heard(row, rules, None)
    now = timezone.now()
    cap = version_of(row.enrolment.version_id).daily_minutes
    day = timezone.localdate(now)
    if row.day != day:
        row.day, row.day_credited, row.day_elsewhere = day, 0, 0
    left = cap * MINUTE - row.day_credited - row.day_elsewhere if cap else None
    judged = judge(rules, row.watched, row.clock, beat, now=_ms(now), left_today=left)
    if beat.number >= row.number:
        row.position = min(position, rules.duration, row.duration)
    _write(row, judged)
    if left is not None and 0 < left <= judged.earned:
        reach_cap(enrolment=row.enrolment, minutes=cap or 0)
    return Heard(row, rules, judged)


def _write(row: Watching, judged: Judgement) -> None:
    """The row as it was judged, in one statement."""
    row.spans = [list(span) for span in judged.watched.spans]
    row.covered, row.credited = length(judged.watched.spans), judged.watched.credited
    clock = judged.clock
    row.number, row.spare, row.runs = clock.number, clock.spare, clock.runs
    row.heard_at = datetime.fromtimestamp(clock.at / 1000, tz=timezone.get_current_timezone())
    row.day_credited += judged.earned
    row.save(
        update_fields=(
            *("spans", "covered", "credited", "position", "number", "spare", "runs", "heard_at"),
            *("day", "day_credited", "day_elsewhere"),
        )
    )


def reach_cap(*, enrolment: Enrolment, minutes: int) -> None:
    """Note that no more of the videos counts for this enrolment today."""
    record(
        action="lms.reach_cap",
        target=enrolment,
        actor=None,
        organisation=enrolment.cohort.organisation,
        after={"minutes": minutes},
    )


@transaction.atomic
def answer_checkpoint(
    *, asker: Asker, enrolment_id: int, key: UUID, medium: str, point: str, chosen: Sequence[str]
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Keep the first answer to a question in the video; returns the question and the answer that is kept.

    Right or wrong, the video goes on: it is there to learn from. Raises Watching.DoesNotExist for what is not the
    asker's own, KeyError for an unknown question, ValueError when the choice cannot be one.
    """
    row, video = _own(asker, enrolment_id, key, medium)
    question = {each["key"]: each["question"] for each in video["checkpoints"]}[point]
    kept = row.answers.get(point)
    if kept is None:
        wanted = {choice["key"] for choice in question["choices"]}
        several = question["kind"] == "multiple"
        if not chosen or set(chosen) - wanted or (len(set(chosen)) > 1 and not several):
            raise ValueError(point)
        kept = {"chosen": sorted(set(chosen)), "correct": is_right(chosen, question["correct"])}
        row.answers[point] = kept
        Watching.objects.filter(pk=row.pk).update(answers=row.answers)
    return question, kept
