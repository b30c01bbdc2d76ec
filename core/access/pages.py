"""Whose page it is. The site is one, and written from several trees: each page comes from its author's organisation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from wagtail.models import Page, PagePermissionTester

from core.access.predicates import leads_a_tree
from core.access.scope import scope_of
from core.access.states import Role

WRITERS = (Role.ADMINISTRATOR, Role.INSTRUCTOR)


def may_touch(user: Any, page: Page) -> bool:
    """Whether a writing role of this user covers the organisation that the page comes from.

    A page without an author, or of an author without such a role, belongs to all trees: who leads one may touch it.
    """
    return is_of_tree(user, page.owner_id)


def is_of_tree(user: Any, author_id: int | None) -> bool:
    """Whether what this account wrote or uploaded is for this user to change; see `may_touch`."""
    scope = scope_of(user)
    home = "" if scope.everything else _home_of(user, author_id)
    if not home:
        return bool(leads_a_tree(user))
    return any(role in WRITERS and home.startswith(path) for role, path in scope.grants)


def _home_of(user: Any, owner_id: int | None) -> str:
    """The tree path of the highest organisation at which the author writes or wrote; kept as long as `user` lives."""
    homes: dict[int | None, str] = user.__dict__.setdefault("_page_homes", {None: ""})
    if owner_id is not None and owner_id not in homes:
        held = get_user_model().objects.filter(pk=owner_id, roles__role__in=WRITERS)
        homes[owner_id] = held.order_by("roles__organisation__depth").values_list(
            "roles__organisation__path", flat=True
        ).first() or ""  # fmt: skip
    return homes[owner_id]


class TreePermissionTester(PagePermissionTester):
    """Wagtail's rights by group, within one's own tree. Below a list, everybody who writes may add a page."""

    page: Any
    permissions: set[str]

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        self.is_closed = not user.is_superuser and self.page.is_closed_to(user)
        if self.is_closed and user.is_active:
            self.permissions = self.permissions & {"add"} if self.page.open_to_writers else set()

    def can_edit(self) -> bool:
        return not self.is_closed and bool(super().can_edit())


class TreePage:
    """What makes a page class obey the tree. Put it before Page."""

    open_to_writers = False

    def permissions_for_user(self: Any, user: Any) -> TreePermissionTester:
        return TreePermissionTester(user, self)

    def is_closed_to(self: Any, user: Any) -> bool:
        """Whether this user may not change the page, whatever their group allows elsewhere."""
        return not may_touch(user, self)
