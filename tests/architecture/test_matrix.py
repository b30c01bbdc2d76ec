"""Who reaches what: matrix.yaml says it for every address of ours, every role and both methods, on rows of the own district.

A change of access is a line in the diff of that file. To write it anew after a deliberate change, and read the diff:

    WRITE_MATRIX=1 .venv/bin/pytest tests/architecture/test_matrix.py -n0
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.models import Organisation, User
from tests.architecture.furnishing import furnish
from tests.architecture.routes import Route, address_of
from tests.architecture.test_urls import KNOWN, closed, is_public
from tests.canary import content_of, leaks, plant_furnished
from tests.factories import give_role, make_user

MATRIX = Path(__file__).with_name("matrix.yaml")
HEAD = """\
# Who reaches what of ours: per address, who is answered on a row of the own district (outsider: administrator of another
# one, on a row that is not theirs). Not answered means: not there, not allowed, the wrong method, or sent to the door.
# The row belongs to the trainee; the supervisor supervises it. POST is sent with nothing in it.
# Written by tests/architecture/test_matrix.py; read the diff before you commit it.
"""
ROLES = [
    "anonymous",
    "trainee",
    "supervisor",
    "instructor",
    "administrator",
    "city_administrator",
    "province_administrator",
    "finance",
    "auditor",
    "outsider",
]
# What everybody who is signed in may send: it is about themselves, or changes nothing that is kept.
OWN = {
    *("set_language", "core:elder", "core:components", "verify", "verify-code", "home", "core:activate"),
    *(
        "core:profile",
        "core:profile-id",
        "core:profile-id-remove",
        "core:notices-read",
        "lms:enrolment-apply",
        "lms:attendance-type",
        "lms:attendance-checkin",
        "lms:timetable-subscribe",
        "lms:pathway-join",
        "supervision:supervisor-ask",
        "supervision:application-apply",
        "supervision:circle-join",
        "supervision:circle-new",
        "supervision:conflict-list",
        "supervision:meeting-subscribe",
        "supervision:training-add",
        "credentials:claim-start",
        "credentials:period-list",
        "credentials:manual-request",
        "credentials:statement-list",
        "credentials:qualification-declare",
        "credentials:exam-note",
        "credentials:record-listing",
        "verify-badge",
        "verify-file",
        "verify-list",
        "public-notice",  # anybody may object
        "credentials:award-nominate",
        "credentials:award-vote",
    ),
}
# What finance officers do: they build batches, enter what the bank says, set budgets, and hand over what is in kind.
PAID = {
    "claims:give",
    *(
        f"payments:{name}"
        for name in ("act", "budgets", "build", "drop", "enter", "result", "results", "reverse", "reversal")
    ),
}
# What auditors ask for, and the searches that they keep for themselves; taking a list out says what for.
ASKED = {
    *("session_reviews:ask", "circle_reviews:ask", "talent:save", "talent:take-out", "talent:cv"),
    "analysis:make",  # figures without a name, for themselves
    "policies:attempt",  # typed facts are decided and thrown away
}
# What instructors keep of the classes and people they teach.
TAUGHT = {
    "lms:attendance-screen",
    *(f"attendance:{name}" for name in ("save", "close", "upload", "preview", "decide", "make-up")),
    *(
        "assignments:mark",
        "assignments:correct",
        "assignments:grant",
        "assignments:open-round",
        "assignments:compare",
        "teaching:contact",
        "survey-designs:add",
        "survey-designs:edit",
    ),
    *(
        f"questions:{name}"
        for name in ("write", "upload", "correct", "use", "retire", "find-alike", "keep-both")
    ),
    *(f"marking:{name}" for name in ("next", "correct")),
    "analysis:make",
    "packages:add",
    *(f"cohort-surveys:{name}" for name in ("assign", "stop", "name-rater")),
    *(f"talk:{name}" for name in ("announce", "announcement", "withdraw", "question", "frequent", "private")),
    *(f"talk:{name}" for name in ("start", "thread", "close", "hide", "keep", "mute", "lift")),
}
# Where a whole ID, account or mobile number stands: on what its owner alone is shown, and where each look is written down.
SHOWN = {
    "core:profile",  # one's own mobile number
    "core:export",  # one's own data, to take along: audited
    "credentials:claim-form",  # the claimant's own form, for the seals: audited
    "people:reveal",  # audited, with a purpose
    "payments:paper",  # the roster and the file for the bank: audited
}
GROUPS = {frozenset(ROLES): "everybody", frozenset(ROLES[1:]): "all signed in", frozenset(): "nobody"}


def words(roles: set[str]) -> str:
    return GROUPS.get(frozenset(roles)) or " ".join(role for role in ROLES if role in roles)


def place_of(route: Route, rows: SimpleNamespace) -> str:
    """Where to ask. A public pathway is a row of ours all the same, under whatever key the database has given it."""
    own = {"lms:pathway-detail": rows.pathway, "public-notice": rows.public_notice}
    if route.name in own:
        return reverse(route.name, args=[own[route.name].pk])
    return route.example if is_public(route) else address_of(route, rows)


def ask(user: User | None, rows: SimpleNamespace) -> set[tuple[str, str]]:
    """The addresses and methods that this user is answered on; what came of asking is forgotten. None may be a fault, and none
    says a whole ID, account or mobile number but those of SHOWN."""
    client, answered, faults = Client(raise_request_exception=False), set(), []
    for route, method in product(KNOWN, ("get", "post")):
        if user is not None and SESSION_KEY not in client.session:
            client.force_login(user)
        cache.clear()
        with transaction.atomic():
            answer = getattr(client, method)(place_of(route, rows))
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            faults.append(f"{method} {route.name}: {answer.exc_info and answer.exc_info[1]!r}")
        if route.name not in SHOWN and (leaked := leaks(content_of(answer))):
            faults.append(f"{method} {route.name} shows the whole number: {', '.join(leaked)}")
        if not closed(answer):
            answered.add((route.name, method))
    assert not faults, "\n".join(faults)
    return answered


def said() -> dict[str, dict[str, set[str]]]:
    """The file, with the groups spelled out."""
    members = {name: set(roles) for roles, name in GROUPS.items()}
    table = yaml.safe_load(MATRIX.read_text(encoding="utf-8")) if MATRIX.exists() else {}
    return {
        name: {method: members.get(text, set(text.split())) for method, text in methods.items()}
        for name, methods in table.items()
    }


def write(role: str, answered: set[tuple[str, str]]) -> None:
    table, lines = said(), [HEAD]
    for name in dict.fromkeys(route.name for route in KNOWN):
        lines.append(f"{name}:\n")
        for method in ("get", "post"):
            others = table.get(name, {}).get(method, set()) - {role}
            lines.append(f"  {method}: {words(others | ({role} if (name, method) in answered else set()))}\n")
    MATRIX.write_text("".join(lines), encoding="utf-8")


# Who reaches what is decided by roles and organisations, whatever the database; that every address answers on PostgreSQL
# is asked by test_bad_input, and what the rules of each app say there by its test_rules.
@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_everybody_reaches_what_the_matrix_says_and_nothing_else(
    cast: SimpleNamespace, tree: dict[str, Organisation], role: str
) -> None:
    cast.anonymous, cast.province_administrator = None, make_user("元首善", tree["province"])
    give_role(cast.province_administrator, "administrator", tree["province"])
    rows = furnish(tree["district"], cast.trainee, cast.supervisor)
    plant_furnished(rows)
    answered = ask(getattr(cast, role), rows)
    if os.environ.get("WRITE_MATRIX"):
        write(role, answered)
    meant = {
        (name, method)
        for name, methods in said().items()
        for method, roles in methods.items()
        if role in roles
    }
    assert sorted(answered - meant) == [], f"{role} reaches what the matrix does not say"
    assert sorted(meant - answered) == [], f"{role} no longer reaches what the matrix says"


def test_the_matrix_names_every_address_of_ours() -> None:
    assert said().keys() == {route.name for route in KNOWN}


def test_who_only_reads_changes_nothing_but_their_own() -> None:
    for role in ("auditor", "finance", "instructor"):
        own = OWN | {"instructor": TAUGHT, "auditor": ASKED, "finance": PAID}.get(role, set())
        assert {name for name, methods in said().items() if role in methods["post"]} == own, role
