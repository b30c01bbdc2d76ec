"""The words in which every app writes its permission table (rules.py)."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import Any

import rules

from core.access.scope import Asker, holds, scope_of
from core.access.states import DESK, Role


def holds_role(*roles: str, at: str = "organisation") -> Any:
    """A predicate: one of these roles covers the organisation found at the dotted path `at` of the object.

    Asked without an object (may this user do such a thing at all?) it is enough to hold the role anywhere.
    """

    @rules.predicate(name=f"holds_role:{'|'.join(roles)}@{at}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if thing is None or isinstance(thing, type):
            return holds(user, *roles)
        organisation = attrgetter(at)(thing) if at else thing
        return scope_of(user).covers(organisation, *roles)

    return predicate


def holds_anywhere(*roles: str) -> Any:
    """A predicate for what belongs to no organisation: the user holds one of these roles, wherever."""

    @rules.predicate(name=f"holds_anywhere:{'|'.join(roles)}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        return holds(user, *roles)

    return predicate


def serves(*roles: str, at: str = "organisation") -> Any:
    """As `holds_role`, of one thing and by a role that is held: nobody serves a place by being a superuser alone."""

    @rules.predicate(name=f"serves:{'|'.join(roles)}@{at}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if thing is None or isinstance(thing, type):
            return False
        return replace(scope_of(user), everything=False).covers(attrgetter(at)(thing), *roles)

    return predicate


def by_rule(user: Asker, permission: str, thing: Any) -> bool:
    """Whether the permission table itself allows it: asked so, a superuser has no more than their roles."""
    return bool(rules.has_perm(permission, user, thing))


def is_person(at: str = "person") -> Any:
    """A predicate: the user is the person found at the dotted path `at` of the object."""

    @rules.predicate(name=f"is_person@{at}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if not user.is_authenticated or thing is None or isinstance(thing, type):
            return bool(user.is_authenticated)
        person = attrgetter(at)(thing) if at else thing
        return person is not None and person.user_id == user.pk

    return predicate


def is_user(at: str = "user") -> Any:
    """A predicate: the account at the dotted path `at` of the object is the user's own.

    Asked without an object the answer is no: it is a reason to see one row, never to see a list.
    """

    @rules.predicate(name=f"is_user@{at}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if not user.is_authenticated or thing is None or isinstance(thing, type):
            return False
        return attrgetter(f"{at}_id")(thing) == user.pk

    return predicate


def reaches_desk(user: Asker) -> bool:
    """Whether this user may open the Wagtail admin at all."""
    return holds(user, *DESK)


@rules.predicate
def leads_a_tree(user: Asker, thing: Any = None) -> bool:
    """The user is an administrator at the top of a tree: what all trees share is theirs to keep."""
    scope = scope_of(user)
    return scope.everything or any(
        role == Role.ADMINISTRATOR and len(path) == ROOT for role, path in scope.grants
    )


@rules.predicate
def has_organisation(user: Asker, thing: Any = None) -> bool:
    """The thing belongs to an organisation, so that a role decides about it and not whoever made it."""
    return bool(getattr(thing, "organisation_id", None))


ROOT = 4  # characters of a tree path per storey (treebeard's steplen)
