"""An administrator confirms where somebody says that they work, or does not."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.people.models import Person
from core.signals import EmployerDecided, employer_decided
from core.states import Refused


@transaction.atomic
def confirm_employer(*, person: Person, actor: Asker) -> None:
    """An administrator over it confirms where somebody says that they work: from now on that is their employer.

    Raises Refused for one's own declaration, and when it was taken back or decided meanwhile. Side effects, in order: the
    person; an audit entry at the new organisation; EmployerDecided.
    """
    had, declared = person.employer_id, _take_declaration(person, actor, confirmed=True)
    record(
        action="core.confirm_employer",
        target=person,
        actor=actor,
        organisation=declared,
        before={"employer_id": had, "declared_employer_id": declared.pk},
        after={"employer_id": declared.pk, "declared_employer_id": None},
    )
    told = EmployerDecided(person.pk, declared.pk, is_confirmed=True)
    employer_decided.send(Person, event=told)


@transaction.atomic
def refuse_employer(*, person: Person, reason: str, actor: Asker) -> None:
    """Somebody does not work where they said; the employer stays what it was. Raises and tells as `confirm_employer`."""
    if not reason.strip():
        raise Refused(_("Write the reason: the person will read it."))
    declared = _take_declaration(person, actor, confirmed=False)
    record(
        action="core.refuse_employer",
        target=person,
        actor=actor,
        organisation=declared,
        before={"declared_employer_id": declared.pk},
        after={"declared_employer_id": None},
        reason=reason.strip(),
    )
    told = EmployerDecided(person.pk, declared.pk, is_confirmed=False, reason=reason.strip())
    employer_decided.send(Person, event=told)


def _take_declaration(person: Person, actor: Asker, *, confirmed: bool) -> Organisation:
    """What was declared, which no longer waits; the employer too if it is confirmed. Only one of two clicks gets it."""
    declared = person.declared_employer
    if actor.pk == person.user_id:
        raise Refused(_("Nobody confirms their own employer. Ask another administrator."))
    changes: dict[str, Any] = {"declared_employer": None, "declared_at": None}
    if confirmed:
        changes["employer"] = declared
    rows = Person.objects.filter(pk=person.pk, declared_employer=declared)
    if declared is None or not rows.update(**changes):
        raise Refused(_("This was taken back or decided in the meantime. Nothing was changed now."))
    person.refresh_from_db()
    return declared
