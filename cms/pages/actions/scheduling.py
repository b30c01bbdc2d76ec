"""Pages whose hour has come: published, or taken down again."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from wagtail.models import Page, Revision

from core.notices.actions import notify

log = logging.getLogger("xinhuo.pages")


def publish_due() -> int:
    """Publish what is scheduled until now, the earliest first, and take down what has expired; says how many pages.

    What Wagtail's command `publish_scheduled` does, one page at a time: a page that cannot be published as it stands keeps
    its draft, loses its hour, and holds up none of the others; whoever scheduled it is told. Safe to call at any time.
    """
    now, done = timezone.now(), 0
    for page in Page.objects.live().filter(expire_at__lt=now).specific():
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        done += 1
    due = Revision.page_revisions.filter(approved_go_live_at__lt=now)
    for pk in list(due.order_by("approved_go_live_at", "pk").values_list("pk", flat=True)):
        done += _publish(pk)
    return done


def _publish(pk: int) -> bool:
    """Whether this call has published it: of two workers one does."""
    with transaction.atomic():
        waiting = Revision.objects.filter(pk=pk, approved_go_live_at__lt=timezone.now())
        revision = waiting.select_for_update().first()
        if revision is None:
            return False
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except ValidationError as fault:
            log.warning("page %s was not published as scheduled: %s", revision.object_id, fault)
            _give_up(revision, fault)
            return False
    return True


def _give_up(revision: Revision, fault: ValidationError) -> None:
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    if revision.user is not None:
        notify(
            user=revision.user,
            kind="cms.not_published",
            title=gettext_noop("Not published as scheduled: %(page)s"),
            body=gettext_noop("The page is kept as a draft: %(words)s"),
            url=reverse("wagtailadmin_pages:edit", args=[revision.object_id]),
            source=f"cms.not_published:{revision.pk}",
            page=revision.object_str[:200],
            words=" ".join(fault.messages)[:500],
        )
