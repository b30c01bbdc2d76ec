"""Making people with their accounts, and deleting accounts that nobody ever confirmed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils import timezone

from core.audit.actions import entry_of, record_all
from core.organisations.models import Organisation
from core.people.models import Activation, Person, ServiceField, User, placeholder_email
from core.people.names import pinyin_of, search_text
from core.people.sealed import lookup_hash

UNCONFIRMED_LASTS = timedelta(days=3)


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
