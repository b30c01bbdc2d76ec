"""Who decides about a claim, and what of it never changes, said to the database.

The constraints of the tables hold within a row; these hold between them: a review names the claimant that the claim names,
who approves has passed no earlier stage, who passed one stage passes no other in whatever round (the same one again when a
new round comes to it), who declared a conflict, refused or answered an appeal before decides nothing more, and an appeal is
answered by somebody who has had no part.

Whoever changes a rule here writes a migration that drops and sets the guards anew, as 0026 does: databases that have the
older ones keep them otherwise.
"""

from __future__ import annotations

from core.audit.guards import changed as any_changed
from core.audit.guards import refusing

CLAIM, PAPER, REVIEW = "credentials_claim", "credentials_claimpaper", "credentials_claimreview"
CONFLICT, APPEAL, ENTRY = "credentials_claimconflict", "credentials_claimappeal", "credentials_paymententry"
STOP = "claims: nobody decides twice or about their own, and what was decided never changes"
IDENTITY = ("person_id", "holder_id", "authority_id", "benefit", "key", "entered_by_id", "proof_id", "created_at")
ASKED_OF = ("version_id", "family", "lane")  # a draft follows its policy until it is handed in
GRANTED = ("amount", "facts", "decision", "settled", "declared", "claimed_on", "approved_by_id", "employer_id")
PAPER_OWN = ("claim_id", "slot", "file_id", "added_at")
APPEAL_OWN = ("claim_id", "against_id", "holder_id", "refused_by_id", "made_at")
JSON = ("facts", "decision", "settled", "declared")


def _rules(differs: str, cast: str) -> dict[str, tuple[str, str, str]]:
    """Name, table, verb and the condition on which the row is refused. JSON is compared as text."""

    def changed(names: tuple[str, ...]) -> str:
        return any_changed(names, differs, texts=JSON, cast=cast)

    def part(who: str, claim: str, verdicts: str) -> str:
        return f"EXISTS (SELECT 1 FROM {REVIEW} AS r WHERE r.claim_id = {claim} AND r.by_id = {who} AND {verdicts})"

    def close(who: str, claim: str) -> str:
        return f"EXISTS (SELECT 1 FROM {CONFLICT} AS f WHERE f.claim_id = {claim} AND f.officer_id = {who})"

    def of_claim(condition: str) -> str:
        return f"EXISTS (SELECT 1 FROM {CLAIM} AS c WHERE c.id = NEW.claim_id AND ({condition}))"

    granted = "('approved', 'locked', 'paid', 'given', 'reversed')"
    earlier = "r.verdict = 'refuse' OR (r.verdict = 'pass' AND r.stage <> NEW.stage)"
    approver = f"{part('NEW.approved_by_id', 'NEW.id', f'({earlier})')} OR {close('NEW.approved_by_id', 'NEW.id')}"
    refused = "r.verdict = 'refuse'"
    another_stage = "r.verdict = 'pass' AND r.stage <> NEW.stage"
    return {
        f"{CLAIM}_same": (CLAIM, "UPDATE", changed(IDENTITY)),
        f"{CLAIM}_asked_of": (CLAIM, "UPDATE", f"OLD.claimed_on IS NOT NULL AND {changed(ASKED_OF)}"),
        f"{CLAIM}_granted": (
            CLAIM,
            "UPDATE",
            f"OLD.state IN {granted} AND NEW.state IN {granted} AND {changed(GRANTED)}",
        ),
        f"{CLAIM}_approver": (
            CLAIM,
            "UPDATE",
            f"NEW.approved_by_id IS NOT NULL AND {changed(('approved_by_id',))} AND ({approver})",
        ),
        f"{PAPER}_same": (PAPER, "UPDATE", changed(PAPER_OWN)),
        f"{REVIEW}_apart": (
            REVIEW,
            "INSERT",
            f"{of_claim('c.holder_id <> NEW.holder_id OR c.entered_by_id = NEW.by_id')} OR "
            f"{part('NEW.by_id', 'NEW.claim_id', refused)} OR {close('NEW.by_id', 'NEW.claim_id')} OR "
            f"EXISTS (SELECT 1 FROM {APPEAL} AS a WHERE a.claim_id = NEW.claim_id AND a.decided_by_id = NEW.by_id)",
        ),
        f"{REVIEW}_one_stage": (
            REVIEW,
            "INSERT",
            f"NEW.verdict = 'pass' AND {part('NEW.by_id', 'NEW.claim_id', another_stage)}",
        ),
        f"{APPEAL}_made": (
            APPEAL,
            "INSERT",
            f"{of_claim('c.holder_id <> NEW.holder_id')} OR NOT EXISTS (SELECT 1 FROM {REVIEW} AS r WHERE "
            "r.id = NEW.against_id AND r.claim_id = NEW.claim_id AND r.by_id = NEW.refused_by_id AND r.verdict = 'refuse')",
        ),
        f"{APPEAL}_same": (APPEAL, "UPDATE", changed(APPEAL_OWN)),
        f"{APPEAL}_ended": (
            APPEAL,
            "UPDATE",
            f"OLD.state <> 'open' AND {changed(('state', 'decided_by_id', 'decided_at'))}",
        ),
        f"{APPEAL}_apart": (
            APPEAL,
            "UPDATE",
            f"NEW.decided_by_id IS NOT NULL AND OLD.state = 'open' AND ({of_claim('c.entered_by_id = NEW.decided_by_id')} OR "
            f"{part('NEW.decided_by_id', 'NEW.claim_id', '1 = 1')} OR {close('NEW.decided_by_id', 'NEW.claim_id')})",
        ),
        f"{ENTRY}_holder": (ENTRY, "INSERT", of_claim("c.holder_id <> NEW.holder_id")),
    }


guard, unguard = refusing(STOP, _rules)
