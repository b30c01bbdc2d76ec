"""What is refused before anything is posted, wherever it is posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.conversations.models import Post, Question, Reply
from lms.conversations.policy import NUMBER_WORDS, PrivateNumber, is_flood, private_number
from lms.conversations.queries import is_member, teaches


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
