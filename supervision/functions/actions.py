"""Adding a function at a place, and ending one. Nothing is renamed or deleted: records keep the names they were made under."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.pdf.faces import describe_character, missing_glyphs
from core.states import Refused
from supervision.functions.models import LocalFunction
from supervision.functions.states import RESERVED


class FunctionRefused(Refused):
    """A function cannot be so. `field` says which field wants a change."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


@transaction.atomic
def add_function(
    *,
    organisation: Organisation,
    name: str,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    source: str,
    actor: Asker | None,
) -> LocalFunction:
    """Let sessions at a place and below it have one more function, from a day on. Raises FunctionRefused when it has the
    name of one of the three, when the same one holds there in those days, and for characters that no paper can print.

    Side effect: an audit entry.
    """
    name = name.strip()
    if name.casefold() in {each.casefold() for each in RESERVED}:
        raise FunctionRefused("name", _("This is one of the three functions that are always there."))
    if missing := missing_glyphs(name):
        words = _("These characters cannot be printed: %(characters)s.")
        raise FunctionRefused("name", words % {"characters": "、".join(map(describe_character, missing))})
    if ends_on is not None and ends_on < starts_on:
        raise FunctionRefused("ends_on", _("The last day must not be before the first."))
    place = Organisation.objects.select_for_update().get(pk=organisation.pk)
    others = LocalFunction.objects.filter(organisation=place, name=name)
    if ends_on is not None:
        others = others.filter(starts_on__lte=ends_on)
    if others.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).exists():
        raise FunctionRefused("starts_on", _("This function is in force there in those days already."))
    row = LocalFunction.objects.create(
        organisation=place, name=name, starts_on=starts_on, ends_on=ends_on, source=source.strip()
    )
    record(
        action="supervision.add_function",
        target=row,
        actor=actor,
        organisation=place,
        after={"name": name, "starts_on": starts_on, "ends_on": ends_on, "source": row.source},
    )
    return row


@transaction.atomic
def end_function(*, function: LocalFunction, ends_on: datetime.date, actor: Asker) -> LocalFunction:
    """Say until when a function is in force: today, or later. Records that have it keep it. Raises FunctionRefused for an
    earlier day, and when it has ended. Side effect: an audit entry."""
    row = (
        LocalFunction.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=function.pk)
    )
    today = timezone.localdate()
    if row.ends_on is not None and row.ends_on < today:
        raise FunctionRefused("ends_on", _("It has ended. If it is needed again, add it from a new day on."))
    if ends_on < max(today, row.starts_on):
        words = _("Choose today or a later day: sessions until now may have this function.")
        raise FunctionRefused("ends_on", words)
    former = row.ends_on
    later = LocalFunction.objects.filter(
        organisation=row.organisation_id, name=row.name, starts_on__gt=row.starts_on, starts_on__lte=ends_on
    )
    if later.exists():
        raise FunctionRefused("ends_on", _("This function is in force there in those days already."))
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    record(
        action="supervision.end_function",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before={"ends_on": former},
        after={"ends_on": ends_on},
    )
    return row
