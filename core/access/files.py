"""Whose document or picture it is. One library serves all trees; each file comes from its uploader's organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from core.access.pages import is_of_tree

CHANGES = frozenset({"change", "delete"})


class TreeFilePolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's rights by collection; what others uploaded is changed and deleted within one's own tree alone. Every
    writer may use it."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        asked = set(actions)
        if not user.is_superuser and not is_of_tree(user, instance.uploaded_by_user_id):
            asked -= CHANGES
        return bool(asked) and bool(super().user_has_any_permission_for_instance(user, asked, instance))

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Model]:
        asked = set(actions)
        rows: QuerySet[Model] = super().instances_user_has_any_permission_for(user, asked)
        if user.is_superuser or not asked <= CHANGES:
            return rows
        uploaders = rows.order_by().values_list("uploaded_by_user", flat=True).distinct()
        mine = [uploader for uploader in uploaders if is_of_tree(user, uploader)]
        known = Q(uploaded_by_user__in=[uploader for uploader in mine if uploader is not None])
        return rows.filter(known | Q(uploaded_by_user=None) if None in mine else known)
