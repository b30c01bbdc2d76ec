"""What the database asks of reversals: two people, of a line that was paid, once; and no money twice without one."""

from __future__ import annotations

from typing import Any

LINE, REVERSAL, ENTRY = "credentials_paymentline", "credentials_paymentreversal", "credentials_paymententry"
STOP = "payments: what was paid is taken back once, by two people, and as it was recorded"
RECORDED = (
    *("line_id", "claim_id", "holder_id", "authority_id", "amount", "cause", "end", "on", "reason", "reference"),
    *("proof_id", "recorded_by_id", "recorded_at"),
)


def _rules(differs: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""
    changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in RECORDED)
    back = f"SELECT COUNT(*) FROM {REVERSAL} AS r WHERE r.claim_id = NEW.claim_id AND r.state = 'confirmed'"
    return {
        f"{REVERSAL}_same": (REVERSAL, "UPDATE", f"({changed})"),
        f"{REVERSAL}_decided": (REVERSAL, "UPDATE", "OLD.state <> 'recorded'"),
        f"{REVERSAL}_first": (REVERSAL, "INSERT", "NEW.state <> 'recorded'"),
        f"{REVERSAL}_of_paid": (
            REVERSAL,
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {LINE} AS l WHERE l.id = NEW.line_id AND l.state = 'paid' "
            "AND l.claim_id = NEW.claim_id AND l.holder_id = NEW.holder_id AND l.amount = NEW.amount)",
        ),
        f"{LINE}_turn": (LINE, "INSERT", f"NEW.turn <> 1 + ({back})"),
        f"{LINE}_turn_same": (LINE, "UPDATE", "OLD.turn <> NEW.turn"),
        f"{ENTRY}_reversed": (
            ENTRY,
            "INSERT",
            f"NEW.kind = 'reversed' AND NOT EXISTS (SELECT 1 FROM {REVERSAL} AS r WHERE r.state = 'confirmed' "
            "AND r.claim_id = NEW.claim_id AND r.amount = -NEW.amount AND NEW.source = 'reversal:' || r.line_id)",
        ),
    }


def guard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name, (table, verb, condition) in _rules("IS DISTINCT FROM" if postgres else "IS NOT").items():
            if postgres:
                cursor.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
                    f"RAISE EXCEPTION '{STOP}' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
                )
                cursor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
            else:
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{STOP}'); END"
                )


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name, (table, _verb, _condition) in _rules("IS NOT").items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgres else ""))
            if postgres:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
