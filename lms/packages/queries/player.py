"""What the player in a lesson shows, and what a window gets when it opens a SCO."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.people.models import Person
from lms.courses.versions import LessonVersion
from lms.enrolments.models import Enrolment
from lms.packages.models import Launch, PackageVersion, ScoState
from lms.packages.policy.runtime import start_values
from lms.packages.policy.xapi.launch import launch_address
from lms.packages.queries.addresses import content_address, content_origin
from lms.packages.queries.states import item_of, items_of_version, package_version, states_of
from lms.packages.queries.units import unit_of
from lms.packages.states import Completion, Success


@dataclass(frozen=True)
class Row:
    """One SCO in the list beside the content."""

    identifier: str
    title: str
    standing: str
    words: str
    is_current: bool
    score: int | None


@dataclass(frozen=True)
class Player:
    """The package of a lesson as its page shows it; `origin` is "" where no host for content is set up."""

    title: str
    origin: str
    rows: list[Row]
    current: str
    before: str
    after: str


def player_of(request: HttpRequest, enrolment: Enrolment, lesson: LessonVersion, asked: str) -> Player:
    """The list of SCOs with how each stands, and which of them is open. One query, the version aside."""
    assert lesson.package_id is not None
    version = package_version(lesson.package_id)
    states = states_of(enrolment.pk, version.pk)
    names = [one["identifier"] for one in items_of_version(version)]
    current = asked if asked in names else _next(names, states)
    place = names.index(current)
    return Player(
        title=version.package.title,
        origin=content_origin(request),
        rows=[_row(one, states.get(one["identifier"]), current) for one in items_of_version(version)],
        current=current,
        before=names[place - 1] if place else "",
        after=names[place + 1] if place + 1 < len(names) else "",
    )


def _next(names: list[str], states: dict[str, ScoState]) -> str:
    """The first SCO that is not completed, or unit in which something is left to do; the first of all when none is."""
    over = {
        name for name, one in states.items() if one.satisfied_at or one.completion == Completion.COMPLETED
    }
    return next((name for name in names if name not in over), names[0])


def _row(item: dict[str, Any], state: ScoState | None, current: str) -> Row:
    words = str(Completion.UNKNOWN.label)
    if state is not None:
        judged = state.success != Success.UNKNOWN
        words = state.get_success_display() if judged else state.get_completion_display()
    return Row(
        identifier=item["identifier"],
        title=item["title"] or _("Content"),
        standing=state.completion if state else Completion.UNKNOWN,
        words=words,
        is_current=item["identifier"] == current,
        score=round(state.score * 100) if state and state.score is not None else None,
    )


def item_asked(body: bytes) -> str:
    """Which SCO a window asks for; "" for anything else."""
    try:
        said = json.loads(body[:10_000])
    except (ValueError, RecursionError):
        return ""
    item = said.get("item") if isinstance(said, dict) else None
    return item if isinstance(item, str) and "\0" not in item else ""


def launch_session_of(
    request: HttpRequest, launch: Launch, fetch: str, version: PackageVersion, person: Person
) -> dict[str, Any]:
    """What a window needs to play a unit of cmi5: the address with which it is launched, and where to ask how it stands.

    The unit learns a name to greet with and keys of its own; nothing of the session.
    """
    unit, item = unit_of(launch, version), item_of(version, launch.item)
    address = content_address(request, version.pk)
    store = f"{address}xapi/"
    href = launch_address(
        item["href"], endpoint=store, fetch=f"{store}fetch/{fetch}", unit=unit, name=person.name
    )
    standing = reverse("lms:package-standing", args=[launch.registration.key])
    return {
        "item": launch.item,
        "standing": f"{standing}?{urlencode({'item': launch.item})}",
        "address": address,
        "version": version.kind,
        "href": href,
        "values": {},
    }


def session_of(
    request: HttpRequest, state: ScoState, version: PackageVersion, person: Person
) -> dict[str, Any]:
    """What a window needs to play a SCO: where it is, what it starts with, and the key to report with.

    The content learns a name to greet with, and no number or account; it can send neither anywhere.
    """
    item = item_of(version, state.item)
    learner = (state.registration.key.hex, person.name)
    return {
        "item": state.item,
        "holder": state.holder,
        "save": reverse("lms:package-save", args=[state.registration.key]),
        "address": content_address(request, version.pk),
        "version": version.kind,
        "href": item["href"],
        "values": start_values(
            state.data,
            item,
            kind=version.kind,
            learner=learner,
            seconds=state.total_seconds,
            suspended=state.suspended,
        ),
    }
