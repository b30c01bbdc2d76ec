"""Nobody decides about what is claimed with their own ID number, in whatever account, said to the database.

An account that has claimed with the number of a claim is its claimant's own: the constraints of the tables compare accounts,
these the keyed hash of the number. Whoever changes a rule here writes a migration that drops and sets the guards anew, as 0035
does.
"""

from __future__ import annotations

from core.audit.guards import refusing

CLAIM, REVIEW, APPEAL = "credentials_claim", "credentials_claimreview", "credentials_claimappeal"
STOP = "claims: nobody decides about a claim of their own ID number"


def own_number(who: str, row: str) -> str:
    """Whether this account has claimed with the ID number of the claim `row`."""
    same = f"SELECT 1 FROM {CLAIM} AS o WHERE o.holder_id = {who} AND o.id_hash = {row}.id_hash"
    return f"({row}.id_hash <> '' AND EXISTS ({same}))"


def _rules(differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""

    def of_claim(who: str) -> str:
        return f"EXISTS (SELECT 1 FROM {CLAIM} AS c WHERE c.id = NEW.claim_id AND {own_number(who, 'c')})"

    def is_new(name: str) -> str:
        return f"NEW.{name} IS NOT NULL AND OLD.{name} {differs} NEW.{name}"

    decides = (f"({is_new(name)} AND {own_number(f'NEW.{name}', 'NEW')})" for name in ("approved_by_id", "given_by_id"))
    return {
        f"{CLAIM}_number": (CLAIM, "UPDATE", " OR ".join(decides)),
        f"{REVIEW}_number": (REVIEW, "INSERT", of_claim("NEW.by_id")),
        f"{APPEAL}_number": (APPEAL, "UPDATE", f"{is_new('decided_by_id')} AND {of_claim('NEW.decided_by_id')}"),
    }


guard, unguard = refusing(STOP, _rules)
