"""ID numbers, sealed: kept with consent, shown with a reason, forgotten at once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.regions import known_county_codes
from core.people.actions.consents import give_consent
from core.people.models import Person, User
from core.people.policy import IdType, check_id_number
from core.people.queries import why_id_kept
from core.signals import IdNumberKept, id_number_kept
from core.states import Refused


class IdRefused(Refused):
    """The number is not valid, belongs to somebody else, or stays for now; the message says which in words."""


@transaction.atomic
def set_id_number(
    *, person: Person, id_type: str, number: str, consent_version: str, actor: Asker
) -> list[str]:
    """Keep a person's ID number, sealed, with the consent to it: both or neither.

    Returns warnings to show (a region unknown to the table is no error). Raises IdRefused when the number is not valid,
    is already kept for another person, or takes the place of one that something rests on. Side effects: the person's row
    is locked; the row; the consent; an audit entry; `IdNumberKept` is sent.
    """
    check = check_id_number(id_type, number, today=timezone.localdate(), known_regions=known_county_codes())
    if check.errors:
        raise IdRefused(id_error_words(check.errors[0], id_type))
    before = _locked_hash(person)
    person.set_id_number(id_type, check.value)
    if before and before != person.id_hash:
        _require_free(person)
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
        before={"kept": bool(before)},
        after={"kept": True, "type": id_type, "consent": consent_version},
    )
    id_number_kept.send(Person, event=IdNumberKept(person.pk))
    return list(check.warnings)


def _locked_hash(person: Person) -> str:
    """The hash of the number that is kept now; the row is locked, so that whatever rests on it waits, or is seen."""
    rows = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk=person.pk)
    return rows.values_list("id_hash", flat=True).first() or ""


def _require_free(person: Person) -> None:
    if why := why_id_kept(person):
        person.refresh_from_db(fields=["id_type", "id_sealed", "id_hash"])
        raise IdRefused(why)


@transaction.atomic
def reveal_id(*, person: Person, actor: Asker, reason: str) -> str:
    """The whole ID number, for one who may see it and says why. Every reveal is audited before it is shown."""
    record(action="core.reveal_id", target=person, actor=actor, organisation=person.employer, reason=reason)
    return person.id_number or ""


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
    """Forget the number and withdraw the consent to keep it; what is printed on papers already issued stays there.

    Raises IdRefused while something rests on it. Side effects: the person's row is locked; rows; an audit entry.
    """
    if not _locked_hash(person):
        return
    _require_free(person)
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
