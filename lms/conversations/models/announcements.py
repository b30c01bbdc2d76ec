"""Announcements of the teachers to a whole cohort, and who has read them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.attachments.models import Attachment
from lms.cohorts.models import Cohort
from lms.conversations.models.members import as_member, at_desk
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user: Asker) -> AnnouncementQuerySet:
        """For the desk all of the cohorts in its tree; for the members of a cohort what has been published.

        What was withdrawn stays, without its text: a notice may still lead to it.
        """
        if not user.is_authenticated:
            return self.none()
        published = models.Q(publish_at__lte=timezone.now())
        return self.filter(at_desk(user) | (as_member(user) & published))

    def standing(self) -> AnnouncementQuerySet:
        """Those that members read: published and not withdrawn."""
        return self.filter(publish_at__lte=timezone.now(), withdrawn_at=None)

    def with_reads(self) -> AnnouncementQuerySet:
        """With `reads_now`: how many of those who learn now have read it."""
        now = models.Q(reads__enrolment__state__in=LEARNING)
        return self.annotate(reads_now=models.Count("reads", filter=now))


class Announcement(models.Model):
    """One announcement. It is changed or withdrawn, never deleted."""

    key = models.UUIDField(unique=True, editable=False)  # one sending, one announcement
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="announcements", verbose_name=_("cohort"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=5000)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    is_urgent = models.BooleanField(_("urgent"), default=False)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    publish_at = models.DateTimeField(_("published"), default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    reads_now: int  # only after with_reads()

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-is_pinned", "-publish_at", "-pk"]
        indexes = [
            models.Index(fields=["cohort", "publish_at"], name="announcement_by_cohort"),
            models.Index(
                fields=["publish_at"],
                condition=models.Q(told_at=None, withdrawn_at=None),
                name="announcement_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.publish_at <= timezone.now()


class AnnouncementRead(models.Model):
    """That somebody has opened an announcement."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="reads")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("announcement read")
        constraints = [models.UniqueConstraint("announcement", "enrolment", name="announcement_read_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.enrolment_id}"
