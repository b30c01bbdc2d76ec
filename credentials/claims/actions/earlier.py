"""What was paid before this product, or elsewhere: entered with its proof, and entered anew where it was wrong."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

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


@dataclass(frozen=True)
class Earlier:
    """What somebody was paid before, as its proof says it: by whose policy and for what (a claim for the same is called so),
    how much, on which day, and where that stands."""

    authority: Organisation
    policy: str
    benefit: str
    key: str
    amount: Decimal
    on: datetime.date
    words: str
    proof: Attachment

    @property
    def counted(self) -> dict[str, Any]:
        """What of it makes a difference to a claim."""
        return {name: getattr(self, name) for name in ("policy", "benefit", "key", "amount", "on")}


def earlier_source(
    person: Person, policy: str, benefit: str, key: str, on: datetime.date, before: int = 0
) -> str:
    """What makes an earlier payment one: hashed, since codes and keys may be longer than the column. `before` is how many
    lines of the same there were that were corrected to something else since."""
    told = ":".join((policy, benefit, key, on.isoformat(), *([str(before)] if before else [])))
    return source_of(EARLIER, f"{person.pk}:{hashlib.sha256(told.encode()).hexdigest()[:40]}")


@transaction.atomic
def enter_earlier_payment(*, person: Person, earlier: Earlier, actor: Asker) -> PaymentEntry:
    """Enter what somebody was paid before this product, or elsewhere, with its proof: it counts against later claims.

    Raises ClaimRefused when the same was entered already, and for whoever enters nothing for this person, such as
    themselves. Side effects, in order: the person's row is locked; the line; an audit entry.
    """
    assert isinstance(actor, User)
    _require_may_enter(person, actor)
    lock_people(person.pk)
    row = Person.objects.select_related("employer").get(pk=person.pk)  # with the ID number of now
    same = _same_earlier(row, earlier)
    before = same.corrected().count()
    source = earlier_source(row, earlier.policy, earlier.benefit, earlier.key, earlier.on, before)
    kept = {"id_hash": number_of_account(row), "source": source, "entered_by": actor}
    entry = _enter_earlier(same, row, earlier, **kept)
    record(
        action="credentials.enter_earlier_payment",
        target=entry,
        actor=actor,
        organisation=row.employer,
        after={
            "amount": str(earlier.amount),
            "policy": _name_of(earlier.policy),
            "benefit": earlier.benefit,
        },
    )
    return entry


@transaction.atomic
def correct_earlier_payment(
    *, entry: PaymentEntry, earlier: Earlier, reason: str, actor: Asker
) -> PaymentEntry:
    """Enter an earlier payment anew, as its proof says it, in the place of a line that was entered wrongly: that line stays
    in the ledger and counts no more.

    Raises ClaimRefused without a reason, for whoever enters nothing for this person, where it was entered above them
    (`entered_above`), when it is no earlier payment or was corrected already, when nothing is different, or the right one is
    entered already in another line. Side effects, in order: the person's row is locked; the line; an audit entry with the
    reason.
    """
    assert isinstance(actor, User)
    lock_people(entry.person_id)
    row = PaymentEntry.objects.select_related("person__employer", "authority").get(pk=entry.pk)
    _require_correction(row, earlier, reason, actor)
    # Whose it was stays, whatever the account keeps.
    return _correct(row, earlier, row.id_hash or number_of_account(row.person), reason, actor)


def _correct(
    row: PaymentEntry, earlier: Earlier, number: str, reason: str, actor: User | None
) -> PaymentEntry:
    """The line in the place of this one, of this ID number; where nobody does it, in the name of whoever entered that one."""
    same = _same_earlier(row.person, earlier).exclude(pk=row.pk)
    kept = {"id_hash": number, "source": source_of(CORRECTION, row.pk)}
    new = _enter_earlier(same, row.person, earlier, **kept, entered_by=actor or row.entered_by)
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


def hold_to_number(person_id: int) -> None:
    """The number of somebody's ID has become known: what was entered of them before without one is entered anew with it, so
    that it counts for them in whatever account. Call in a transaction. Side effects, for each such line: as of a correction, in
    the name of whoever entered it."""
    lock_people(person_id)
    rows = PaymentEntry.objects.standing().filter(person=person_id, kind=EntryKind.EARLIER, id_hash="")
    for row in rows.select_related("person__employer", "authority", "entered_by", "proof").order_by("pk"):
        assert row.proof is not None  # a constraint
        said = {one.name: getattr(row, one.name) for one in fields(Earlier)}
        if number := row.person.id_hash:
            with override("zh-hans"):  # as the audit is
                reason = _("The ID number of the person has become known; nothing else is different.")
            _correct(row, Earlier(**said), number, reason, None)


def _require_correction(row: PaymentEntry, earlier: Earlier, reason: str, actor: User) -> None:
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
    if all(getattr(row, name) == value for name, value in earlier.counted.items()):
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


def _same_earlier(person: Person, earlier: Earlier) -> LedgerQuerySet:
    """The lines of the same earlier payment, those that were corrected too."""
    what = {name: said for name, said in earlier.counted.items() if name != "amount"}
    return PaymentEntry.objects.filter(person=person, kind=EntryKind.EARLIER, **what)


def _enter_earlier(same: LedgerQuerySet, person: Person, earlier: Earlier, **kept: Any) -> PaymentEntry:
    """The line. Raises ClaimRefused where one of the same stands."""
    try:
        if not same.standing().exists():
            with transaction.atomic():
                return PaymentEntry.objects.create(
                    person=person,
                    holder_id=person.user_id,
                    kind=EntryKind.EARLIER,
                    **{one.name: getattr(earlier, one.name) for one in fields(earlier)},
                    **kept,
                )
    except IntegrityError:  # entered a moment earlier, if that is it
        if not same.standing().exists() and not PaymentEntry.objects.filter(source=kept["source"]).exists():
            raise
    raise ClaimRefused(_("This payment was entered already. If something in it is wrong, correct that line."))


def _told(row: PaymentEntry) -> dict[str, str]:
    """A line as the audit tells it."""
    named = {"policy": _name_of(row.policy), "benefit": row.benefit, "for": row.key}
    return {"amount": f"{row.amount:.2f}", "on": row.on.isoformat(), **named}


def _name_of(code: str) -> str:
    """What the policy of this code is called: nobody who reads the audit knows codes."""
    return SubsidyPolicy.objects.filter(code=code).values_list("name", flat=True).first() or code
