"""Telling graduates in time that the months are over which they have to prove, and officers that a proof still waits."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from credentials.internships.actions.telling import ask_officers, tell_student
from credentials.internships.models import Internship
from credentials.internships.policy import Progress
from credentials.internships.queries import employed_after, months_asked, progress_in
from credentials.internships.states import ProofState

AGAIN_DAYS = (0, 30, 90)  # so long after the last of the months, as long as they are not proved
WAITS_DAYS = 14  # a proof that nobody has looked at for so long is asked about again


def remind_interns(today: datetime.date | None = None) -> int:
    """Ask whoever is employed after an internship for the proof of the months that are over by now, and the officers for
    their word on a proof that waits; returns how many there were. Safe at any time: each is told once for each distance.
    Side effects: notices."""
    today = today or timezone.localdate()
    asked: dict[int, int] = {}
    count = 0
    for row in employed_after():
        if row.authority_id not in asked:
            asked[row.authority_id] = months_asked(row.authority)
        if any(each.state == ProofState.DECLARED for each in row.proofs.all()):
            count += _ask_again(row, today)
        else:
            count += _remind(row, progress_in(row, asked[row.authority_id]), today)
    return count


def _remind(row: Internship, progress: Progress, today: datetime.date) -> bool:
    if progress.is_full or progress.stretch is None or progress.stretch.is_ended or progress.full_on is None:
        return False
    over = (today - progress.full_on).days
    reached = [days for days in AGAIN_DAYS if days < over]
    if not reached:
        return False
    tell_student(
        row,
        gettext_noop("Prove that you are still employed: %(station)s"),
        gettext_noop(
            "The months that count after your internship are over. Hand in the proof, then you can claim."
        ),
        f"months-over:{progress.full_on}:{reached[-1]}",
    )
    return True


def _ask_again(row: Internship, today: datetime.date) -> bool:
    for proof in row.proofs.all():
        since = timezone.localdate(proof.created_at)
        if proof.state == ProofState.DECLARED and (today - since).days >= WAITS_DAYS:
            ask_officers(
                proof,
                gettext_noop("The proof of employment of %(name)s still waits"),
                gettext_noop("Compare it with its papers, and verify it or return it."),
                "still-waits",
            )
            return True
    return False
