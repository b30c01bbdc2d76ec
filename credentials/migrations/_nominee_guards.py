"""Nobody votes for whom they are in another account, said to the database."""

from __future__ import annotations

from core.audit.guards import refusing

VOTE, NOMINATION = "credentials_awardvote", "credentials_nomination"
STOP = "awards: nobody votes for themselves from another account"


def _rules(_differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""
    same = f"SELECT 1 FROM {NOMINATION} AS n WHERE n.id = NEW.nomination_id AND n.id_hash = NEW.id_hash"
    return {f"{VOTE}_oneself": (VOTE, "INSERT", f"NEW.id_hash <> '' AND EXISTS ({same})")}


guard, unguard = refusing(STOP, _rules)
