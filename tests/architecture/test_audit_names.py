"""Every act that is audited is named like the action that does it, and has a label in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.utils.translation import override

from config.acts import ACTS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "lms", "supervision", "credentials", "cms", "config")
# What the system does by itself is named for what happened, not for the function that found it out.
FOUND_OUT = {
    "lms.complete_enrolment": "complete_if_done",
    "credentials.hold": "_hold",
    "credentials.lose_ground": "still_granted",
}
ELSEWHERE = {
    "core.export_own_data": "export",  # a view: nothing changes, but that somebody took it out is kept
    "lms.approve_enrolment": "approve",  # the feature's oldest verbs: enrolments.actions.approve(enrolment=…)
    "lms.refuse_enrolment": "refuse",
    "lms.withdraw_enrolment": "withdraw",
    "credentials.issue_badge": "badge_for",  # a badge is made when it is first asked for
    "credentials.import_commendation": "write",  # each row of a table, by the kind of the table
    "credentials.import_qualification": "write",
}
WRITERS = {
    "record": "action",
    "audit": "action",  # supervision: what every act of a feature writes
    "_audit": "action",
    "_record": "action",
    "_record_move": "action",
    "record_of_review": "action",
    "_end": "action",
    "_succeed": "action",
    "end": "action",
    "_note": "action",
    "_decide": "action",
    "end_enrolment": "action",
    "end_request": "action",
    "note": "action",
    "AuditEntry": "action",
    "_entry": "action",
    "keep": "action",  # lms.attendance: every row goes through it
    "entry_of": "action",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield app, ast.parse(path.read_text(encoding="utf-8"))


def recorded() -> set[str]:
    """The names that stand in calls of record() and of what wraps it: by keyword, or as a text among the arguments."""
    names = set()
    for _app, tree in modules():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in WRITERS:
                values = [*call.args, *(word.value for word in call.keywords if word.arg == WRITERS[name])]
                names |= {value.value for value in values if _is_name(value)}
    return names


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(
        tuple(f"{app}." for app in APPS)
    )  # fmt: skip


@cache
def functions() -> dict[str, set[str]]:
    """The names of all functions, by app. Read once: every act asks."""
    found: dict[str, set[str]] = {app: set() for app in APPS}
    for app, tree in modules():
        found[app] |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return found


def test_every_act_that_is_recorded_has_a_label_and_no_other() -> None:
    assert recorded() == set(ACTS)


@pytest.mark.parametrize("action", sorted(ACTS))
def test_an_act_is_named_like_its_action(action: str) -> None:
    app, _, verb = action.partition(".")
    assert (FOUND_OUT | ELSEWHERE).get(action, verb) in functions()[app]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_labels_differ_and_are_words(language: str) -> None:
    with override(language):
        labels = [str(label) for label in ACTS.values()]
    assert len(set(labels)) == len(labels)
    assert all(label and "." not in label for label in labels)
    if language == "zh-hans":
        assert all("\u4e00" <= label[0] <= "\u9fff" or label.startswith("ID") for label in labels)
