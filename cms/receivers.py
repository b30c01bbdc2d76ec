"""What the site does when pages change: it forgets the copies that it kept, and tells who waits for a review."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction, Site, TaskState, WorkflowState
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
from cms.pages.actions import reviewing


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
def on_submitted(instance: TaskState, user: Any = None, **_rest: Any) -> None:
    reviewing.ask_reviewers(task=instance, sender=user)


@receiver(workflow_approved, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
def on_approved(instance: WorkflowState, **_rest: Any) -> None:
    reviewing.tell_approved(workflow=instance)


@receiver(workflow_rejected, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
def on_rejected(instance: WorkflowState, **_rest: Any) -> None:
    reviewing.tell_rejected(workflow=instance)
