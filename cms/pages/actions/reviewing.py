"""Who is told of a page that goes through a review."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_noop
from wagtail.models import Page, TaskState, WorkflowState

from core.access.pages import may_touch
from core.notices.actions import notify
from core.organisations.actions import EDITORS


def ask_reviewers(*, task: TaskState, sender: Any = None) -> None:
    """Ask the editors in whose tree the page was written, but not whoever sent it. Side effect: a notice to each."""
    page = task.workflow_state.content_object
    if not isinstance(page, Page):
        return
    editors = get_user_model().objects.filter(groups__name=EDITORS, is_active=True).select_related("person")
    for editor in editors:
        if (sender is None or editor.pk != sender.pk) and may_touch(editor, page):
            _tell(editor, page, task, gettext_noop("Please review the page “%(page)s”"))


def tell_approved(*, workflow: WorkflowState) -> None:
    """Tell whoever sent it. Side effect: a notice."""
    _tell_author(workflow, gettext_noop("The page “%(page)s” was approved and published"))


def tell_rejected(*, workflow: WorkflowState) -> None:
    """Tell whoever sent it. Side effect: a notice."""
    _tell_author(workflow, gettext_noop("The page “%(page)s” came back: read the comment and change it"))


def _tell_author(workflow: WorkflowState, title: str) -> None:
    page = workflow.content_object
    if isinstance(page, Page) and workflow.requested_by is not None:
        _tell(workflow.requested_by, page, workflow, title)


def _tell(user: Any, page: Page, state: TaskState | WorkflowState, title: str) -> None:
    notify(
        user=user,
        kind="cms.review",
        title=title,
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        source=f"cms.review:{state._meta.model_name}:{state.pk}:{title[:40]}",
        page=page.title,
    )
