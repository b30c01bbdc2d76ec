"""What the source of a ledger line says, said in one place and asked by the database."""

from importlib import import_module

import pytest

from credentials.claims.models.ledger import GIVEN, PAYMENT, REVERSAL, payment_of, source_of


def conditions(guards):
    module = import_module(f"credentials.migrations.{guards}")
    rules = module.rules if hasattr(module, "rules") else module._rules
    return " ".join(condition for _table, _verb, condition in rules("IS NOT", "").values())


@pytest.mark.parametrize(
    ("guards", "what", "key"),
    [
        ("_release_guards", PAYMENT, "l.id"),
        ("_release_guards", GIVEN, "c.id"),
        ("_reversal_guards", REVERSAL, "r.line_id"),
    ],
)
def test_the_database_asks_for_the_sources_that_the_verbs_write(guards, what, key):
    assert f"NEW.source = '{source_of(what, '')}' || {key}" in conditions(guards)


def test_what_takes_back_names_the_line_that_was_paid():
    assert payment_of(source_of(REVERSAL, 7)) == source_of(PAYMENT, 7) == "payment:7"
