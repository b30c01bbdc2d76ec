"""The PDF of a statement: drawn from its frozen facts, and checked against its hash whenever it is handed out."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.base import File

from credentials.certificates.files import open_checked
from credentials.signatures.actions import sign_with
from credentials.statements.document import StatementFacts, StatementLine, render
from credentials.statements.models import HoursStatement


def printed(facts: dict[str, Any]) -> StatementFacts:
    """Frozen facts (JSON) in the shape that the document takes."""
    values: dict[str, Any] = dict(facts)
    for name in ("issued_on", "first_on", "last_on"):
        values[name] = datetime.date.fromisoformat(facts[name])
    values["lines"] = tuple(
        StatementLine(**{**line, "day": datetime.date.fromisoformat(line["day"])}) for line in facts["lines"]
    )
    values["totals"] = tuple((kind, minutes, hours) for kind, minutes, hours in facts["totals"])
    values["rules"] = tuple(facts["rules"])
    values.pop("signed_at", None)  # not printed
    return StatementFacts(**values)


def open_statement(statement: HoursStatement) -> File[bytes]:
    """The statement's file. Raises FileNotFoundError when the store lost it and it cannot be made the same again."""
    return open_checked(statement.file, statement.sha256, lambda: _made_again(statement), statement.serial)


def _made_again(statement: HoursStatement) -> bytes:
    """The file as it was made: signed with the same key at the same moment; of the time before signatures, unsigned."""
    drawn = render(printed(statement.facts))
    if statement.signed_with is None:
        return drawn
    at = datetime.datetime.fromisoformat(statement.facts["signed_at"])
    return sign_with(drawn, key=statement.signed_with, at=at)
