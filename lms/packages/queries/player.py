"""What the player in a lesson shows, and what a window gets when it opens a SCO."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
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
from lms.packages.policy.sequencing import ways_of
from lms.packages.policy.xapi.launch import launch_address
from lms.packages.queries.addresses import content_address, content_origin
from lms.packages.queries.sequencing import has_order, last_of, ordered_states, tree_with
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
    is_open: bool = True


@dataclass(frozen=True)
class Player:
    """The package of a lesson as its page shows it; `origin` is "" where no host for content is set up."""

    title: str
    origin: str
    rows: list[Row]
    current: str
    before: str  # what is asked for to go there
    after: str
    has_ways: bool = False  # whether the way there is shown, and not only taken by the content
    is_blocked: bool = False  # the part that was asked for is not open yet


def player_of(request: HttpRequest, enrolment: Enrolment, lesson: LessonVersion) -> Player:
    """The list of SCOs with how each stands, and which of them is open: the one asked for (`item`), or the one in this
    direction (`go`). One query, the version aside."""
    assert lesson.package_id is not None
    version = package_version(lesson.package_id)
    if has_order(version):
        return _ordered(request, enrolment, version)
    asked = request.GET.get("item", "")
    states = states_of(enrolment.pk, version.pk)
    names = [one["identifier"] for one in items_of_version(version)]
    current = asked if asked in names else _next(names, states)
    place = names.index(current)
    return Player(
        title=version.package.title,
        origin=content_origin(request),
        rows=[_row(one, states.get(one["identifier"]), current) for one in items_of_version(version)],
        current=current,
        before=urlencode({"item": names[place - 1]}) if place else "",
        after=urlencode({"item": names[place + 1]}) if place + 1 < len(names) else "",
    )


def _ordered(request: HttpRequest, enrolment: Enrolment, version: PackageVersion) -> Player:
    """The same where the manifest says something of the order: what cannot be opened now is shown without a way to it."""
    states = ordered_states(enrolment.pk, version)
    tree, last = tree_with(version, states), last_of(states)
    ways = ways_of(tree, last)
    asked, go = request.GET.get("item", ""), request.GET.get("go", "")
    wanted = {"next": ways.after, "previous": ways.before}.get(go, asked)
    current = wanted if wanted and ways.may_open(wanted, last) else last or ways.start
    here = ways_of(tree, current)
    items = items_of_version(version)
    rows = [_row(one, states.get(one["identifier"]), current) for one in items]
    names = [one["identifier"] for one in items]
    return Player(
        title=version.package.title,
        origin=content_origin(request),
        rows=[replace(row, is_open=row.is_current or row.identifier in here.choices) for row in rows],
        current=current,
        before=urlencode({"go": "previous"}) if here.flows and current != names[0] else "",
        after=urlencode({"go": "next"}) if here.flows and current != names[-1] else "",
        has_ways=here.flows,
        is_blocked=bool(go) and current == last and wanted != last,
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
