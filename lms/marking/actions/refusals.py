"""Why an act of marking is not possible, and what all of them ask first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.states import Refused
from lms.assessments.models import Attempt
from lms.enrolments.states import LEARNING
from lms.marking.policy import Criterion, Scheme
from lms.questions.policy import plain


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


def locked(attempt_id: int, actor: Asker) -> Attempt:
    """The attempt, locked, so that of those who read its answers one decides after the other. Refuses one's own."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related(
        "enrolment__cohort__organisation", "enrolment__person__user"
    )
    attempt = rows.get(pk=attempt_id)
    if attempt.enrolment.person.user_id == actor.pk:
        raise NotPossible(_("Nobody marks their own work. Ask another teacher."))
    if attempt.enrolment.state not in LEARNING:
        raise NotPossible(_("This person no longer learns in the cohort, so there is nothing to mark."))
    return attempt


def checked(
    criteria: Sequence[Criterion], points: Mapping[str, Decimal | None], scheme: Scheme
) -> list[dict[str, Any]]:
    """What is given by criterion, as a reading keeps it. Raises NotPossible for what is missing, too much or no step."""
    kept = []
    for row in criteria:
        given = points.get(row.key)
        if given is None:
            raise NotPossible(_("Give points for every criterion."))
        if not 0 <= given <= row.most:
            raise NotPossible(_("Give between 0 and %(most)s points.") % {"most": plain(row.most)})
        if given % scheme.step and given != row.most:
            raise NotPossible(_("Points are given in steps of %(step)s.") % {"step": plain(scheme.step)})
        kept.append({"key": row.key, "title": row.title, "points": plain(given), "most": plain(row.most)})
    return kept
