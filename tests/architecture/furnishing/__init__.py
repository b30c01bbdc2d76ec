"""One corner of the tree, with a row of everything in it: what fills the addresses and is tried in every state."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

from core.models import Organisation, User
from tests.architecture.furnishing import core, credentials, lms, supervision


def furnish(place: Organisation, person_of: User, officer: User) -> SimpleNamespace:
    """A row of everything at this organisation: it belongs to `person_of` and was made by `officer`.

    The apps are furnished from the lowest to the highest; each adds its rows under names of its own.
    """
    person_of.person.set_id_number("resident_id", uuid.uuid4().hex)
    person_of.person.save()
    rows = SimpleNamespace(place=place, person=person_of.person)
    for app in (core, lms, supervision, credentials):
        vars(rows).update(app.furnish(rows, person_of, officer))
    return rows
