"""Giving and ending roles."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from core.access.states import Role
from core.audit.actions import record
from core.organisations.models import Organisation, RoleAssignment, Tier

if TYPE_CHECKING:
    from core.people.models import User

EDITORS, AUTHORS = "Editors", "Authors"
EDITOR_TIERS = frozenset({Tier.PROVINCE, Tier.CITY})


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    organisation: Organisation,
    actor: User | None,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
) -> RoleAssignment:
    """Give a role at an organisation; given again it only changes its last day.

    Side effects: the Wagtail groups that let the account write pages; an audit entry.
    """
    first = starts_on or timezone.localdate()
    held, made = RoleAssignment.objects.get_or_create(
        user=user, role=role, organisation=organisation, defaults={"starts_on": first, "granted_by": actor}
    )
    before = None if made else {"ends_on": held.ends_on}
    if held.ends_on != ends_on:
        held.ends_on = ends_on
        held.save(update_fields=["ends_on"])
    sync_groups(user)
    record(
        action="core.grant_role",
        target=held,
        actor=actor,
        organisation=organisation,
        before=before,
        after={"role": role, "user": user.pk, "ends_on": ends_on},
    )
    return held


@transaction.atomic
def end_role(*, assignment: RoleAssignment, actor: User, on: datetime.date | None = None) -> None:
    """End a role: it no longer holds from today (or after `on`). The row stays, as evidence that it was held."""
    last = on or timezone.localdate() - datetime.timedelta(days=1)
    before = {"ends_on": assignment.ends_on}
    assignment.ends_on = max(last, assignment.starts_on)
    if assignment.ends_on > last:  # given today and taken back today: it never held
        assignment.delete()
    else:
        assignment.save(update_fields=["ends_on"])
    sync_groups(assignment.user)
    record(
        action="core.end_role",
        target=assignment if assignment.pk else assignment.organisation,
        actor=actor,
        organisation=assignment.organisation,
        before=before,
        after={"role": assignment.role, "user": assignment.user_id, "ends_on": last},
    )


def sync_groups(user: User) -> None:
    """Put the account into the Wagtail groups that its roles of today earn.

    Pages belong to the whole site, so publishing them needs an administrator of a city or the province; instructors
    write, and an editor approves.
    """
    user.__dict__.pop("_scope", None)
    held = set(user.roles.in_force(timezone.localdate()).values_list("role", "organisation__tier"))
    roles = {role for role, _ in held}
    wanted = set()
    if any(role == Role.ADMINISTRATOR and tier in EDITOR_TIERS for role, tier in held):
        wanted.add(EDITORS)
    if Role.INSTRUCTOR in roles:
        wanted.add(AUTHORS)
    user.groups.remove(*user.groups.filter(name__in={EDITORS, AUTHORS} - wanted))
    user.groups.add(*Group.objects.filter(name__in=wanted))
