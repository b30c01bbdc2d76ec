"""What a statement lists, and what the verify page says about one."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from core.organisations.models import Organisation
from core.people.models import Person
from core.people.policy import mask_name
from credentials.certificates.models import Certificate
from credentials.certificates.policy import CODE_LENGTH, clean_code
from credentials.certificates.queries import compare_name
from credentials.hours.models import EntryKind, HoursEntry, HoursRule
from credentials.hours.policy import plain_hours
from credentials.hours.queries import grouped, totals_from
from credentials.qualifications.models import QualificationRecord, RegistrationPeriod
from credentials.qualifications.states import PeriodState
from credentials.statements.models import HoursStatement
from credentials.statements.states import StatementVerdict

MOST_NAMED = 3  # organisations that credited hours


def statements_of(person: Person) -> QuerySet[HoursStatement]:
    return HoursStatement.objects.filter(person=person)


def holds_papers(person: Person) -> bool:
    """Whether anything that others rely on rests on this person's name: a certificate, a statement, a verified
    period or qualification."""
    return (
        Certificate.objects.filter(person=person).exists()
        or statements_of(person).exists()
        or RegistrationPeriod.objects.filter(person=person, state=PeriodState.VERIFIED).exists()
        or QualificationRecord.objects.verified().filter(person=person).exists()
    )


def listed(person: Person, first: datetime.date, last: datetime.date) -> list[HoursEntry]:
    """The entries that count towards a period and have not been taken back, the earliest first. One query."""
    rows = HoursEntry.objects.standing().filter(person=person, occurred_on__range=(first, last))
    rows = rows.exclude(rule__counts=False).select_related("rule__organisation", "organisation")
    return list(rows.order_by("occurred_on", "pk"))


def printed_entries(entries: Sequence[HoursEntry]) -> dict[str, Any]:
    """Lines, totals and rules of these entries in the words that are frozen: the paper is Chinese. One query."""
    with override("zh-hans"):
        rules: list[HoursRule | None] = []
        lines = []
        for entry in entries:
            if entry.rule not in rules:
                rules.append(entry.rule)
            note = " · ".join(
                part for part in (str(EntryKind(entry.kind).label), entry.evidence.get("organiser") or entry.organisation.name) if part
            )  # fmt: skip
            lines.append(
                {
                    "day": entry.occurred_on.isoformat(),
                    "title": entry.title,
                    "note": note,
                    "minutes": entry.minutes,
                    "hours": plain_hours(entry.hours),
                    "rule": rules.index(entry.rule) + 1,
                }
            )
        kinds = totals_from(grouped(HoursEntry.objects.filter(pk__in=[entry.pk for entry in entries]))).kinds
        held = [kind for kind in kinds if kind.minutes]
        return {
            "lines": lines,
            "totals": [[kind.label, kind.minutes, plain_hours(kind.hours)] for kind in held],
            "total_minutes": sum(kind.minutes for kind in held),
            "total_hours": plain_hours(sum((kind.hours for kind in held), Decimal(0))),
            "rules": [_rule_words(rule) for rule in rules],
        }


def credited_by(entries: Sequence[HoursEntry]) -> list[Organisation]:
    """The organisations that credited these entries, those of the most minutes first. No query."""
    minutes: Counter[Organisation] = Counter()
    for entry in entries:
        minutes[entry.organisation] += entry.minutes
    return [organisation for organisation, _sum in minutes.most_common()]


def issuer_words(names: Sequence[str]) -> str:
    """Who credited the hours, as it is printed: three by name, of more how many there are."""
    if len(names) <= MOST_NAMED:
        return "、".join(names)
    return f"{'、'.join(names[:MOST_NAMED])}等 {len(names)} 家单位"


def _rule_words(rule: HoursRule | None) -> str:
    if rule is None:
        return "45 分钟计 1 学时"
    return f"{rule.counting_words}（{rule.source}）"


@dataclass(frozen=True)
class StatementAnswer:
    """What the verify page says about a code; for an unknown code everything else is empty."""

    verdict: StatementVerdict
    statement: HoursStatement | None = None
    corrected: int = 0
    name_matches: bool | None = None
    names_spent: bool = False  # so many wrong names were typed today that none is compared any more
    file_matches: bool | None = None

    @property
    def masked_name(self) -> str:
        return mask_name(self.statement.name) if self.statement else ""


def look_up_statement(code: str, *, serial: str = "", name: str = "", digest: str = "") -> StatementAnswer:
    """The answer for one code: genuine, or superseded when an entry that it lists has been corrected since.

    Hours credited later make nothing false that it says. Only the unguessable code opens anything. A wrong name is
    counted (`compare_name`).
    """
    wanted = clean_code(code)
    rows = HoursStatement.objects.filter(code=wanted).select_related("person")
    statement = rows.first() if len(wanted) == CODE_LENGTH else None
    if statement is None or (serial and serial.strip().upper() != statement.serial):
        return StatementAnswer(StatementVerdict.UNKNOWN)
    corrected = corrected_since(statement)
    matches, spent = compare_name(name, statement.name, statement.code)
    return StatementAnswer(
        verdict=StatementVerdict.SUPERSEDED if corrected else StatementVerdict.GENUINE,
        statement=statement,
        corrected=corrected,
        name_matches=matches,
        names_spent=spent,
        file_matches=(digest == statement.sha256) if digest else None,
    )


def corrected_since(statement: HoursStatement) -> int:
    """How many of the entries that it lists have been taken back since. One query."""
    return HoursEntry.objects.filter(person_id=statement.person_id, corrects_id__in=statement.entries).count()


def statement_of_file(digest: str) -> HoursStatement | None:
    """The statement whose file has exactly this SHA-256."""
    return HoursStatement.objects.filter(sha256=digest).first() if digest else None
