"""What was answered of a wish and what was checked of an own training stays as it was, and so do the requirements by which
renewals are judged."""

from importlib import import_module
from typing import Any

from django.db import migrations

from core.audit.append_only import append_only
from core.audit.guards import Guards

records = import_module("supervision.migrations.0017_record_guards")
WISH, TRAINING = "supervision_pairwish", "supervision_owntraining"
ANSWERED = "an answered wish never changes, and none is deleted"
CHECKED = "a checked training changes only by being returned, and none is deleted"
ASKED = (
    "pairing_id",
    "asked_by_id",
    "kind",
    "state",
    "reason",
    "until",
    "passes_on",
    "asked_at",
    "answer",
    "answered_at",
)
DECLARED = ("person_id", "holder_id", "held_on", "title", "provider", "minutes", "evidence_id", "declared_at")


def _guards(differs: str) -> list[tuple[str, str, str, str, str]]:
    """(table, name, verb, condition, words) of every trigger; `differs` is how a value is told to be another.

    The new pairing of a granted change is named once it is made; whose account is deleted is no longer named.
    """

    def other(*names: str) -> str:
        return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)

    named_again = f"(OLD.new_pairing_id IS NOT NULL AND {other('new_pairing_id')})"
    answered_by = f"(NEW.answered_by_id IS NOT NULL AND {other('answered_by_id')})"
    answered = f"OLD.state <> 'open' AND ({other(*ASKED)} OR {named_again} OR {answered_by})"
    checked = f"OLD.state = 'checked' AND (NEW.state <> 'returned' OR {other(*DECLARED)})"
    return [
        (WISH, "answered", "UPDATE", answered, ANSWERED),
        (WISH, "kept", "DELETE", "OLD.state <> 'open'", ANSWERED),
        (TRAINING, "checked", "UPDATE", checked, CHECKED),
        (TRAINING, "kept", "DELETE", "OLD.state = 'checked'", CHECKED),
    ]


def guard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for each in _guards("IS DISTINCT FROM" if postgres else "IS NOT"):
        records._run(schema_editor, records._made(postgres, *each))


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, name, *_ in _guards("="):
        records._run(schema_editor, records._dropped(postgres, table, name))


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0022_late_askings'),
    ]

    operations = [
        append_only("supervision_trainingrequirement"),
        Guards(guard, unguard),
    ]
