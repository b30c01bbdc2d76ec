"""What every verb of payment asks first: whether this officer may, by the permission table, and how the batch stands now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.people.models import User
from core.states import Refused
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.queries.apart import barred_from, why_not_enter
from credentials.policies.models import SubsidyPolicy

# Of payments and their reversals, by the keys of `payments.queries.apart`; each verb has its own words for the others.
APART: dict[str, Any] = {
    "entered": gettext_lazy("You have entered a claim that it is about: somebody else does it."),
    "decided": gettext_lazy("You have decided about a claim that it is about: somebody else does it."),
    "heard": gettext_lazy("You have decided an appeal of a claim that it is about: somebody else does it."),
    "conflict": gettext_lazy(
        "You have declared a conflict of interest in a claim that it is about: somebody else does it."
    ),
    "close": gettext_lazy(
        "Your account or your role was given by somebody who claims, or has entered the claim: somebody else does it."
    ),
    "tied": gettext_lazy(
        "Your account or your role was given by somebody who decided about a claim that it is about: somebody else does it."
    ),
    "giver": gettext_lazy(
        "You gave their role to a colleague who claims, or has entered or decided about the claim: somebody else does it."
    ),
    "same": gettext_lazy(
        "One colleague is behind your role, behind that of whoever began it, and behind all who passed a claim that it is "
        "about: somebody else does it."
    ),
}


class PaymentRefused(Refused):
    """What was asked of a payment cannot be done; the sentence says why."""


def require(actor: Asker, verb: str, of: Any, why: Any) -> User:
    """Whoever may do this by the rule `credentials.<verb>`, asked of `of`. Raises PaymentRefused with the sentence `why`."""
    if not isinstance(actor, User) or not by_rule(actor, f"credentials.{verb}", of):
        raise PaymentRefused(str(why))
    return actor


def require_builder(actor: Asker, policy: SubsidyPolicy) -> User:
    """Raises PaymentRefused for whoever builds no batches of this policy."""
    return require(actor, "build_paymentbatch", policy, finance_only())


def require_finance(actor: Asker, batch: PaymentBatch) -> User:
    """Raises PaymentRefused for whoever does not work on this batch: no finance officer at or above the authority."""
    return require(actor, "work_on_paymentbatch", batch, finance_only())


def require_all(actor: Asker, lines: list[PaymentLine]) -> None:
    """Raises PaymentRefused, naming the first, where this officer enters nothing of what became of one of these lines of a
    batch. One query for them all, where nothing is against it."""
    if not by_rule(actor, "credentials.settle_paymentline", lines):
        barred = barred_from(lines, actor)
        line = next((each for each in lines if each.pk in barred), lines[0])
        raise PaymentRefused(_why_barred(line, barred.get(line.pk, "")))


def why_not_answer(line: PaymentLine, actor: Asker) -> str:
    """In words why this officer enters nothing of what became of the line (`why_not_enter`)."""
    return _why_barred(line, why_not_enter(line, actor))


def _why_barred(line: PaymentLine, why: str) -> str:
    number = {"number": line.position}
    if why == "own":
        return _("Line %(number)d is your own: somebody else enters it.") % number
    return _("Line %(number)d: %(why)s") % {**number, "why": APART[why]} if why in APART else finance_only()


def finance_only() -> str:
    return _("Only finance officers of the authority, or above it, make payments.")


def locked(batch: PaymentBatch) -> PaymentBatch:
    """The row as it is now, locked until the transaction ends."""
    rows = PaymentBatch.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("authority", "policy").get(pk=batch.pk)
