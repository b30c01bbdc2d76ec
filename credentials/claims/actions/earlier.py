"""What somebody was paid before this product, or elsewhere: entered with its proof, and counted against later claims."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal

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
from credentials.claims.queries.identity import identity_of
from credentials.claims.states import EntryKind
from credentials.hours.actions import lock_people
from credentials.policies.models import SubsidyPolicy


def earlier_source(person: Person, policy: str, benefit: str, key: str, on: datetime.date) -> str:
    """What makes an earlier payment one: hashed, since codes and keys may be longer than the column."""
    told = ":".join((policy, benefit, key, on.isoformat()))
    return f"earlier:{person.pk}:{hashlib.sha256(told.encode()).hexdigest()[:40]}"


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

    Raises ClaimRefused when the same was entered already, and for whoever enters nothing for this person, such as themselves.
    Side effects: the line, an audit entry.
    """
    assert isinstance(actor, User)
    if not by_rule(actor, "credentials.enter_claim", person):
        raise ClaimRefused(_why_not_enter(person, actor))
    lock_people(person.pk)
    source = earlier_source(person, policy, benefit, key, on)
    try:
        with transaction.atomic():
            entry = PaymentEntry.objects.create(
                person=person,
                id_hash=identity_of(person)["id_hash"],
                holder_id=person.user_id,
                authority=authority,
                kind=EntryKind.EARLIER,
                policy=policy,
                benefit=benefit,
                key=key,
                amount=amount,
                on=on,
                source=source,
                words=words,
                proof=proof,
                entered_by=actor,
            )
    except IntegrityError:
        if not PaymentEntry.objects.filter(source=source).exists():
            raise
        raise ClaimRefused(_("This payment was entered already."))
    record(
        action="credentials.enter_earlier_payment",
        target=entry,
        actor=actor,
        organisation=person.employer,
        after={"amount": str(amount), "policy": _name_of(policy), "benefit": benefit},
    )
    return entry


def _why_not_enter(person: Person, actor: User) -> str:
    if person.user_id == actor.pk:
        return _("Nobody enters payments of their own.")
    if is_bound_to(actor, person):
        return str(BOUND)
    return _("Only administrators of the employer, or above it, enter what somebody was paid before.")


def _name_of(code: str) -> str:
    """What the policy of this code is called: nobody who reads the audit knows codes."""
    return SubsidyPolicy.objects.filter(code=code).values_list("name", flat=True).first() or code
