"""Why an act is refused, and what all acts about an internship ask first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.queries import BOUND, is_bound_to
from core.states import Refused
from credentials.internships.models import Internship


class InternshipRefused(Refused):
    """It cannot be done so; the sentence says why, and `field` names what wants a change."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


def require_officer(internship: Internship, actor: Asker) -> None:
    """An officer decides about somebody else's internship, and about nobody who has let them in."""
    if actor.pk == internship.holder_id:
        raise InternshipRefused(
            _("Nobody decides about their own internship. Another administrator does that.")
        )
    if is_bound_to(actor, internship.person, internship.authority):
        raise InternshipRefused(str(BOUND))


def require_holder(internship: Internship, actor: Asker) -> None:
    if actor.pk != internship.holder_id:
        raise InternshipRefused(_("Only the person themself can do this."))


def why(reason: str) -> str:
    """The reason as it is kept. Raises InternshipRefused when there is none."""
    if not reason.strip():
        raise InternshipRefused(_("Write the reason: the person will read it."), "reason")
    return reason.strip()
