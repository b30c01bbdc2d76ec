"""Triggers that refuse rows: set and dropped by a migration, which asks no models for it."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from core.audit.guards import Guards, changed, refusing, refusing_saved
from core.models import Person
from tests.factories import make_user


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


def test_one_that_asks_of_every_saving_refuses_both_and_is_dropped_again(cast, tree):
    steps = refusing_saved(
        "core_person", stop="nobody is called Bai", condition="NEW.name = '白'", function="core_no_bai"
    )
    guards, editor, person = Guards(*steps), SimpleNamespace(connection=connection), cast.trainee.person
    guards.database_forwards("core", editor, None, None)
    for act in (lambda: _rename(person, "白"), lambda: make_user("白", tree["station"])):
        with pytest.raises(IntegrityError, match="nobody is called"), transaction.atomic():
            act()
    guards.database_backwards("core", editor, None, None)
    _rename(person, "白")


def test_a_column_is_compared_with_what_it_was_and_some_as_text():
    assert changed(("a",), "IS NOT") == "(OLD.a IS NOT NEW.a)"
    said = changed(("a", "b"), "<>", texts=("b",), cast="::text")
    assert said == "(OLD.a <> NEW.a OR OLD.b::text <> NEW.b::text)"
