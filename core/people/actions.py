"""Making people, and the acts on what the law calls sensitive."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.actions import entry_of, record, record_all
from core.organisations.models import Organisation
from core.organisations.regions import known_county_codes
from core.people.models import (
    Activation,
    Consent,
    Person,
    ServiceField,
    User,
    placeholder_email,
)
from core.people.names import pinyin_of, search_text
from core.people.policy import IdType, check_id_number
from core.people.queries import is_name_kept
from core.people.sealed import lookup_hash
from core.signals import EmployerDecided, EmployerDeclared, employer_decided, employer_declared
from core.states import Refused

UNCONFIRMED_LASTS = timedelta(days=3)
CODE_LASTS = timedelta(days=30)
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
CODE_LENGTH = 12  # 59 bits


@dataclass
class NewPerson:
    """What is known of somebody who has no account yet; a mobile number or an e-mail at least."""

    name: str
    phone: str = ""
    email: str = ""
    id_type: str = ""
    id_number: str = ""
    employer: Organisation | None = None
    fields: list[ServiceField] = field(default_factory=list)
    practice: date | None = None


class PhoneTaken(Refused):
    """The mobile number belongs to another account."""


class NameKept(Refused):
    """The name stands on papers or was given with an ID number: an administrator over the person corrects it."""


class IdRefused(Refused):
    """The number is not valid or belongs to somebody else; the message says which in words."""


@transaction.atomic
def create_person(*, user: User, name: str, employer: Organisation | None = None, **fields: object) -> Person:
    """Make the person behind an account. `name` has been cleaned by policy."""
    return Person.objects.create(user=user, name=name, employer=employer, **fields)


@transaction.atomic
def create_people(*, rows: Sequence[NewPerson], actor: User, sheet_id: int) -> list[User]:
    """Accounts with their people, without a password, waiting to be activated; six statements for 500.

    `sheet_id` names the table (core.imports) that they stand in. Raises IntegrityError when somebody took a number, an
    e-mail or an ID number a moment earlier. Side effect: one audit entry for each account.
    """
    users = User.objects.bulk_create(_account(row) for row in rows)
    people = Person.objects.bulk_create(_person(user, row) for user, row in zip(users, rows, strict=True))
    for user, person in zip(users, people, strict=True):
        user.person = person
    through = Person.fields.through
    through.objects.bulk_create(
        through(person_id=person.pk, servicefield_id=service_field.pk)
        for person, row in zip(people, rows, strict=True)
        for service_field in row.fields
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=False) for user in users
    )
    Activation.objects.bulk_create(Activation(user=user, sheet_id=sheet_id, made_by=actor) for user in users)
    record_all(
        entry_of(
            action="core.create_people",
            target=person,
            actor=actor,
            organisation=person.employer,
            after={"import": sheet_id},
        )
        for person in people
    )
    return users


def _account(row: NewPerson) -> User:
    email = row.email or placeholder_email(lookup_hash("phone", row.phone))
    user = User(email=email, password=UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30))
    user.phone = row.phone or None
    return user


def _person(user: User, row: NewPerson) -> Person:
    """What Person.save works out is worked out here: bulk_create does not call it."""
    person = Person(user=user, name=row.name, employer=row.employer, practice_started_on=row.practice)
    person.pinyin, person.name_search = pinyin_of(row.name).sort_key[:200], search_text(row.name)[:500]
    person.set_id_number(row.id_type, row.id_number or None)
    return person


@transaction.atomic
def forget_unconfirmed() -> list[str]:
    """Delete accounts whose e-mail was never confirmed: they hold mobile numbers that may be somebody else's."""
    before = timezone.now() - UNCONFIRMED_LASTS
    rows = User.objects.filter(date_joined__lt=before, last_login=None, roles=None, is_superuser=False)
    rows = rows.exclude(emailaddress__verified=True).filter(emailaddress__isnull=False, activation=None)
    gone = list(rows.values_list("pk", flat=True))
    User.objects.filter(pk__in=gone).delete()
    return [f"account {pk}: never confirmed, deleted" for pk in gone]


@transaction.atomic
def save_profile(
    *, person: Person, actor: User, phone: str | None = None, fields: Iterable[ServiceField] = ()
) -> None:
    """Keep what was changed on a profile: the changed person itself, the mobile number, the fields.

    What people say about themselves: a name that papers rest on stays (NameKept is raised), and another employer is kept
    as declared until an administrator over it confirms it. An administrator's word counts at once. Raises PhoneTaken when
    somebody else took the number a moment earlier. Audited without any number. EmployerDeclared is sent last.
    """
    old = Person.objects.filter(pk=person.pk).select_related("employer").first()
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
    names = ("name", "employer_id", "declared_employer_id", "practice_started_on", "notice_mail", "notice_sms", "notice_wechat")  # fmt: skip
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


def name_kept_words(person: Person) -> str:
    """Why the name cannot be changed by its bearer, and whom to ask."""
    if person.employer is None:
        return _("Papers rest on this name. To have it corrected, ask the organisation that issued them.")
    words = _("Papers rest on this name. To have it corrected, ask an administrator of %(organisation)s.")
    return words % {"organisation": person.employer.name}


@transaction.atomic
def set_id_number(
    *, person: Person, id_type: str, number: str, consent_version: str, actor: Asker
) -> list[str]:
    """Keep a person's ID number, sealed, with the consent to it: both or neither.

    Returns warnings to show (a region unknown to the table is no error). Raises IdRefused when the number is not valid,
    or is already kept for another person.
    """
    check = check_id_number(id_type, number, today=timezone.localdate(), known_regions=known_county_codes())
    if check.errors:
        raise IdRefused(id_error_words(check.errors[0], id_type))
    had = bool(person.id_hash)
    person.set_id_number(id_type, check.value)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        person.refresh_from_db()
        raise IdRefused(
            _(
                "This number is already kept for another account. If it is yours, ask your administrator to look into it."
            )
        ) from error
    give_consent(person=person, purpose="id_number", version=consent_version)
    record(
        action="core.set_id_number",
        target=person,
        actor=actor,
        organisation=person.employer,
        before={"kept": had},
        after={"kept": True, "type": id_type, "consent": consent_version},
    )
    return list(check.warnings)


@transaction.atomic
def reveal_id(*, person: Person, actor: Asker, reason: str) -> str:
    """The whole ID number, for one who may see it and says why. Every reveal is audited before it is shown."""
    record(action="core.reveal_id", target=person, actor=actor, organisation=person.employer, reason=reason)
    return person.id_number or ""


@transaction.atomic
def save_service_field(*, field: ServiceField, actor: Asker) -> ServiceField:
    """Keep a new or changed field of the common list; audited at the top of the tree that the actor leads."""
    old = ServiceField.objects.filter(pk=field.pk).first()
    field.save()
    names = ("code", "name", "name_en", "position", "is_active")
    record(
        action="core.save_service_field",
        target=field,
        actor=actor,
        organisation=Organisation.objects.filter(scope_of(actor).q("", Role.ADMINISTRATOR))
        .order_by("path")
        .first(),
        before={name: getattr(old, name) for name in names} if old else None,
        after={name: getattr(field, name) for name in names},
    )
    return field


def id_error_words(code: str, id_type: str = IdType.RESIDENT_ID) -> str:
    """What is wrong with an ID number, in words that say what to do; those on its form are about the resident ID card."""
    if id_type != IdType.RESIDENT_ID and code in ("length", "characters"):
        code = "form"
    sentences = {
        "empty": _("Enter the number as it stands on the document."),
        "other_id_type": _("This is the number of another type of document. Choose the type that fits."),
        "length": _("A resident ID number has 18 characters. Count them again."),
        "length_15": _("This is an old number of 15 digits. Enter the 18 characters of the present card."),
        "characters": _("Only digits, and an X at the very end, stand in an ID number."),
        "check_digit": _("The last character does not match the others: one of them was mistyped."),
        "birth_date_impossible": _("The date of birth in the number does not exist. Check digits 7 to 14."),
        "birth_date_future": _("The date of birth in the number lies in the future. Check digits 7 to 14."),
        "too_old": _("The date of birth in the number is more than 120 years ago. Check digits 7 to 14."),
    }
    return sentences.get(
        code, _("This number does not have the form that its type of document has. Check it again.")
    )


@transaction.atomic
def remove_id_number(*, person: Person, actor: User) -> None:
    """Forget the number and withdraw the consent to keep it; what is printed on papers already issued stays there."""
    if not person.id_hash:
        return
    person.set_id_number("", None)
    person.save()
    person.consents.filter(purpose="id_number", withdrawn_at=None).update(withdrawn_at=timezone.now())
    record(
        action="core.remove_id_number",
        target=person,
        actor=actor,
        organisation=person.employer,
        before={"kept": True},
        after={"kept": False},
    )


def give_consent(*, person: Person, purpose: str, version: str) -> Consent:
    """Log that the person agreed to this version of the words for this purpose; a consent that stands is not doubled."""
    return Consent.objects.get_or_create(person=person, purpose=purpose, version=version, withdrawn_at=None)[
        0
    ]


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
    answered shows whose it is, and the code was in the hands of an officer. Side effects, in order: the activation, the password, the consents, an audit entry.
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
