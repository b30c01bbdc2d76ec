"""Who may do what in supervision: the whole permission table."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import rules

from core.access.predicates import holds_role
from core.access.scope import Asker
from core.access.states import READERS, Role


def _named(*paths: str) -> Any:
    """A predicate: the user is one of the people at these paths. Nobody is, of a thing that is not named."""

    @rules.predicate(name=f"named:{'|'.join(paths)}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if not user.is_authenticated or thing is None or isinstance(thing, type):
            return False
        return any(attrgetter(path)(thing).user_id == user.pk for path in paths)

    return predicate


@rules.predicate
def is_mentee_of(user: Asker, supervisor: Any = None) -> bool:
    """The user is, or was, paired with this supervisor."""
    if not user.is_authenticated or supervisor is None or isinstance(supervisor, type):
        return False
    return bool(supervisor.pairings.filter(mentee__user=user).exists())


@rules.predicate
def sees_its_supervisor(user: Asker, designation: Any = None) -> bool:
    """A designation is seen by whoever sees the supervisor who holds it."""
    thing = None if designation is None or isinstance(designation, type) else designation.supervisor
    return bool(user.has_perm("supervision.view_supervisor", thing))


@rules.predicate
def _holds_it(user: Asker, application: Any = None) -> bool:
    """The user has handed this application in."""
    named = application is not None and not isinstance(application, type)
    return bool(named and user.is_authenticated and application.holder_id == user.pk)


keeps_registry = holds_role(Role.ADMINISTRATOR)
reads_registry = holds_role(*READERS)
runs_pairing = holds_role(Role.ADMINISTRATOR)
reads_pairing = holds_role(*READERS) | holds_role(*READERS, at="supervisor.organisation")
reads_session = holds_role(*READERS, at="pairing.organisation") | holds_role(
    *READERS, at="pairing.supervisor.organisation"
)
of_pairing = _named("supervisor.person", "mentee")
of_session = _named("pairing.supervisor.person", "pairing.mentee")
supervises = _named("pairing.supervisor.person")
is_mentee = _named("pairing.mentee")
wrote_for_pair = _named("session.pairing.supervisor.person", "session.pairing.mentee")

for perm, predicate in {
    # The registry. Supervisors are set inactive, never deleted.
    "supervision.view_supervisor": reads_registry | _named("person") | is_mentee_of,
    "supervision.view_designation": sees_its_supervisor,
    "supervision.view_supervisionnorm": reads_registry,
    "supervision.set_norm": keeps_registry,
    "supervision.add_supervisor": keeps_registry,
    "supervision.change_supervisor": keeps_registry,
    "supervision.designate_supervisor": keeps_registry & ~_named("person"),
    # Applications as supervisor: decided within the tree, never by the applicant (nor whom they let in: the action).
    "supervision.view_supervisorapplication": reads_registry | _holds_it,
    "supervision.decide_supervisorapplication": keeps_registry & ~_holds_it,
    # Pairings: run by the mentee's side; nobody runs their own, whatever roles they hold.
    "supervision.view_pairing": reads_pairing | of_pairing,
    "supervision.add_pairing": runs_pairing,
    "supervision.change_pairing": runs_pairing & ~of_pairing,
    "supervision.end_pairing": runs_pairing & ~of_pairing,
    "supervision.log_session": _named("supervisor.person"),  # asked of the pairing
    # Sessions: that one took place is for the desk too; what was said is for the pair.
    "supervision.view_session": reads_session | of_session,
    "supervision.confirm_session": is_mentee,
    "supervision.dispute_session": is_mentee,
    "supervision.amend_session": supervises,
    "supervision.cancel_session": supervises,
    "supervision.write_note": of_session,
    "supervision.view_sessioncontent": wrote_for_pair,
    "supervision.view_sessionremark": wrote_for_pair,
    "supervision.view_workingnote": _named("author"),
    "supervision.view_sessiondraft": _named("pairing.supervisor.person"),
}.items():
    rules.add_perm(perm, predicate)
