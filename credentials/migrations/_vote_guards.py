"""Nobody votes for themselves, or in another round than the nominee's, said to the database."""

from __future__ import annotations

from core.audit.guards import refusing

VOTE, NOMINATION = "credentials_awardvote", "credentials_nomination"
STOP = "awards: nobody votes for themselves, and a vote is for a nominee of its round"


def _rules(_differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""
    theirs = f"SELECT 1 FROM {NOMINATION} AS n WHERE n.id = NEW.nomination_id AND n.round_id = NEW.round_id"
    return {f"{VOTE}_another": (VOTE, "INSERT", f"NOT EXISTS ({theirs} AND n.holder_id <> NEW.voter_id)")}


guard, unguard = refusing(STOP, _rules)
