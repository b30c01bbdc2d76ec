"""What the site does when pages change: it forgets the copies that it kept, and tells who waits for a review."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_noop
from wagtail.models import Page, PageViewRestriction, Site, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from cms.navigation.actions import forget_site
from core.access.pages import may_touch
from core.notices.actions import notify
from core.organisations.actions import EDITORS


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def forget_after_publishing(**facts: Any) -> None:
    forget_site()


@receiver([post_save, post_delete], sender=PageViewRestriction)
@receiver([post_save, post_delete], sender=Site)
def forget_after_restricting(**facts: Any) -> None:
    forget_site()


# Wagtail's own letters go to every editor of every tree and lead to pages that these may not open. Ours take their
# names, and cms stands before wagtail.admin among the installed apps: so Wagtail finds them registered, and adds none.


@receiver(
    workflow_submitted, sender=WorkflowState, dispatch_uid="workflow_state_submitted_email_notification"
)
def tell_nobody(**_rest: Any) -> None:
    """The step that was submitted asks its own reviewers."""


@receiver(task_submitted, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
def ask_reviewers(instance: TaskState, user: Any = None, **_rest: Any) -> None:
    """The editors in whose tree the page was written are asked, but not whoever sent it."""
    page = instance.workflow_state.content_object
    if not isinstance(page, Page):
        return
    for editor in (
        get_user_model().objects.filter(groups__name=EDITORS, is_active=True).select_related("person")
    ):
        if (user is None or editor.pk != user.pk) and may_touch(editor, page):
            _tell(editor, page, instance, gettext_noop("Please review the page “%(page)s”"))


@receiver(workflow_approved, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
def tell_approved(instance: WorkflowState, **_rest: Any) -> None:
    _tell_author(instance, gettext_noop("The page “%(page)s” was approved and published"))


@receiver(workflow_rejected, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
def tell_rejected(instance: WorkflowState, **_rest: Any) -> None:
    _tell_author(instance, gettext_noop("The page “%(page)s” came back: read the comment and change it"))


def _tell_author(state: WorkflowState, title: str) -> None:
    page = state.content_object
    if isinstance(page, Page) and state.requested_by is not None:
        _tell(state.requested_by, page, state, title)


def _tell(user: Any, page: Page, state: Any, title: str) -> None:
    notify(
        user=user,
        kind="cms.review",
        title=title,
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        source=f"cms.review:{state._meta.model_name}:{state.pk}:{title[:40]}",
        page=page.title,
    )
