"""Triggers that refuse rows: set and dropped by a migration, which asks no models for it."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from core.audit.guards import Guards, refusing
from core.models import Person


def _rules(differs: str, _cast: str) -> dict[str, tuple[str, str, str]]:
    return {"no_bai": ("core_person", "UPDATE", f"OLD.name {differs} NEW.name AND NEW.name = '白'")}


def _steps() -> tuple[Guards, SimpleNamespace]:
    return Guards(*refusing("nobody is renamed to Bai", _rules)), SimpleNamespace(connection=connection)


def _rename(person: Person, name: str) -> None:
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name=name)


def test_the_database_refuses_the_row_until_the_guard_is_dropped(cast):
    guards, editor = _steps()
    person = cast.trainee.person
    guards.database_forwards("core", editor, None, None)
    with pytest.raises(IntegrityError, match="nobody is renamed"):
        _rename(person, "白")
    _rename(person, "黑")
    guards.database_backwards("core", editor, None, None)
    _rename(person, "白")
    person.refresh_from_db()
    assert person.name == "白"


def test_it_is_set_again_after_it_was_dropped(cast):
    guards, editor = _steps()
    for _ in range(2):
        guards.database_forwards("core", editor, None, None)
        guards.database_backwards("core", editor, None, None)
    _rename(cast.trainee.person, "白")
