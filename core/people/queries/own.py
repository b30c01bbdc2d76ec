"""What one person may take away: everything that is kept about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Consent, Person

Part = Callable[[Person], Any]
_parts: dict[str, Part] = {}
_keeping: list[Callable[[Person], bool]] = []
# What one can agree to, as its bearer reads it.
_purposes: dict[str, Any] = {
    "account": gettext_lazy("Keeping my account"),
    "id_number": gettext_lazy("Keeping my ID number"),
}
_holding: list[Callable[[Person], str]] = []
_records: list[Callable[[Person, Asker], list[Record]]] = []


def add_own_data(name: str, part: Part) -> None:
    """Let another app add what it keeps about a person to the export (JSON-ready values, under this name)."""
    _parts[name] = part


@dataclass(frozen=True)
class RecordLine:
    """One thing that another app knows of a person, for an officer: what it is, how it stands, and its page."""

    label: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Record:
    """What another app knows of a person, under a heading; `url` leads to the whole list."""

    heading: str
    lines: list[RecordLine]
    url: str = ""


def add_records(function: Callable[[Person, Asker], list[Record]]) -> None:
    """Let another app show on the page of a person what this reader may see of it."""
    _records.append(function)


def records_of(person: Person, user: Asker) -> list[Record]:
    """What other apps know of this person, as far as the reader may see it."""
    return [record for function in _records for record in function(person, user)]


def name_purpose(purpose: str, words: Any) -> None:
    """Let another app say what a consent that it asks for is about."""
    _purposes[purpose] = words


def consents_of(person: Person) -> list[tuple[str, Consent]]:
    """What this person has agreed to, each with its purpose in words. One query."""
    return [(str(_purposes.get(one.purpose, one.purpose)), one) for one in person.consents.all()]


def keep_name_when(function: Callable[[Person], bool]) -> None:
    """Let another app say that papers of its own rest on a person's name."""
    _keeping.append(function)


def is_name_kept(person: Person) -> bool:
    """Whether a name is no longer its bearer's to change: an ID number was given with it, or papers rest on it."""
    return bool(person.id_hash) or any(function(person) for function in _keeping)


def keep_id_when(function: Callable[[Person], str]) -> None:
    """Let another app say, in a sentence to its bearer, why an ID number stays as it is for now; empty where it need not."""
    _holding.append(function)


def why_id_kept(person: Person) -> str:
    """Why an ID number cannot be replaced or deleted now: the first sentence of an app that rests on it; else empty."""
    return next((words for function in _holding if (words := function(person))), "")


def declared_for(user: Asker) -> QuerySet[Person]:
    """The people whose declared employer this administrator is to confirm, the longest waiting first."""
    mine = Person.objects.filter(scope_of(user).q("declared_employer", Role.ADMINISTRATOR))
    rows = mine.exclude(declared_employer=None).exclude(user_id=user.pk or 0)
    return rows.select_related("user", "employer", "declared_employer").order_by("declared_at", "pk")


def own_data(person: Person) -> dict[str, Any]:
    """Everything that is kept about this person, ready for JSON; for nobody's eyes but theirs (PIPL article 45)."""
    user = person.user
    data: dict[str, Any] = {
        "account": {"email": user.email, "mobile": user.phone or "", "since": user.date_joined},
        "person": {
            "name": person.name,
            "pinyin": person.pinyin,
            "id_type": person.id_type,
            "id_number": person.id_number or "",
            "employer": str(person.employer or ""),
            "declared_employer": str(person.declared_employer or ""),
            "service_fields": [field.name for field in person.fields.all()],
            "languages": person.languages,
            "in_practice_since": person.practice_started_on,
            "letters": person.notice_mail,
            "text_messages": person.notice_sms,
            "wechat": person.notice_wechat,
        },
        "consents": list(person.consents.values("purpose", "version", "given_at", "withdrawn_at")),
        "roles": [
            {
                "role": role.role,
                "organisation": role.organisation.name,
                "from": role.starts_on,
                "until": role.ends_on,
            }
            for role in user.roles.select_related("organisation")
        ],
        "notices": [
            {"at": notice.created_at, "title": notice.title_in(), "text": notice.body_in()}
            for notice in user.notices.all()
        ],
    }
    return data | {name: part(person) for name, part in _parts.items()}
