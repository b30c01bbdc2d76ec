"""What never changes of payment batches and their lines, said to the database.

A line that the bank has returned may be paid after all, also when its batch is closed: then what was said of it stays.

Whoever changes a rule here writes a migration that drops and sets the guards anew, as 0034 does.
"""

from __future__ import annotations

from core.audit.guards import changed as any_changed
from core.audit.guards import refusing

BATCH, LINE = "credentials_paymentbatch", "credentials_paymentline"
STOP = "payments: what is locked, settled or closed never changes"
IDENTITY = ("serial", "authority_id", "policy_id", "year", "built_by_id", "built_at")
LOCKED = ("total", "count")
RELEASED = (*LOCKED, "locked_at", "released_by_id", "released_at", "reason", "facts", "roster_sha256", "roster_file")
OWN = ("batch_id", "claim_id", "attempt", "holder_id", "approver_id", "built_by_id")
FROZEN = (
    *("position", "name", "id_sealed", "employer", "level", "certificate_number", "certificate_on", "standard"),
    *("already", "amount", "bank", "account_sealed", "phone_sealed", "remark", "is_sample"),
)
RESULT = ("state", "paid_on", "settled_by_id", "settled_at")
SAID = ("reason", "released_by_id")  # stay even where the bank has paid after all


def _rules(differs: str, cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused. JSON has no equality on PostgreSQL: as text."""

    def changed(names: tuple[str, ...]) -> str:
        return any_changed(names, differs, texts=("facts",), cast=cast)

    decided = "EXISTS (SELECT 1 FROM credentials_claimreview AS r WHERE r.claim_id = NEW.claim_id AND r.by_id = NEW."
    late = "(OLD.state = 'failed' AND NEW.state = 'paid')"
    in_state = f"EXISTS (SELECT 1 FROM {BATCH} AS b WHERE b.id = NEW.batch_id AND b.state"
    return {
        f"{BATCH}_same": (BATCH, "UPDATE", changed(IDENTITY)),
        f"{BATCH}_locked": (
            BATCH,
            "UPDATE",
            f"OLD.state = 'locked' AND NEW.state <> 'draft' AND {changed(LOCKED)}",
        ),
        f"{BATCH}_released": (BATCH, "UPDATE", f"OLD.state = 'released' AND {changed(RELEASED)}"),
        f"{BATCH}_ended": (BATCH, "UPDATE", "OLD.state IN ('closed', 'cancelled')"),
        f"{LINE}_built": (LINE, "INSERT", f"NOT {in_state} = 'draft')"),
        f"{LINE}_apart": (LINE, "INSERT", f"NEW.built_by_id = NEW.approver_id OR {decided}built_by_id)"),
        f"{LINE}_second": (LINE, "UPDATE", f"{changed(('released_by_id',))} AND {decided}released_by_id)"),
        f"{LINE}_same": (LINE, "UPDATE", changed(OWN)),
        f"{LINE}_locked": (LINE, "UPDATE", f"{changed(FROZEN)} AND {in_state} <> 'draft')"),
        f"{LINE}_settled": (LINE, "UPDATE", f"OLD.state <> 'waiting' AND ({changed((*FROZEN, *SAID))} OR (NOT {late} AND {changed(RESULT)}))"),
        f"{LINE}_released": (LINE, "UPDATE", f"OLD.released_by_id IS NOT NULL AND {changed(('released_by_id',))}"),
        f"{LINE}_ended": (LINE, "UPDATE", f"NOT {late} AND {in_state} IN ('closed', 'cancelled'))"),
    }


guard, unguard = refusing(STOP, _rules)
