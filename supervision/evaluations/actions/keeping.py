"""Keeping evaluation templates and the rule from how many people on answers are published."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.states import Refused
from supervision.evaluations.models import (
    EvaluationTemplate,
    PublicationRule,
)
from supervision.evaluations.states import About
from supervision.goals.models import Competency


@transaction.atomic
def save_evaluation_template(
    *,
    actor: Asker | None,
    organisation: Organisation,
    about: str,
    title: str,
    questions: Sequence[str],
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    days_open: int = 14,
    asks_fields: bool = False,
    competencies: Sequence[Competency] = (),
    template: EvaluationTemplate | None = None,
) -> EvaluationTemplate:
    """Keep a template. One by which somebody was asked already stays as it is, and what was edited is its next version.

    Raises Refused when a later version has replaced it. Side effect: an audit entry.
    """
    kept: dict[str, Any] = {
        "title": title.strip(),
        "questions": list(dict.fromkeys(each.strip() for each in questions if each.strip())),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "days_open": days_open,
        "asks_fields": asks_fields and about == About.MENTEE,
    }
    if template is None:
        row = EvaluationTemplate.objects.create(organisation=organisation, about=about, **kept)
    else:
        old = EvaluationTemplate.objects.select_for_update().get(pk=template.pk)
        if EvaluationTemplate.objects.filter(replaces=old).exists():
            raise Refused(_("A later version has replaced this one. Edit that one."))
        if old.evaluations.exists():
            row = EvaluationTemplate.objects.create(
                organisation=old.organisation, about=old.about, version=old.version + 1, replaces=old, **kept
            )
        else:
            row = old
            for name, value in kept.items():
                setattr(row, name, value)
            row.save()
    row.competencies.set(competencies if row.about == About.MENTEE else ())
    record(
        action="supervision.save_evaluation_template",
        target=row,
        actor=actor,
        organisation=row.organisation,
        after={"version": row.version, "starts_on": row.starts_on},
    )
    return row


def set_publication_rule(
    *, organisation: Organisation, minimum: int, starts_on: datetime.date, source: str, actor: Asker | None
) -> PublicationRule:
    """Set from how many people on evaluations are published, from a day on. Raises Refused when a rule of the place begins
    on that day. Side effect: audit."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                rule = PublicationRule.objects.create(
                    organisation=organisation, minimum=minimum, starts_on=starts_on, source=source.strip()
                )
        except IntegrityError:
            raise Refused(_("A rule of this place begins on that day already."))
        record(
            action="supervision.set_publication_rule",
            target=rule,
            actor=actor,
            organisation=organisation,
            after={"minimum": minimum, "starts_on": starts_on, "source": rule.source},
        )
    return rule
