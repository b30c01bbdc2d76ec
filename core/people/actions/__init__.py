"""Making people (accounts), handing their accounts over to them (activation), what they say of themselves
(profiles) and who confirms where they work (employers), what they agree to (consents) and the number that the law calls
sensitive (id_numbers); and the common list of fields of service (service_fields)."""

from core.people.actions.accounts import NewPerson, create_people, create_person, forget_unconfirmed
from core.people.actions.activation import activate, activation_of, draw_codes, void_code
from core.people.actions.consents import give_consent, has_consented, withdraw_consent
from core.people.actions.employers import confirm_employer, refuse_employer
from core.people.actions.id_numbers import (
    IdRefused,
    id_error_words,
    remove_id_number,
    reveal_id,
    set_id_number,
)
from core.people.actions.profiles import NameKept, PhoneTaken, name_kept_words, save_profile
from core.people.actions.service_fields import save_service_field

__all__ = [
    "IdRefused",
    "NameKept",
    "NewPerson",
    "PhoneTaken",
    "activate",
    "activation_of",
    "confirm_employer",
    "create_people",
    "create_person",
    "draw_codes",
    "forget_unconfirmed",
    "give_consent",
    "has_consented",
    "id_error_words",
    "name_kept_words",
    "refuse_employer",
    "remove_id_number",
    "reveal_id",
    "save_profile",
    "save_service_field",
    "set_id_number",
    "void_code",
    "withdraw_consent",
]
