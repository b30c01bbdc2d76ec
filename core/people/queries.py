"""What one person may take away: everything that is kept about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.people.models import Person

Part = Callable[[Person], Any]
_parts: dict[str, Part] = {}


def add_own_data(name: str, part: Part) -> None:
    """Let another app add what it keeps about a person to the export (JSON-ready values, under this name)."""
    _parts[name] = part


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
            "service_fields": [field.name for field in person.fields.all()],
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
