"""The policy files that come with the product, and others on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from credentials.policies.policy import Mistake, Policy, SourceFault, check_policy
from credentials.policies.queries.known import regions_known

DATA = Path(__file__).parent / "data"
MOST_BYTES = 2_000_000


def text_of(path: Path) -> str:
    """The text of a file of policies, cases or facts. Raises SourceFault when it is not UTF-8 or far too large, OSError
    when it cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        raise SourceFault([Mistake(1, "", "too_long", {"most": MOST_BYTES})])
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceFault([Mistake(1, "", "no_yaml")]) from error


def bundled() -> dict[str, Path]:
    """The policies that come with the product, by their code."""
    return {path.stem: path for path in sorted(DATA.glob("*.yaml")) if not path.name.endswith(".cases.yaml")}


def path_of(file_or_code: str) -> Path | None:
    """The file that is meant by a path or by the code of a bundled policy; None when there is none."""
    return bundled().get(file_or_code) or (Path(file_or_code) if Path(file_or_code).is_file() else None)


def policy_in(path: Path, chosen: Mapping[str, str] | None = None) -> Policy:
    """The policy in a file, every answer to its open points tried. Raises SourceFault with every mistake."""
    return check_policy(text_of(path), chosen, regions_known())
