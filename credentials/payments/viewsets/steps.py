"""What somebody can do with a batch next, and why not."""

from __future__ import annotations

from typing import Any

from core.access.predicates import by_rule
from core.access.scope import Asker
from credentials.payments.actions.releasing import WHY_NOT, own_words
from credentials.payments.models import PaymentBatch
from credentials.payments.queries.apart import lines_with_a_part_of, who_releases, why_not_release
from credentials.payments.states import BatchState
from credentials.payments.viewsets.figures import who_can


def steps_of(row: PaymentBatch, user: Asker) -> dict[str, Any]:
    """What this officer may do with a batch; where it is not theirs to lock or release, why not and who can."""
    is_locked = row.state == BatchState.LOCKED
    why = why_not_release(row, user) if is_locked else ""
    may_lock = row.state == BatchState.DRAFT and by_rule(user, "credentials.lock_paymentbatch", row)
    own = lines_with_a_part_of(row, user) if may_lock else []
    takes_out = user.has_perm("credentials.take_out_paymentbatch", row)
    return {
        "works": user.has_perm("credentials.work_on_paymentbatch", row),
        "may_lock": may_lock,
        "why_not_lock": own_words(own) if own else "",
        "may_take_out": takes_out and row.state != BatchState.CANCELLED,
        "may_release": is_locked and not why,
        "may_return": is_locked and by_rule(user, "credentials.return_paymentbatch", row),
        "why_not": WHY_NOT.get(why, ""),
        "who_can": who_can(who_releases(row)) if why not in ("", "place") else "",
    }
