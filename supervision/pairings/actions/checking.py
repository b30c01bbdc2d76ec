"""What forbids a pairing, in words for the person who tried."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.people.models import Person
from supervision.pairings.actions.basis import NotPossible
from supervision.supervisors.models import Supervisor


def check(
    supervisor: Supervisor,
    mentee: Person,
    organisation: Organisation | None,
    first: datetime.date,
    last: datetime.date | None,
    leaders: Collection[int],
) -> None:
    if supervisor.pk == mentee.pk:
        raise NotPossible(_("Nobody supervises themselves. Choose another supervisor or mentee."))
    if organisation is None:
        raise NotPossible(_("%(name)s has no employer in the profile yet.") % {"name": mentee.name})
    if supervisor.person.user_id in leaders:
        raise NotPossible(
            _("%(supervisor)s administers the place where %(mentee)s works. Choose somebody who does not.")
            % {"supervisor": supervisor.person.name, "mentee": mentee.name}
        )
    if last is not None and last < first:
        raise NotPossible(_("The last day must not be before the first."))


def refuse_own(supervisor: Supervisor, mentee: Person, actor: Asker | None) -> None:
    if actor is not None and actor.pk in (supervisor.person.user_id, mentee.user_id):
        raise NotPossible(_("Nobody pairs themselves. Ask another administrator."))


def barred_words() -> str:
    return _("These two cannot be paired. Choose another supervisor.")


def paired_words(supervisor: Supervisor, mentee: Person) -> str:
    names = {"supervisor": supervisor.person.name, "mentee": mentee.name}
    return _("%(supervisor)s and %(mentee)s are paired already.") % names


def why_no_place(supervisor: Supervisor) -> str:
    values = {"name": supervisor.person.name, "load": supervisor.load, "capacity": supervisor.capacity}
    if not supervisor.is_active:
        return _("%(name)s takes no new mentees at present.") % values
    words = _("%(name)s is full: %(load)s of %(capacity)s places are taken. Choose another supervisor.")
    return words % values
