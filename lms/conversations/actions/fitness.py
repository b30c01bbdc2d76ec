"""What every verb of conversations shares: what is refused beforehand, a click that came twice, the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused
from core.templatetags.times import day
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.conversations.models import Post, Question, Reply
from lms.conversations.policy import NUMBER_WORDS, PrivateNumber, is_flood, private_number
from lms.conversations.queries import is_member, mute_of, teaches

Row = TypeVar("Row", bound=models.Model)


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


def refuse_numbers(*texts: str, only: Sequence[PrivateNumber] = tuple(PrivateNumber)) -> None:
    """Raise NotPossible where a text holds a number that tells who somebody is."""
    today = timezone.localdate()
    for text in texts:
        found = private_number(text, today=today)
        if found is not None and found in only:
            raise NotPossible(words(NUMBER_WORDS[found]))


def refuse_strangers(cohort: Cohort, actor: Asker) -> None:
    """Raise NotPossible for whoever neither learns in the cohort nor teaches it."""
    if not (teaches(actor, cohort) or is_member(actor, cohort)):
        raise NotPossible(_("You are no member of this cohort."))


def refuse_silent(cohort: Cohort, actor: Asker) -> None:
    """Raise NotPossible for whoever may not write before the cohort at present; says until when and why."""
    mute = mute_of(actor, cohort)
    if mute is not None:
        sentence = _("You cannot write here until the end of %(day)s. Reason: %(reason)s")
        raise NotPossible(sentence % {"day": day(mute.until), "reason": mute.reason})


def refuse_flood(actor: Asker) -> None:
    """Raise NotPossible when one more would be too many.

    By account and not by address: a whole class sits behind one.
    """
    since = timezone.now() - timedelta(hours=1)
    times: list[datetime] = []
    for model, field in ((Post, "written_at"), (Reply, "written_at"), (Question, "asked_at")):
        rows = model._base_manager.filter(author=actor.pk, **{f"{field}__gt": since})
        times += rows.values_list(field, flat=True)[:100]
    if is_flood(times, now=timezone.now()):
        raise NotPossible(
            _("That is a lot at once. Wait a few minutes, then go on; your text is still here.")
        )


def refuse_others(cohort: Cohort, actor: Asker) -> None:
    """Raise NotPossible for whoever does not teach the cohort."""
    if not teaches(actor, cohort):
        raise NotPossible(_("Only the teachers of this cohort can do this."))


def sent_before(rows: QuerySet[Row], key: UUID, actor: Asker) -> Row:
    """The row of the faster click; a key that somebody else has used is refused."""
    row = rows.filter(key=key, author=actor.pk).first()
    if row is None:
        raise NotPossible(_("Please load the page again, and send it once more."))
    return row


def note(action: str, target: models.Model, cohort: Cohort, actor: Asker, **facts: Any) -> None:
    """An audit entry at the organisation of the cohort."""
    record(action=action, target=target, actor=actor, organisation=cohort.organisation, **facts)
