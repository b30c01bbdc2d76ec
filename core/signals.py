"""What core tells the features above it. Sent inside the transaction of the act, with `event=` one of these."""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class EmployerDeclared:
    """Somebody says that they work at an organisation; its administrators are to confirm it."""

    person_id: int
    organisation_id: int


@dataclass(frozen=True)
class EmployerDecided:
    """An administrator has confirmed what was declared, or has said why it is not so (`reason`)."""

    person_id: int
    organisation_id: int
    is_confirmed: bool
    reason: str = ""


@dataclass(frozen=True)
class ProfileSaved:
    """What is known of a person was changed: the name, the employer, the fields of service, the time in practice."""

    person_id: int


@dataclass(frozen=True)
class IdNumberKept:
    """Somebody's ID number has become known, or another one of theirs."""

    person_id: int


@dataclass(frozen=True)
class OrganisationChanged:
    """What is known of an organisation was changed; `fields` are their names (“name”, “tier” …)."""

    organisation_id: int
    fields: tuple[str, ...]


employer_declared = Signal()
employer_decided = Signal()
id_number_kept = Signal()
profile_saved = Signal()
organisation_changed = Signal()
