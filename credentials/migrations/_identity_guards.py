"""Who a claim is for, and who has entered it, said to the database.

What was handed in for one person is paid to that person: name and hash change only while the claimant works on the claim,
and a line takes both, and who has entered it, from its claim. One person is paid for the same once, whatever accounts they
have: the claims are held by a unique constraint; here the lines of before, whose claims no longer say whose they were.
"""

from __future__ import annotations

from core.audit.guards import refusing

CLAIM, LINE, REVERSAL = "credentials_claim", "credentials_paymentline", "credentials_paymentreversal"
STOP = "payments: what was claimed for one person is paid to that person, and once"


def _rules(differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""

    def changed(*names: str) -> str:
        return "(" + " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in names) + ")"

    back = f"SELECT 1 FROM {REVERSAL} AS r WHERE r.line_id = l.id AND r.state = 'confirmed'"
    return {
        f"{CLAIM}_identity": (
            CLAIM,
            "UPDATE",
            f"OLD.state NOT IN ('draft', 'returned') AND {changed('name', 'id_hash')}",
        ),
        f"{LINE}_identity": (
            LINE,
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {CLAIM} AS c WHERE c.id = NEW.claim_id AND c.name = NEW.name "
            f"AND c.id_hash = NEW.id_hash AND NOT (c.entered_by_id {differs} NEW.enterer_id))",
        ),
        f"{LINE}_identity_same": (LINE, "UPDATE", changed("id_hash", "account_hash", "enterer_id")),
        f"{LINE}_paid_once": (
            LINE,
            "INSERT",
            f"NEW.id_hash <> '' AND EXISTS (SELECT 1 FROM {LINE} AS l JOIN {CLAIM} AS c ON c.id = l.claim_id "
            f"JOIN {CLAIM} AS n ON n.id = NEW.claim_id WHERE l.id_hash = NEW.id_hash AND l.state IN ('waiting', 'paid') "
            "AND c.person_id <> n.person_id AND c.family = n.family AND c.benefit = n.benefit AND c.key = n.key "
            f"AND NOT EXISTS ({back}))",
        ),
    }


guard, unguard = refusing(STOP, _rules)
