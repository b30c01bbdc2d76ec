"""Keeping the list of levels, and saying from a day on what one is called and how it is passed."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.actions import record
from core.organisations.models import Organisation
from core.states import Refused
from credentials.qualifications.models import LevelTerms, QualificationLevel


@transaction.atomic
def save_level(*, level: QualificationLevel, actor: Asker) -> QualificationLevel:
    """Keep a new or changed level. Side effects: the row; an audit entry at the top of the tree that the actor leads."""
    old = QualificationLevel.objects.filter(pk=level.pk).first()
    level.save()
    names = ("code", "name", "name_en", "target_hours", "position", "is_active")
    top = Organisation.objects.filter(scope_of(actor).q("", Role.ADMINISTRATOR)).order_by("path").first()
    record(
        action="credentials.save_level",
        target=level,
        actor=actor,
        organisation=top,
        before={name: getattr(old, name) for name in names} if old else None,
        after={name: getattr(level, name) for name in names},
    )
    return level


@transaction.atomic
def add_level_terms(
    *,
    level: QualificationLevel,
    organisation: Organisation | None,
    starts_on: datetime.date,
    name: str,
    source: str,
    actor: Asker,
    name_en: str = "",
    department: str = "",
    subjects: str = "",
    window_years: int = 1,
    slip_years: int = 0,
    number_forms: str = "",
) -> LevelTerms:
    """Say from a day on what a level is called at a place, who answers for it, and how its examination is passed.

    Raises Refused when this place has said so from that very day. Side effects: a row, an audit entry.
    """
    terms = LevelTerms(
        level=level, organisation=organisation, starts_on=starts_on, name=name.strip(), name_en=name_en.strip(),
        department=department.strip(), subjects=subjects.strip(), window_years=window_years, slip_years=slip_years,
        number_forms=number_forms.strip(), source=source.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            terms.save()
    except IntegrityError:
        raise Refused(_("This level has terms from this day already. Choose another day."))
    record(
        action="credentials.add_level_terms",
        target=terms,
        actor=actor,
        organisation=organisation,
        after={"level": level.code, "name": terms.name, "starts_on": starts_on.isoformat()},
    )
    return terms
