"""Rows and verbs agree: what `visible_to` shows is exactly what the `view` rule allows, for every role."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

from core.attachments.actions import keep_file
from core.audit.actions import record
from core.models import (
    AuditEntry,
    Job,
    Notice,
    Organisation,
    Person,
    RoleAssignment,
    ServiceField,
    SheetImport,
    User,
)
from tests.cast import CAST
from tests.factories import ServiceFieldFactory

SAME = [Person, Organisation, RoleAssignment, AuditEntry, Job, Notice, SheetImport]


@pytest.fixture
def world(cast: SimpleNamespace, tree: dict[str, Organisation]) -> SimpleNamespace:
    """One row of everything in each corner of the tree, and some that belong nowhere."""
    for node in [*tree.values(), None]:
        record(action="test.done", target=cast.trainee, actor=cast.trainee, organisation=node)
        if node is not None:
            kept = keep_file(upload=SimpleUploadedFile("x.csv", b"x"), actor=cast.trainee)
            for kind, by in (
                ("people", cast.trainee),
                ("people", cast.instructor),
                ("questions-gift", cast.instructor),
            ):
                SheetImport.objects.create(kind=kind, organisation=node, file=kept, created_by=by)
        for user in (cast.trainee, cast.outside_trainee, None):
            Job.objects.create(kind="test", title="x", organisation=node, created_by=user)
    for part in CAST:
        Notice.objects.create(user=getattr(cast, part), kind="test", title="x")
    Person.objects.create(user=User.objects.create_user("free@example.com"), name="王无")
    ServiceFieldFactory()
    return cast


@pytest.mark.parametrize("part", [*CAST, "root", "anonymous"])
def test_rows_and_verbs_agree(world: SimpleNamespace, part: str) -> None:
    if part == "root":
        user: Any = User.objects.create_superuser("root@example.com")
    else:
        user = AnonymousUser() if part == "anonymous" else getattr(world, part)
    for model in SAME:
        if part == "root" and model is Notice:
            continue  # an operator may do anything, but other people's notices are not listed even there
        name = model._meta.model_name
        seen = set(model.objects.visible_to(user).values_list("pk", flat=True))
        allowed = {row.pk for row in model.objects.all() if user.has_perm(f"core.view_{name}", row)}
        assert seen == allowed, name


@pytest.mark.parametrize("part", CAST)
def test_whoever_may_change_a_row_may_see_it(world: SimpleNamespace, part: str) -> None:
    user = getattr(world, part)
    for model in (Person, Organisation, RoleAssignment, ServiceField, Job):
        seen = set(model.objects.visible_to(user).values_list("pk", flat=True))
        for row in model.objects.all():
            if user.has_perm(f"core.change_{model._meta.model_name}", row):
                assert row.pk in seen


def test_only_administrators_change_people_and_never_their_own_role(world: SimpleNamespace) -> None:
    changers = {
        part for part in CAST if getattr(world, part).has_perm("core.change_person", world.trainee.person)
    }
    assert changers == {"administrator", "city_administrator"}
    own = RoleAssignment.objects.get(user=world.administrator)
    givers = {part for part in CAST if getattr(world, part).has_perm("core.change_roleassignment", own)}
    assert givers == {"city_administrator"}


def test_the_desk_is_for_those_who_work_there(world: SimpleNamespace) -> None:
    at_desk = {part for part in CAST if getattr(world, part).has_perm("wagtailadmin.access_admin")}
    assert at_desk == {"instructor", "administrator", "city_administrator", "finance", "auditor", "outsider"}


def test_nobody_may_delete_what_core_keeps(world: SimpleNamespace) -> None:
    for part in CAST:
        for name in ("person", "organisation", "roleassignment", "auditentry", "job"):
            assert not getattr(world, part).has_perm(f"core.delete_{name}")
            assert not getattr(world, part).has_perm("core.change_auditentry")
