"""What an hours statement says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class StatementLine:
    """One entry as it is printed; `note` says its kind and organiser, `rule` is the number of its rule below."""

    day: dt.date
    title: str
    note: str
    minutes: int
    hours: str
    rule: int


@dataclass(frozen=True)
class StatementFacts:
    """What one statement says. Nothing else is looked up, and nothing is worked out from these.

    `issuer` names who credited the hours. A statement from before `asked_by` was kept prints it as the one who issued it.
    """

    serial: str
    code: str
    name: str
    id_masked: str
    issuer: str
    issued_on: dt.date
    first_on: dt.date
    last_on: dt.date
    lines: tuple[StatementLine, ...]
    totals: tuple[tuple[str, int, str], ...]  # kind, minutes, hours
    total_minutes: int
    total_hours: str
    rules: tuple[str, ...]
    verify_url: str
    level: str = ""
    target: str = ""
    watermark: str | None = None
    asked_by: str = ""
    platform: str = ""

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs before anything is stored."""
        own = [self.serial, self.code, self.name, self.id_masked, self.issuer, self.level, self.target]
        own += [self.asked_by, self.platform]
        lines = [text for line in self.lines for text in (line.title, line.note, line.hours)]
        totals = [text for kind, _, hours in self.totals for text in (kind, hours)]
        return [*own, *lines, *totals, *self.rules, self.watermark or ""]
