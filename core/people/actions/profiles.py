"""What people say about themselves, and what an administrator corrects."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.actions import record
from core.people.models import Person, ServiceField, User
from core.people.queries import is_name_kept
from core.signals import EmployerDeclared, ProfileSaved, employer_declared, profile_saved
from core.states import Refused


class PhoneTaken(Refused):
    """The mobile number belongs to another account."""


class NameKept(Refused):
    """The name stands on papers or was given with an ID number: an administrator over the person corrects it."""


@transaction.atomic
def save_profile(
    *, person: Person, actor: User, phone: str | None = None, fields: Iterable[ServiceField] = ()
) -> None:
    """Keep what was changed on a profile: the changed person itself, the mobile number, the fields.

    What people say about themselves: a name that papers rest on stays (NameKept is raised), and another employer is kept
    as declared until an administrator over it confirms it. An administrator's word counts at once. Raises PhoneTaken when
    somebody else took the number a moment earlier. The row is locked first. Audited without any number. EmployerDeclared
    and ProfileSaved are sent last.
    """
    rows = Person.objects.select_for_update(no_key=True, of=("self",))
    old = rows.filter(pk=person.pk).select_related("employer").first()
    had = person.user.phone
    declares = False
    if old is not None and actor.pk == person.user_id:
        if old.name != person.name and is_name_kept(old):
            raise NameKept(name_kept_words(old))
        declares = _declare(person, old)
    elif person.declared_employer_id and person.declared_employer_id == person.employer_id:
        person.declared_employer, person.declared_at = None, None
    person.save()
    person.fields.set(fields)
    if phone is not None and (phone or None) != had:
        person.user.phone, person.user.phone_verified = phone, False
        try:
            with transaction.atomic():
                person.user.save(update_fields=["phone_sealed", "phone_hash", "phone_verified"])
        except IntegrityError as error:
            raise PhoneTaken from error
    names = ("name", "employer_id", "declared_employer_id", "languages", "practice_started_on", "notice_mail", "notice_sms", "notice_wechat")  # fmt: skip
    changed = [name for name in names if old is None or getattr(old, name) != getattr(person, name)]
    after: dict[str, object] = {name: getattr(person, name) for name in changed}
    if (person.user.phone or None) != had:
        after["phone"] = "changed" if person.user.phone else "removed"
    if after:
        record(
            action="core.save_profile",
            target=person,
            actor=actor,
            organisation=person.employer or (old.employer if old else None) or person.declared_employer,
            before={name: getattr(old, name) for name in changed} if old else None,
            after=after,
        )
    if declares and person.declared_employer_id:
        told = EmployerDeclared(person.pk, person.declared_employer_id)
        employer_declared.send(Person, event=told)
    profile_saved.send(Person, event=ProfileSaved(person.pk))


def _declare(person: Person, old: Person) -> bool:
    """Take the employer that somebody chose for themself as declared; whether it is a new declaration.

    Choosing the present employer takes a declaration back; choosing none ends the employment at once, since that opens
    nothing to anybody.
    """
    wanted = person.employer
    person.employer = old.employer if wanted else None
    if wanted is None or wanted.pk == old.employer_id:
        person.declared_employer, person.declared_at = None, None
        return False
    if wanted.pk == old.declared_employer_id:
        return False
    person.declared_employer, person.declared_at = wanted, timezone.now()
    return True


def name_kept_words(person: Person) -> str:
    """Why the name cannot be changed by its bearer, and whom to ask."""
    if person.employer is None:
        return _("Papers rest on this name. To have it corrected, ask the organisation that issued them.")
    words = _("Papers rest on this name. To have it corrected, ask an administrator of %(organisation)s.")
    return words % {"organisation": person.employer.name}
