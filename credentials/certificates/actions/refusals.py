"""Who does not decide about a certificate: its holder, and whoever the holder has let in where it was issued."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.queries import BOUND, is_bound_to
from core.states import Refused
from credentials.certificates.models import Certificate


class NotIndependent(Refused):
    """This officer is the holder, or an officer by the holder's doing; the sentence says which."""


def why_not_by(actor: Asker, certificate: Certificate) -> str:
    """Why this officer neither ends nor redraws this certificate, in words; "" where nothing of the kind stands against
    it. Costs what `is_bound_to` does."""
    if actor.pk == certificate.person.user_id:
        return _("Nobody replaces, renews or revokes their own certificate. Ask another administrator.")
    if is_bound_to(actor, certificate.person, certificate.organisation):
        return str(BOUND)
    return ""


def require_independent(actor: Asker, certificate: Certificate) -> None:
    """Raises NotIndependent for the holder and for an officer by the holder's doing."""
    if words := why_not_by(actor, certificate):
        raise NotIndependent(words)
