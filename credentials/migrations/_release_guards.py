"""Who stands for a payment, and what makes a claim paid, said to the database.

The constraints of a line hold for the accounts that the line names; these hold a batch against the claims in it: whoever built
or releases it has no part in any of them, nor has whoever enters what the bank says of a line, or records or confirms its
reversal. That the one who confirms has not recorded it, the constraints of the reversal say. And nothing is paid on paper alone: the ledger, the line that the bank has answered
and the claim say the same, each after the other.

Whoever changes a rule here writes a migration that drops and sets the guards anew, as 0035 does.
"""

from __future__ import annotations

from core.audit.guards import refusing
from credentials.migrations._number_guards import own_number

BATCH, LINE, ENTRY = "credentials_paymentbatch", "credentials_paymentline", "credentials_paymententry"
CLAIM, REVIEW, REVERSAL = "credentials_claim", "credentials_claimreview", "credentials_paymentreversal"
APPEAL, CONFLICT = "credentials_claimappeal", "credentials_claimconflict"
STOP = "payments: nobody builds, releases or answers what they have a part in, and nothing is paid without its line"


def _part(who: str) -> str:
    """Whether this account claims, entered, reviewed or approved the claim `c`, has decided an appeal of it, or has declared a
    conflict of interest in it; or has claimed with its ID number."""
    done = {REVIEW: "by_id", APPEAL: "decided_by_id", CONFLICT: "officer_id"}
    found = (f"EXISTS (SELECT 1 FROM {table} AS r WHERE r.claim_id = c.id AND r.{by} = {who})" for table, by in done.items())
    own = f"{who} IN (c.holder_id, c.entered_by_id, c.approved_by_id)"
    return f"({' OR '.join((own, own_number(who, 'c'), *found))})"


def _batches(differs: str) -> dict[str, tuple[str, str, str]]:
    lines = f"{LINE} AS l JOIN {CLAIM} AS c ON c.id = l.claim_id WHERE l.batch_id = NEW.id AND l.state <> 'withdrawn'"
    builds = f"EXISTS (SELECT 1 FROM {lines} AND {_part('NEW.built_by_id')})"
    others = f"l.built_by_id = NEW.released_by_id OR l.released_by_id {differs} NEW.released_by_id"
    releases = f"EXISTS (SELECT 1 FROM {lines} AND ({others} OR {_part('NEW.released_by_id')}))"
    return {
        f"{BATCH}_builder": (BATCH, "UPDATE", f"OLD.state = 'draft' AND NEW.state = 'locked' AND {builds}"),
        f"{BATCH}_second": (
            BATCH,
            "UPDATE",
            f"NEW.released_by_id IS NOT NULL AND OLD.released_by_id {differs} NEW.released_by_id AND {releases}",
        ),
    }


def _lines() -> dict[str, tuple[str, str, str]]:
    batch = f"SELECT 1 FROM {BATCH} AS b WHERE b.id = NEW.batch_id AND b"
    claim = f"SELECT 1 FROM {CLAIM} AS c WHERE c.id = NEW.claim_id AND"
    return {
        f"{LINE}_of_batch": (
            LINE,
            "INSERT",
            f"NEW.state <> 'waiting' OR NEW.released_by_id IS NOT NULL OR NOT EXISTS ({batch}.built_by_id = NEW.built_by_id)",
        ),
        f"{LINE}_of_claim": (
            LINE,
            "INSERT",
            f"EXISTS ({claim} (c.holder_id <> NEW.holder_id OR {_part('NEW.built_by_id')}))",
        ),
        f"{LINE}_answered": (
            LINE,
            "UPDATE",
            f"OLD.state = 'waiting' AND NEW.state IN ('paid', 'failed') AND NOT EXISTS ({batch}.state = 'released')",
        ),
        f"{LINE}_withdrawn": (
            LINE,
            "UPDATE",
            f"OLD.state = 'waiting' AND NEW.state = 'withdrawn' AND EXISTS ({batch}.state = 'released')",
        ),
    }


def _answers(differs: str) -> dict[str, tuple[str, str, str]]:
    """What became of a line: what the bank says of it, and that its money came back."""

    def has_part(who: str) -> str:
        return f"EXISTS (SELECT 1 FROM {CLAIM} AS c WHERE c.id = NEW.claim_id AND {_part(f'NEW.{who}')})"

    settler = f"NEW.settled_by_id IS NOT NULL AND OLD.settled_by_id {differs} NEW.settled_by_id"
    builder = f"EXISTS (SELECT 1 FROM {LINE} AS l WHERE l.id = NEW.line_id AND l.built_by_id = NEW.decided_by_id)"
    return {
        f"{LINE}_settler": (LINE, "UPDATE", f"{settler} AND {has_part('settled_by_id')}"),
        f"{REVERSAL}_recorder": (REVERSAL, "INSERT", has_part("recorded_by_id")),
        f"{REVERSAL}_second": (
            REVERSAL,
            "UPDATE",
            f"NEW.decided_by_id IS NOT NULL AND ({builder} OR {has_part('decided_by_id')})",
        ),
    }


def _paid() -> dict[str, tuple[str, str, str]]:
    back = f"SELECT 1 FROM {REVERSAL} AS r WHERE r.line_id = l.id AND r.state = 'confirmed'"
    line = f"SELECT 1 FROM {LINE} AS l WHERE l.state = 'paid' AND l.amount = NEW.amount AND NOT EXISTS ({back})"
    given = f"SELECT 1 FROM {ENTRY} AS e WHERE e.claim_id = NEW.id AND e.kind = 'given' AND e.amount = NEW.amount"
    says = "c.person_id = NEW.person_id AND c.benefit = NEW.benefit AND c.key = NEW.key AND c.id_hash = NEW.id_hash"
    of_line = (
        'l.claim_id = NEW.claim_id AND l.holder_id = NEW.holder_id AND l.paid_on = NEW."on" '
        "AND NEW.source = 'payment:' || l.id "
        f"AND EXISTS (SELECT 1 FROM {CLAIM} AS c WHERE c.id = l.claim_id AND {says})"
    )
    of_claim = (
        f"SELECT 1 FROM {CLAIM} AS c WHERE c.id = NEW.claim_id AND c.state = 'approved' AND c.in_kind "
        f"AND c.amount = NEW.amount AND NEW.source = 'given:' || c.id AND {says}"
    )
    return {
        f"{ENTRY}_paid": (ENTRY, "INSERT", f"NEW.kind = 'paid' AND NOT EXISTS ({line} AND {of_line})"),
        f"{ENTRY}_given": (ENTRY, "INSERT", f"NEW.kind = 'given' AND NOT EXISTS ({of_claim})"),
        f"{CLAIM}_paid": (
            CLAIM,
            "UPDATE",
            f"NEW.state = 'paid' AND OLD.state <> 'paid' AND NOT EXISTS ({line} AND l.claim_id = NEW.id)",
        ),
        f"{CLAIM}_given": (
            CLAIM,
            "UPDATE",
            f"NEW.state = 'given' AND OLD.state <> 'given' AND NOT EXISTS ({given})",
        ),
        f"{CLAIM}_settled_new": (CLAIM, "INSERT", "NEW.state IN ('paid', 'given')"),
    }


def rules(differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused."""
    return {**_batches(differs), **_lines(), **_answers(differs), **_paid()}


guard, unguard = refusing(STOP, rules)
