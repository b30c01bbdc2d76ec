"""How the Wagtail admin asks the same table: rows through `visible_to`, verbs through rules.py."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from wagtail.permission_policies import ModelPermissionPolicy


class ScopedPolicy(ModelPermissionPolicy):
    """The permission policy of every model that has `visible_to`: register it in the app's apps.py."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.has_perm(self._get_permission_name(action)))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: models.Model) -> bool:
        return bool(user.has_perm(self._get_permission_name(action), instance))

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: models.Model) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> models.QuerySet[Any]:
        manager: Any = self.model._default_manager
        if not self.user_has_any_permission(user, actions):
            return manager.none()
        return manager.visible_to(user)

    def instances_user_has_permission_for(self, user: Any, action: str) -> models.QuerySet[Any]:
        return self.instances_user_has_any_permission_for(user, [action])

    def users_with_any_permission(self, actions: Any) -> models.QuerySet[Any]:
        return (
            get_user_model()
            .objects.filter(Q(is_superuser=True) | Q(roles__isnull=False), is_active=True)
            .distinct()
        )
