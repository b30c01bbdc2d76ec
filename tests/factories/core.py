"""Organisations, people and their roles."""

from __future__ import annotations

import uuid

import factory
from django.utils import timezone

from core.models import Organisation, Person, RoleAssignment, User
from tests.factories.numbers import numbers


def make_organisation(name: str, parent: Organisation | None = None, **fields: object) -> Organisation:
    """An organisation below `parent`, or a root."""
    defaults = {"tier": "station", "kind": "station", "name": name}
    parent = (
        Organisation.objects.get(pk=parent.pk) if parent else None
    )  # treebeard counts children on the instance
    return parent.add_child(**defaults | fields) if parent else Organisation.add_root(**defaults | fields)


def make_user(
    name: str = "林一", employer: Organisation | None = None, email: str = "", **fields: object
) -> User:
    """An account with its person; nobody can sign in to it except by force_login."""
    from allauth.account.models import EmailAddress

    email = email or f"person{next(numbers)}-{uuid.uuid4().hex[:6]}@example.com"
    user = User.objects.create_user(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Person.objects.create(user=user, name=name, employer=employer, **fields)
    return user


def give_role(
    user: User, role: str, organisation: Organisation, granted_by: User | None = None
) -> RoleAssignment:
    """A role held since long ago, without the audit of the real action."""
    from core.organisations.actions import sync_groups

    held = RoleAssignment.objects.create(
        user=user,
        role=role,
        organisation=organisation,
        starts_on=timezone.localdate().replace(month=1, day=1),
        granted_by=granted_by,
    )
    sync_groups(user)
    return held


class ServiceFieldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "core.ServiceField"
        django_get_or_create = ("code",)

    code = "community"
    name = "社区建设"
    name_en = "Community building"
