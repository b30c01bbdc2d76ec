"""Keeping agreement templates: one that an agreement rests on is never changed, its next version is made."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.states import Refused
from supervision.agreements.models import (
    AgreementTemplate,
)


@transaction.atomic
def save_agreement_template(
    *,
    actor: Asker | None,
    organisation: Organisation,
    title: str,
    sections: Mapping[str, str],
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    template: AgreementTemplate | None = None,
) -> AgreementTemplate:
    """Keep a template. One on which an agreement rests already stays as it is, and what was edited is its next version.

    Raises Refused when a later version has replaced it. Side effect: an audit entry.
    """
    kept: dict[str, Any] = {
        "title": title.strip(),
        "sections": {name: text.strip() for name, text in sections.items() if text.strip()},
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    if template is None:
        row = AgreementTemplate.objects.create(organisation=organisation, **kept)
    else:
        old = AgreementTemplate.objects.select_for_update().get(pk=template.pk)
        if AgreementTemplate.objects.filter(replaces=old).exists():
            raise Refused(_("A later version has replaced this one. Edit that one."))
        if old.agreements.exists():
            row = AgreementTemplate.objects.create(
                organisation=old.organisation, version=old.version + 1, replaces=old, **kept
            )
        else:
            row = old
            for name, value in kept.items():
                setattr(row, name, value)
            row.save()
    record(
        action="supervision.save_agreement_template",
        target=row,
        actor=actor,
        organisation=row.organisation,
        after={"version": row.version, "starts_on": row.starts_on},
    )
    return row
