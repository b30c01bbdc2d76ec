"""Every model whose rows are scoped has a rule for looking at one, and a test that the two agree."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import rules
from django.apps import apps

TESTED_IN = {
    "core": "tests.core.access.test_rules",
    "lms": "tests.lms.test_rules",
    "supervision": "tests.supervision.test_rules",
    "credentials": "tests.credentials.test_rules",
}
# Whoever is signed in may see these rows: the rule is only about the list at the desk.
FOR_ALL = {"core.ServiceField", "credentials.QualificationLevel"}
SCOPED = [
    model
    for app in TESTED_IN
    for model in apps.get_app_config(app).get_models()
    if hasattr(model._default_manager, "visible_to")
]


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_a_scoped_model_has_a_rule_for_looking_at_a_row(model: Any) -> None:
    assert rules.perm_exists(f"{model._meta.app_label}.view_{model._meta.model_name}")


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_rows_and_rule_are_compared_for_every_role(model: Any) -> None:
    app = model._meta.app_label
    module = importlib.import_module(TESTED_IN[app])
    if model._meta.label in FOR_ALL:
        return
    assert model in getattr(module, "SAME" if app == "core" else "MODELS")


@pytest.mark.parametrize("app", TESTED_IN)
def test_every_rule_for_looking_belongs_to_scoped_rows(app: str) -> None:
    looks = {name for name in rules.permissions.permissions if name.startswith(f"{app}.view_")}
    scoped = {f"{app}.view_{model._meta.model_name}" for model in SCOPED if model._meta.app_label == app}
    assert looks == scoped
