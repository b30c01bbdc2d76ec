"""Handing an account that was made for somebody over to them, by a code."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from core.access.scope import scope_of
from core.access.states import Role
from core.audit.actions import entry_of, record, record_all
from core.people.actions.consents import give_consent
from core.people.models import Activation, User
from core.people.sealed import lookup_hash

CODE_LASTS = timedelta(days=30)
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
CODE_LENGTH = 12  # 59 bits


@transaction.atomic
def draw_codes(*, users: Iterable[User], sheet_id: int, actor: User) -> dict[int, str]:
    """New activation codes for those of these accounts that nobody has taken over yet, by account; older ones die.

    Only for accounts that this very table made, of people employed in the actor's tree: whoever merely names somebody
    else's account in a table of their own gets no code for it. The codes are returned once and kept as hashes only.
    Side effect: one audit entry for each account.
    """
    mine = scope_of(actor).q("user__person__employer", Role.ADMINISTRATOR)
    waiting = Activation.objects.waiting().filter(mine, user__in=users, sheet_id=sheet_id)
    codes, until = {}, timezone.now() + CODE_LASTS
    rows = list(waiting.select_related("user__person__employer"))
    for row in rows:
        row.drawn_by = actor
        code = "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))
        codes[row.user_id] = code
        row.code_hash, row.expires_at = lookup_hash("activation", f"{row.user_id}:{code}"), until
    Activation.objects.bulk_update(rows, ["code_hash", "expires_at", "drawn_by"], batch_size=200)
    record_all(
        entry_of(
            action="core.draw_codes",
            target=row.user.person,
            actor=actor,
            organisation=row.user.person.employer,
        )
        for row in rows
    )
    return codes


def activation_of(*, user: User | None, code: str) -> Activation | None:
    """The activation that this code opens for this account, if it is still valid and nobody has used the account yet."""
    if user is None:
        return None
    plain = "".join(code.split()).replace("-", "").upper()
    wanted = lookup_hash("activation", f"{user.pk}:{plain}")
    rows = Activation.objects.waiting().filter(user=user, expires_at__gt=timezone.now())
    return rows.filter(code_hash=wanted).select_related("user__person").first()


def void_code(*, user: User) -> bool:
    """The person has come in, by a code or by another way: no code opens this account any more. False when none waited."""
    waiting = Activation.objects.filter(user=user, used_at=None)
    return bool(waiting.update(used_at=timezone.now(), code_hash=None))


@transaction.atomic
def activate(*, activation: Activation, password: str, consent_version: str) -> bool:
    """Hand the account over to its person: a password, and their consents; False when that was done before, or when the
    person has come in by another way since the code was typed. The account stays locked meanwhile.

    The account may sign in by its number, but neither that nor its e-mail is confirmed: only a message that was
    answered shows whose it is, and the code was in the hands of an officer. Side effects, in order: the activation,
    the password, the consents, an audit entry.
    """
    user = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=activation.user_id)
    if not Activation.objects.waiting().filter(pk=activation.pk).exists() or not void_code(user=user):
        return False
    user.set_password(password)
    user.save(update_fields=["password"])
    if not user.has_mail:  # nothing to confirm: without this, allauth would ask for it at every sign-in
        EmailAddress.objects.filter(user=user).update(verified=True)
    give_consent(person=user.person, purpose="account", version=consent_version)
    if user.person.id_hash:
        give_consent(person=user.person, purpose="id_number", version=consent_version)
    record(action="core.activate", target=user.person, actor=user, organisation=user.person.employer)
    return True
