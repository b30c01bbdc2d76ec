"""The review before publishing: by an editor in whose tree the page was written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask

from core.access.pages import may_touch


class ReviewTask(GroupApprovalTask):
    """Wagtail's approval by a group, within the tree."""

    class Meta:
        verbose_name = _("review of a page")
        verbose_name_plural = _("reviews of pages")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return may_touch(user, obj) and bool(super().user_can_access_editor(obj, user))

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return may_touch(user, obj) and bool(super().user_can_lock(obj, user))

    def user_can_unlock(self, obj: Any, user: Any) -> bool:
        return False

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        return list(super().get_actions(obj, user)) if may_touch(user, obj) else []
