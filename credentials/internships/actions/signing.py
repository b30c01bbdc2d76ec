"""The supervisor signs an internship at its end, and an officer ends it."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import move
from credentials.internships.actions.refusals import InternshipRefused, require_officer, why
from credentials.internships.actions.telling import (
    ask_officers,
    note,
    settle_officers,
    settle_supervisor,
    tell_student,
    tell_supervisor,
)
from credentials.internships.models import Internship
from credentials.internships.states import MOVES, InternshipState

HOURS_A_DAY = 12  # more than anybody works in practice


@transaction.atomic
def sign_internship(
    *, internship: Internship, words: str, minutes: int, ends_on: datetime.date, actor: Asker
) -> Internship:
    """The supervisor says how long an internship was and how it went; `minutes` of practice, `ends_on` its last day.

    Raises InternshipRefused for anybody else, before the last day, without words, for more hours than the days have, or when
    another internship begins before this one ends; StaleState or IllegalMove. Side effects: the row, an audit entry, notices.
    """
    if actor.pk != internship.supervisor_id:
        raise InternshipRefused(_("Only the supervisor of this internship signs it."))
    _require_possible(internship, words, minutes, ends_on)
    before = internship.ends_on
    try:
        with transaction.atomic():
            move(
                internship,
                InternshipState.SIGNED,
                MOVES,
                words=words.strip(),
                minutes=minutes,
                ends_on=ends_on,
                signed_at=timezone.now(),
                reason="",
            )
    except IntegrityError:
        raise InternshipRefused(
            _("Another internship of this person lies in these days."), "ends_on"
        ) from None
    note(
        "credentials.sign_internship",
        internship,
        actor,
        before={"ends_on": before.isoformat()},
        after={"ends_on": ends_on.isoformat(), "minutes": minutes},
    )
    settle_supervisor(internship)
    ask_officers(
        internship,
        gettext_noop("The internship of %(name)s is signed"),
        gettext_noop("Read what the supervisor has signed, and end the internship."),
        f"signed:{internship.signed_at:%Y%m%d%H%M%S}",
    )
    return internship


def _require_possible(internship: Internship, words: str, minutes: int, ends_on: datetime.date) -> None:
    if ends_on < internship.starts_on:
        raise InternshipRefused(_("The last day must not be before the first."), "ends_on")
    if ends_on > timezone.localdate():
        raise InternshipRefused(_("An internship is signed when its last day has come."), "ends_on")
    if not words.strip():
        raise InternshipRefused(_("Write in your own words how it went."), "words")
    days = (ends_on - internship.starts_on).days + 1
    if not 0 < minutes <= days * HOURS_A_DAY * 60:
        raise InternshipRefused(_("So many hours do not fit into these days."), "hours")


@transaction.atomic
def end_internship(*, internship: Internship, actor: Asker) -> Internship:
    """Take what the supervisor has signed as it is: the internship has ended. Never one's own, nor what one has signed.

    Raises InternshipRefused, StaleState or IllegalMove. Side effects: the state; an audit entry; a notice to the student.
    """
    _require_third(internship, actor)
    move(internship, InternshipState.ENDED, MOVES, ended_by_id=actor.pk, ended_at=timezone.now(), reason="")
    note("credentials.end_internship", internship, actor, after={"state": "ended"})
    settle_officers(internship)
    tell_student(
        internship,
        gettext_noop("Your internship has ended: %(station)s"),
        gettext_noop("When you are employed, prove it here, and again later that you still are."),
        "ended",
    )
    return internship


@transaction.atomic
def return_signature(*, internship: Internship, reason: str, actor: Asker) -> Internship:
    """Say what is wrong with what was signed; the supervisor signs again. Raises as end_internship does."""
    _require_third(internship, actor)
    reason = why(reason)
    signed = internship.signed_at
    move(internship, InternshipState.PLACED, MOVES, reason=reason)
    note("credentials.return_signature", internship, actor, reason=reason)
    settle_officers(internship)
    tell_supervisor(
        internship,
        gettext_noop("What you signed for %(name)s was returned"),
        gettext_noop("Reason: %(reason)s. Sign it again."),
        f"returned:{signed:%Y%m%d%H%M%S}",
    )
    return internship


def _require_third(internship: Internship, actor: Asker) -> None:
    require_officer(internship, actor)
    if actor.pk == internship.supervisor_id:
        raise InternshipRefused(_("You have signed this yourself: another administrator ends it."))
