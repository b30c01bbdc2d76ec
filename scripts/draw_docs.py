"""Draw docs/architecture.md: apps, features and doors from the contracts, states from the tables of moves.

usage: python -m scripts.draw_docs [--check]

    (nothing)   write the file
    --check     change nothing; fail when the file is stale
"""

import importlib
import importlib.util
import os
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/architecture.md"
HEAD = """\
# Architecture, drawn from the code

Written by `make docs` from the contracts in `pyproject.toml`, the tables of legal moves in `states.py`, and the doors
of the apps. A test fails when it is stale. What the words mean stands in [developers.md](developers.md).
"""


def main(check: bool) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    if not check:
        PAGE.write_text(drawn(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != drawn():
        print("docs/architecture.md is stale: make docs")
        return 1
    return 0


def drawn() -> str:
    """The whole page, as it should be now. Needs Django to be set up."""
    from django.utils.translation import override

    contracts = _contracts()
    with override("en"):
        parts = [
            HEAD,
            _storeys(contracts),
            _features(contracts),
            _files(contracts),
            _doors(contracts),
            _states(),
        ]
    return "\n".join(parts)


def _contracts() -> dict[str, dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def _names(layer: str) -> list[str]:
    """The names in one layer of a contract: "(a) | b" and "a : b" hold two."""
    return [name.strip(" ()") for name in layer.replace(":", "|").split("|")]


def _storeys(contracts: dict[str, dict[str, Any]]) -> str:
    layers = [_names(layer) for layer in contracts["storeys"]["layers"]]
    arrows = [
        f"    {above} --> {below}" for upper, lower in pairwise(layers) for above in upper for below in lower
    ]
    words = "## Apps\n\nAn import follows the arrows, over any number of storeys; never against them, never sideways.\n"
    return "\n".join([words, "```mermaid", "flowchart TD", *arrows, "```", ""])


def _features(contracts: dict[str, dict[str, Any]]) -> str:
    lines = ["## Features", "", "From the lowest to the highest: each may ask those before it.", ""]
    lines += ["| app | features |", "|---|---|"]
    for app in reversed([name for layer in contracts["storeys"]["layers"] for name in _names(layer)]):
        inside = contracts.get(f"inside-{app}")
        if inside is None:
            continue
        steps = [
            [name for name in _names(layer) if _is_feature(app, name)] for layer in reversed(inside["layers"])
        ]
        lines.append(f"| {app} | {' → '.join(', '.join(step) for step in steps if step)} |")
    return "\n".join([*lines, ""])


def _is_feature(app: str, name: str) -> bool:
    return (
        name not in ("management", "templatetags", "public") and (ROOT / app / name / "__init__.py").exists()
    )


def _files(contracts: dict[str, dict[str, Any]]) -> str:
    steps = [
        ", ".join(f"`{name}.py`" for name in _names(layer)) for layer in contracts["feature-shape"]["layers"]
    ]
    words = "## Inside a feature\n\nFrom the highest to the lowest: each may import those after it.\n"
    return "\n".join([words, " → ".join(steps), ""])


def _doors(contracts: dict[str, dict[str, Any]]) -> str:
    lines = ["## Doors", "", "What other apps may ask of an app, and what it tells them.", ""]
    lines += ["| app | may be asked (`public.py`) | tells (`signals.py`) |", "|---|---|---|"]
    for app in reversed([name for layer in contracts["storeys"]["layers"] for name in _names(layer)]):
        asked = [f"`{name}`" for name in _offered(app, "public") if name.islower()]
        told = [f"`{name}`" for name in _offered(app, "signals") if not name.islower()]
        if asked or told:
            lines.append(f"| {app} | {', '.join(asked) or '–'} | {', '.join(told) or '–'} |")
    return "\n".join([*lines, ""])


def _offered(app: str, module: str) -> list[str]:
    """What the module offers: its `__all__`, or the classes that it defines."""
    if importlib.util.find_spec(f"{app}.{module}") is None:
        return []
    offered = importlib.import_module(f"{app}.{module}")
    names = getattr(offered, "__all__", None) or [
        name for name, value in vars(offered).items() if getattr(value, "__module__", "") == offered.__name__
    ]
    return sorted(names)


def tables() -> Iterator[tuple[str, Any, Any, list[Any]]]:
    """Every table of legal moves: its name, the class of its states, the moves, and the states in which rows begin."""
    for path in sorted(ROOT.glob("[a-z]*/*/states.py")):
        feature = f"{path.parent.parent.name}.{path.parent.name}"
        module = importlib.import_module(f"{feature}.states")
        for name in [name for name in vars(module) if name.endswith("MOVES")]:
            moves = getattr(module, name)
            states: Any = type(next(iter(moves)))
            what = name.removesuffix("MOVES").strip("_").lower()
            first: Any = getattr(module, name.replace("MOVES", "FIRST"), list(states)[:1])
            yield f"{feature}: {what}" if what else feature, states, moves, list(first)


def _states() -> str:
    lines = [
        "## States",
        "",
        "Every legal move; there is no other, and each is made once (`core.states.move`).",
        "",
    ]
    for title, states, moves, first in tables():
        lines += [f"### {title}", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {state.value}: {state.label}" for state in states]
        lines += [f"    [*] --> {state.value}" for state in first]
        lines += [f"    {old.value} --> {new}" for old in states for new in map(str, moves[old])]
        lines += [f"    {state.value} --> [*]" for state in states if not moves[state]]
        lines += ["```", ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv[1:]))
