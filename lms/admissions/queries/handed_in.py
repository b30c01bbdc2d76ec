"""What was handed in with an application, as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import pgettext

from core.people.models import Person
from core.templatetags.times import day
from lms.admissions.models import AnswerFile
from lms.admissions.policy import (
    Asked,
)
from lms.cohorts.queries import list_words, titled

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment


def answer_label(answer: dict[str, Any]) -> str:
    """The question of a frozen answer in the language of the reader."""
    return titled(answer["label"], answer.get("label_en", ""))


@dataclass(frozen=True)
class Answered:
    """One answer of an application as its page shows it; of a document the key under which it is opened."""

    label: str
    text: str
    file: AnswerFile | None = None


def answered(enrolment: Enrolment) -> list[Answered]:
    """The answers of an application in the language of the reader, as they were asked. Two queries at most."""
    record = getattr(enrolment, "record", None)
    if record is None:
        return []
    files = {row.key: row for row in record.files.select_related("attachment")}
    return [Answered(answer_label(row), _said(row), files.get(row["key"])) for row in record.answers]


def _said(answer: dict[str, Any]) -> str:
    value = answer["value"]
    if value is None or value == []:
        return "—"
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if isinstance(value, list):
        return list_words(value)
    return day(date.fromisoformat(value)) if answer["kind"] == Asked.DATE else str(value)


def handed_in_by(person: Person) -> list[dict[str, Any]]:
    """What a person has handed in with applications, ready for the export of their own data. Two queries."""
    rows = person.enrolments.filter(record__isnull=False).select_related("record", "cohort")
    files: dict[int, list[str]] = {row.pk: [] for row in rows}
    kept = AnswerFile.objects.filter(record__enrolment__in=list(files)).select_related("attachment", "record")
    for file in kept:
        files[file.record.enrolment_id].append(file.attachment.name)
    return [
        {
            "cohort": row.cohort.title,
            "applied_at": row.applied_at,
            "level_declared": row.record.level,
            "answers": [{"question": each["label"], "answer": each["value"]} for each in row.record.answers],
            "conditions": [each["text"] for each in row.record.findings],
            "files": files[row.pk],
        }
        for row in rows
    ]
