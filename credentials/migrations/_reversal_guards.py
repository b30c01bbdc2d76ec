"""What the database asks of reversals: two people, of a line that was paid, once; and no money twice without one.

Whoever changes a rule here writes a migration that drops and sets the guards anew, as 0026 does.
"""

from __future__ import annotations

from core.audit.guards import changed as any_changed
from core.audit.guards import refusing

LINE, REVERSAL, ENTRY = "credentials_paymentline", "credentials_paymentreversal", "credentials_paymententry"
STOP = "payments: what was paid is taken back once, by two people, and as it was recorded"
RECORDED = (
    *("line_id", "claim_id", "holder_id", "authority_id", "amount", "cause", "end", "on", "reason", "reference"),
    *("proof_id", "recorded_by_id", "recorded_at"),
)


def _rules(differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""
    changed = any_changed((f'"{name}"' for name in RECORDED), differs)
    back = f"SELECT COUNT(*) FROM {REVERSAL} AS r WHERE r.claim_id = NEW.claim_id AND r.state = 'confirmed'"
    return {
        f"{REVERSAL}_same": (REVERSAL, "UPDATE", changed),
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


guard, unguard = refusing(STOP, _rules)
