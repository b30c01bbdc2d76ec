"""What was paid before this product, or elsewhere: entered with its proof, and entered anew where it was wrong."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.attachments.models import Attachment
from core.audit.actions import record
from core.organisations.models import Organisation
from core.people.models import Person, User
from core.people.queries import BOUND, is_bound_to
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.models import PaymentEntry
from credentials.claims.models.ledger import CORRECTION, EARLIER, LedgerQuerySet, source_of
from credentials.claims.queries.entered import entered_above, why_no_correction
from credentials.claims.queries.identity import number_of_account
from credentials.claims.states import EntryKind
from credentials.hours.actions import lock_people
from credentials.policies.models import SubsidyPolicy


def earlier_source(
    person: Person, policy: str, benefit: str, key: str, on: datetime.date, before: int = 0
) -> str:
    """What makes an earlier payment one: hashed, since codes and keys may be longer than the column. `before` is how many
    lines of the same there were that were corrected to something else since."""
    told = ":".join((policy, benefit, key, on.isoformat(), *([str(before)] if before else [])))
    return source_of(EARLIER, f"{person.pk}:{hashlib.sha256(told.encode()).hexdigest()[:40]}")


@transaction.atomic
def enter_earlier_payment(
    *,
    person: Person,
    authority: Organisation,
    policy: str,
    benefit: str,
    key: str,
    amount: Decimal,
    on: datetime.date,
    words: str,
    proof: Attachment,
    actor: Asker,
) -> PaymentEntry:
    """Enter what somebody was paid before this product, or elsewhere, with its proof: it counts against later claims.

    Raises ClaimRefused when the same was entered already, and for whoever enters nothing for this person, such as
    themselves. Side effects: the line, an audit entry.
    """
    assert isinstance(actor, User)
    _require_may_enter(person, actor)
    lock_people(person.pk)
    same = same_earlier(person, policy, benefit, key, on)
    source = earlier_source(person, policy, benefit, key, on, same.corrected().count())
    entry = _enter_earlier(
        same,
        person=person,
        authority=authority,
        policy=policy,
        benefit=benefit,
        key=key,
        amount=amount,
        on=on,
        words=words,
        proof=proof,
        id_hash=number_of_account(person),
        source=source,
        entered_by=actor,
    )
    record(
        action="credentials.enter_earlier_payment",
        target=entry,
        actor=actor,
        organisation=person.employer,
        after={"amount": str(amount), "policy": _name_of(policy), "benefit": benefit},
    )
    return entry


@transaction.atomic
def correct_earlier_payment(
    *,
    entry: PaymentEntry,
    authority: Organisation,
    policy: str,
    benefit: str,
    key: str,
    amount: Decimal,
    on: datetime.date,
    words: str,
    reason: str,
    proof: Attachment,
    actor: Asker,
) -> PaymentEntry:
    """Enter an earlier payment anew, as its proof says it, in the place of a line that was entered wrongly: that line stays
    in the ledger and counts no more.

    Raises ClaimRefused without a reason, for whoever enters nothing for this person, where it was entered above them
    (`entered_above`), when it is no earlier payment or was corrected already, when nothing is different, or the right one is entered already in another line. Side effects, in
    order: the person's row is locked; the line; an audit entry with the reason.
    """
    assert isinstance(actor, User)
    lock_people(entry.person_id)
    row = PaymentEntry.objects.select_related("person__employer", "authority").get(pk=entry.pk)
    said: dict[str, Any] = {"policy": policy, "benefit": benefit, "key": key, "amount": amount, "on": on}
    _require_correction(row, said, reason, actor)
    same = same_earlier(row.person, policy, benefit, key, on).exclude(pk=row.pk)
    new = _enter_earlier(
        same,
        person=row.person,
        authority=authority,
        words=words,
        proof=proof,
        # Whose it was stays, whatever the account keeps.
        id_hash=row.id_hash or number_of_account(row.person),
        source=source_of(CORRECTION, row.pk),
        entered_by=actor,
        **said,
    )
    record(
        action="credentials.correct_earlier_payment",
        target=new,
        actor=actor,
        organisation=row.person.employer,
        before=_told(row),
        after=_told(new),
        reason=reason,
    )
    return new


def _require_correction(row: PaymentEntry, said: Mapping[str, Any], reason: str, actor: User) -> None:
    """Raise ClaimRefused where a line is not corrected to this."""
    _require_may_enter(row.person, actor)
    if not by_rule(actor, "credentials.correct_paymententry", row):
        raise ClaimRefused(why_no_correction(row, entered_above([row], actor)))
    if row.kind != EntryKind.EARLIER:
        raise ClaimRefused(_("Only what was entered as an earlier payment is corrected here."))
    if PaymentEntry.objects.corrected().filter(pk=row.pk).exists():
        raise ClaimRefused(_("This payment was corrected already."))
    if not reason.strip():
        raise ClaimRefused(_("Write why it is corrected."))
    if all(getattr(row, name) == value for name, value in said.items()):
        raise ClaimRefused(_("Nothing is different from what was entered."))


def _require_may_enter(person: Person, actor: User) -> None:
    """Raise ClaimRefused for whoever enters nothing for this person, saying why."""
    if by_rule(actor, "credentials.enter_claim", person):
        return
    if person.user_id == actor.pk:
        raise ClaimRefused(_("Nobody enters payments of their own."))
    if is_bound_to(actor, person):
        raise ClaimRefused(str(BOUND))
    raise ClaimRefused(
        _("Only administrators of the employer, or above it, enter what somebody was paid before.")
    )


def same_earlier(person: Person, policy: str, benefit: str, key: str, on: datetime.date) -> LedgerQuerySet:
    """The lines of the same earlier payment, those that were corrected too."""
    rows = PaymentEntry.objects.filter(person=person, kind=EntryKind.EARLIER, policy=policy, benefit=benefit)
    return rows.filter(key=key, on=on)


def _enter_earlier(same: LedgerQuerySet, *, person: Person, **said: Any) -> PaymentEntry:
    """The line. Raises ClaimRefused where one of the same stands."""
    try:
        if not same.standing().exists():
            with transaction.atomic():
                return PaymentEntry.objects.create(
                    person=person,
                    holder_id=person.user_id,
                    kind=EntryKind.EARLIER,
                    **said,
                )
    except IntegrityError:  # entered a moment earlier, if that is it
        if not same.standing().exists() and not PaymentEntry.objects.filter(source=said["source"]).exists():
            raise
    raise ClaimRefused(_("This payment was entered already. If something in it is wrong, correct that line."))


def _told(row: PaymentEntry) -> dict[str, str]:
    """A line as the audit tells it."""
    named = {"policy": _name_of(row.policy), "benefit": row.benefit, "for": row.key}
    return {"amount": f"{row.amount:.2f}", "on": row.on.isoformat(), **named}


def _name_of(code: str) -> str:
    """What the policy of this code is called: nobody who reads the audit knows codes."""
    return SubsidyPolicy.objects.filter(code=code).values_list("name", flat=True).first() or code
