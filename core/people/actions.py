"""Making people, and the acts on what the law calls sensitive."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.organisations.regions import known_county_codes
from core.people.models import Consent, Person, User
from core.people.policy import check_id_number


class IdRefused(ValueError):
    """The number is not valid or belongs to somebody else; the message says which in words."""


@transaction.atomic
def create_person(*, user: User, name: str, employer: Organisation | None = None, **fields: object) -> Person:
    """Make the person behind an account. `name` has been cleaned by policy."""
    return Person.objects.create(user=user, name=name, employer=employer, **fields)


@transaction.atomic
def set_id_number(*, person: Person, id_type: str, number: str, actor: Asker) -> list[str]:
    """Keep a person's ID number, sealed. Returns warnings to show (a region unknown to the table is no error).

    Raises IdRefused when the number is not valid, or is already kept for another person.
    """
    check = check_id_number(
        id_type, number, today=timezone.localdate(), known_regions=known_county_codes()
    )
    if check.errors:
        raise IdRefused(id_error_words(check.errors[0]))
    had = bool(person.id_hash)
    person.set_id_number(id_type, check.value)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        person.refresh_from_db()
        raise IdRefused(
            _("This number is already kept for another account. If it is yours, ask your administrator to look into it.")
        ) from error
    record(
        action="core.set_id_number",
        target=person,
        actor=actor,
        organisation=person.employer,
        before={"kept": had},
        after={"kept": True, "type": id_type},
    )
    return list(check.warnings)


@transaction.atomic
def reveal_id(*, person: Person, actor: Asker, reason: str) -> str:
    """The whole ID number, for one who may see it and says why. Every reveal is audited before it is shown."""
    record(action="core.reveal_id", target=person, actor=actor, organisation=person.employer, reason=reason)
    return person.id_number or ""


def id_error_words(code: str) -> str:
    """What is wrong with an ID number, in words that say what to do."""
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
    return sentences.get(code, _("This number does not have the form that its type of document has. Check it again."))


def give_consent(*, person: Person, purpose: str, version: str) -> Consent:
    """Log that the person agreed to this version of the words for this purpose; agreed again changes nothing."""
    return Consent.objects.get_or_create(person=person, purpose=purpose, version=version)[0]
