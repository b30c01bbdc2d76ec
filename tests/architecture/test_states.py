"""Every state × every state: the legal moves work, and no other does."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, models, transaction

from core.models import Organisation
from core.states import IllegalMove, StaleState, move
from tests.architecture.furnishing import furnish
from tests.architecture.needed import ROWS, needed

# The moves are tables of ours; the constraints of states are asked by the tests of each feature.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
# A file can have several tables: MOVES goes by the file's name alone, another one by both names.
TABLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts) + (f":{name}" if name != "MOVES" else "")
    for path in ROOT.glob("[a-z]*/*/states.py")
    for name in re.findall(r"^(\w*MOVES)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
)


def states_of(table: str) -> type[models.TextChoices]:
    """The states that the table moves between."""
    states = type(next(iter(moves_of(table))))
    assert issubclass(states, models.TextChoices)
    return states


def moves_of(table: str) -> dict[str, tuple[str, ...]]:
    module, _, name = table.partition(":")
    return getattr(importlib.import_module(module), name or "MOVES")


def first_of(table: str) -> tuple[str, ...]:
    """Rows begin in the first state of all, or in one of those that the file calls FIRST (QUESTION_FIRST, ...)."""
    module, _, name = table.partition(":")
    named = (name or "MOVES").replace("MOVES", "FIRST")
    return getattr(importlib.import_module(module), named, tuple(states_of(table).values[:1]))


FROM = [
    pytest.param(table, old, id=f"{table.replace('.states', '')}:{old}")
    for table in TABLES
    for old in states_of(table).values
]


@pytest.fixture
def rows(cast: SimpleNamespace, tree: dict[str, Organisation]) -> SimpleNamespace:
    return furnish(tree["district"], cast.trainee, cast.supervisor)


def test_every_table_of_moves_is_tried() -> None:
    assert set(TABLES) == ROWS.keys()


@pytest.mark.parametrize("table", TABLES)
def test_a_table_names_every_state_and_no_other(table: str) -> None:
    states, moves = set(states_of(table).values), moves_of(table)
    assert set(moves) == states
    assert {new for targets in moves.values() for new in targets} <= states


@pytest.mark.parametrize("table", TABLES)
def test_every_state_can_be_reached_from_the_first(table: str) -> None:
    values = list(states_of(table).values)
    reached = set(first_of(table))
    for _ in values:
        reached |= {new for old in reached for new in moves_of(table)[old]}
    assert reached == set(values)


def without_guards() -> None:
    """The table of moves alone, until the test ends: what the database asks of a payment besides, that there is a paid line
    for what is paid, is asked by the tests of payments."""
    guards = importlib.import_module("credentials.migrations._release_guards")
    with connection.cursor() as cursor:
        for name in guards.rules("IS NOT", ""):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


@pytest.mark.parametrize(("table", "old"), FROM)
def test_legal_moves_work_and_are_the_only_ones(rows: SimpleNamespace, table: str, old: str) -> None:
    without_guards()
    row, moves = getattr(rows, ROWS[table]), moves_of(table)
    kept = type(row)._base_manager.filter(pk=row.pk)
    kept.update(state=old, **needed(table, old, rows))
    for new in states_of(table).values:
        row.refresh_from_db()
        with transaction.atomic():
            changes = needed(table, new, rows)
            if new in moves[old]:
                assert move(row, new, moves, **changes) == old
                assert kept.get().state == row.state == new
            else:
                with pytest.raises(IllegalMove):
                    move(row, new, moves, **changes)
                assert kept.get().state == row.state == old
            transaction.set_rollback(True)


@pytest.mark.parametrize("table", TABLES)
def test_a_move_from_a_state_that_is_no_longer_so_changes_nothing(rows: SimpleNamespace, table: str) -> None:
    without_guards()
    row = getattr(rows, ROWS[table])
    kept = type(row)._base_manager.filter(pk=row.pk)
    old, (new, *_) = next((old, moves) for old, moves in moves_of(table).items() if set(moves) - {old})
    elsewhere = next((state for state in states_of(table).values if state not in (old, new)), new)
    kept.update(state=elsewhere, **needed(table, elsewhere, rows))
    row.state = old
    with pytest.raises(StaleState):
        move(row, new, moves_of(table), **needed(table, new, rows))
    assert kept.get().state == elsewhere


def _writes_a_state(node: ast.AST) -> bool:
    """`row.state = …`, `setattr(row, "state", …)`, `rows.update(state=…)` and `rows.update(**{"state": …})`."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    said = [key for word in node.keywords if isinstance(word.value, ast.Dict) for key in word.value.keys]
    words = {getattr(part, "value", None) for part in (*said, *(node.args if name == "setattr" else ()))}
    named = any(word.arg == "state" for word in node.keywords)
    return (name == "update" and (named or "state" in words)) or (name == "setattr" and "state" in words)


def test_states_are_changed_by_move_alone() -> None:
    """No code of ours writes a state past the table. Jobs have a fence of their own: their attempt and its lease."""
    found = [
        str(path.relative_to(ROOT))
        for app in ("core", "lms", "supervision", "credentials", "cms")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        and any(_writes_a_state(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    ]
    assert sorted(found) == ["core/jobs/actions.py"]


@pytest.mark.parametrize(
    ("code", "writes"),
    [
        ("rows.update(decided_at=timezone.now(), state='done')", True),
        ("rows.update(**{'state': 'done'})", True),
        ("setattr(row, 'state', 'done')", True),
        ("row.state = 'done'", True),
        ("rows.filter(state='done').update(seen=True)", False),
        ("values.update(of=1)", False),
    ],
)
def test_what_writes_a_state_is_known(code: str, writes: bool) -> None:
    assert any(_writes_a_state(node) for node in ast.walk(ast.parse(code))) is writes
