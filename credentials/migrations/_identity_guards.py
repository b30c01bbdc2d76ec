"""Who a claim is for, and who has entered it, said to the database.

What was handed in for one person is paid to that person: name and hash change only while the claimant works on the claim,
and a line takes both, and who has entered it, from its claim. One person is paid for the same once, whatever accounts they
have: open claims and those of one key are held by unique constraints; here what counts against another level that is open or
was given to another account, the lines of before, whose claims no longer say whose they were, and that a line takes off what
another account was paid for another level.

Whoever changes a rule here writes a migration that drops and sets the guards anew, as 0034 does.
"""

from __future__ import annotations

from core.audit.guards import changed as any_changed
from core.audit.guards import refusing

CLAIM, LINE, REVERSAL = "credentials_claim", "credentials_paymentline", "credentials_paymentreversal"
STANDING = "('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked', 'paid', 'given')"
AGAINST = "('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked', 'given')"  # another level
ENTRY = "credentials_paymententry"
STOP = "payments: what was claimed for one person is paid to that person, and once"


def _rules(differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""

    def changed(*names: str) -> str:
        return any_changed(names, differs)

    counts_against = (
        f"NEW.id_hash <> '' AND NEW.state IN {STANDING} AND EXISTS (SELECT 1 FROM {CLAIM} AS c WHERE c.id_hash = NEW.id_hash "
        f"AND c.id_hash <> '' AND c.state IN {AGAINST} AND c.person_id <> NEW.person_id AND c.family = NEW.family "
        "AND c.benefit = NEW.benefit AND c.lane = NEW.lane)"
    )
    paid_elsewhere = (
        f"SELECT COALESCE(SUM(e.amount), 0) FROM {ENTRY} AS e JOIN {CLAIM} AS c ON c.id = e.claim_id "
        f"JOIN {CLAIM} AS n ON n.id = NEW.claim_id WHERE e.id_hash = NEW.id_hash AND e.kind IN ('paid', 'reversed') "
        "AND c.person_id <> n.person_id AND c.family = n.family AND c.benefit = n.benefit AND c.lane = n.lane"
    )
    back = f"SELECT 1 FROM {REVERSAL} AS r WHERE r.line_id = l.id AND r.state = 'confirmed'"
    return {
        f"{CLAIM}_identity": (
            CLAIM,
            "UPDATE",
            f"OLD.state NOT IN ('draft', 'returned') AND {changed('name', 'id_hash')}",
        ),
        f"{CLAIM}_one_account": (
            CLAIM,
            "UPDATE",
            f"(OLD.state NOT IN {STANDING} OR {changed('id_hash', 'family', 'benefit', 'lane')}) AND {counts_against}",
        ),
        f"{CLAIM}_one_account_new": (CLAIM, "INSERT", counts_against),
        f"{LINE}_identity": (
            LINE,
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {CLAIM} AS c WHERE c.id = NEW.claim_id AND c.name = NEW.name "
            f"AND c.id_hash = NEW.id_hash AND NOT (c.entered_by_id {differs} NEW.enterer_id))",
        ),
        f"{LINE}_identity_same": (LINE, "UPDATE", changed("id_hash", "account_hash", "enterer_id")),
        f"{LINE}_difference": (LINE, "INSERT", f"NEW.id_hash <> '' AND ({paid_elsewhere}) > NEW.already"),
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
