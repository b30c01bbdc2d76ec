"""Changing the tree of organisations, giving and ending roles."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import scope_of
from core.access.states import DESK, Role
from core.audit.actions import record
from core.organisations.models import Organisation, RoleAssignment, Tier
from core.organisations.policy import may_sit_under
from core.signals import OrganisationChanged, organisation_changed
from core.states import Refused

if TYPE_CHECKING:
    from core.people.models import User


class NotAllowed(Refused):
    """The act would reach above one's own tree, or to oneself; the message says so in words."""


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
    """Give a role at an organisation; one that is held (or will be) only changes its last day, one that has ended is
    given anew, so that the gap stays to be seen.

    With an actor: an administrator gives roles only at their own organisation or below it, and never to themself
    (MLPS 2.0, separation of duties), nor a role at the desk to an account that they have made or drawn the code of: they
    would be their own second officer. Otherwise NotAllowed is raised. Without an actor it is the system's own doing.
    Side effects: the Wagtail groups that let the account write pages; an audit entry.
    """
    if actor is not None:
        _check_may_change_role(user, organisation, actor)
        if role in DESK:
            _check_own_making(user, actor)
    first = starts_on or timezone.localdate()
    get_user_model().objects.select_for_update().get(pk=user.pk)  # two grants at once become one
    rows = RoleAssignment.objects.filter(user=user, role=role, organisation=organisation)
    held = rows.filter(Q(ends_on=None) | Q(ends_on__gte=first)).first()
    before = {"ends_on": held.ends_on} if held else None
    if held is None:
        held = RoleAssignment.objects.create(
            user=user,
            role=role,
            organisation=organisation,
            starts_on=first,
            ends_on=ends_on,
            granted_by=actor,
        )
    elif held.ends_on != ends_on:
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
    """End a role: it no longer holds from today (or after `on`). The row stays, as evidence that it was held; only a
    role given and taken back on one day was never held, and the audit alone keeps both acts.

    Raises NotAllowed as `grant_role` does.
    """
    _check_may_change_role(assignment.user, assignment.organisation, actor)
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


def _check_may_change_role(user: User, organisation: Organisation, actor: User) -> None:
    if actor.pk == user.pk:
        raise NotAllowed(_("Nobody gives or ends their own role. Ask another administrator."))
    if not scope_of(actor).covers(organisation, Role.ADMINISTRATOR):
        raise NotAllowed(_("This organisation lies outside your own tree."))


def _check_own_making(user: User, actor: User) -> None:
    """Whoever made an account, or handed out its code, may be the one who signs in to it."""
    activation = getattr(user, "activation", None)
    if activation is not None and actor.pk in (activation.made_by_id, activation.drawn_by_id):
        raise NotAllowed(
            _(
                "You have made this account or drawn its activation code. Another administrator has to give it this role."
            )
        )


def sync_groups(user: User) -> None:
    """Put the account into the Wagtail groups that its roles of today earn.

    Pages belong to the whole site, so publishing them needs an administrator of a city or the province; instructors
    write, and an editor approves.
    """
    user.__dict__.pop("_scope", None)
    held = set(user.roles.in_force(timezone.localdate()).values_list("role", "organisation__tier"))  # type: ignore[attr-defined]
    roles = {role for role, _ in held}
    wanted = set()
    if any(role == Role.ADMINISTRATOR and tier in EDITOR_TIERS for role, tier in held):
        wanted.add(EDITORS)
    if Role.INSTRUCTOR in roles:
        wanted.add(AUTHORS)
    user.groups.remove(*user.groups.filter(name__in={EDITORS, AUTHORS} - wanted))
    user.groups.add(*Group.objects.filter(name__in=wanted))


def sync_due_groups() -> list[str]:
    """Put right the groups of accounts whose roles began or ended by their dates; a line for each that changed."""
    today = timezone.localdate()
    earns = RoleAssignment.objects.in_force(today).filter(role__in=(Role.ADMINISTRATOR, Role.INSTRUCTOR))
    watched = Q(groups__name__in=(EDITORS, AUTHORS)) | Q(pk__in=earns.values("user"))
    lines = []
    for user in get_user_model().objects.filter(watched).distinct().order_by("pk"):
        before = set(user.groups.values_list("name", flat=True))
        sync_groups(user)
        if before != set(user.groups.values_list("name", flat=True)):
            lines.append(f"account {user.pk}: the groups follow its roles of today")
    return lines


FIELDS = ("name", "tier", "kind", "region_id", "uscc", "is_active")


@transaction.atomic
def add_organisation(*, parent: Organisation, actor: User, **fields: Any) -> Organisation:
    """Add an organisation below `parent`. Raises NotAllowed outside the actor's tree or against the order of tiers."""
    parent = Organisation.objects.select_for_update().get(pk=parent.pk)
    if not scope_of(actor).covers(parent, Role.ADMINISTRATOR):
        raise NotAllowed(_("This organisation lies outside your own tree."))
    if not may_sit_under(fields["tier"], parent.tier):
        raise NotAllowed(_("An organisation stands below one of a higher level."))
    made: Organisation = parent.add_child(**fields)
    record(
        action="core.add_organisation",
        target=made,
        actor=actor,
        organisation=made,
        after={name: getattr(made, name) for name in FIELDS},
    )
    return made


@transaction.atomic
def change_organisation(*, organisation: Organisation, actor: User) -> list[str]:
    """Keep what was changed on this organisation; returns the names of the changed fields. Never moves or deletes.

    The order of tiers is checked against the organisation above and those right below. Raises NotAllowed. Side effects,
    when anything differs: the row; an audit entry; OrganisationChanged.
    """
    old = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not scope_of(actor).covers(old, Role.ADMINISTRATOR):
        raise NotAllowed(_("This organisation lies outside your own tree."))
    above = old.get_parent()
    if not may_sit_under(organisation.tier, above.tier if above else None):
        raise NotAllowed(_("An organisation stands below one of a higher level."))
    if any(not may_sit_under(child.tier, organisation.tier) for child in old.get_children()):
        raise NotAllowed(_("The organisations below this one would stand as high as it."))
    changed = [name for name in FIELDS if getattr(old, name) != getattr(organisation, name)]
    if changed:
        organisation.save()
        record(
            action="core.change_organisation",
            target=organisation,
            actor=actor,
            organisation=organisation,
            before={name: getattr(old, name) for name in changed},
            after={name: getattr(organisation, name) for name in changed},
        )
        event = OrganisationChanged(organisation.pk, tuple(changed))
        organisation_changed.send(Organisation, event=event)
    return changed
