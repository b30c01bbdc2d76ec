"""Units of cmi5: each opening of one, the statements that are made of it, and the documents that it keeps."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from lms.packages.models.packages import Registration
from lms.packages.states import Mode


class Launch(models.Model):
    """One opening of a unit: its session of cmi5, and the only attempt that its keys open.

    Of the two keys, the one that is changed for a token and the token itself, only the digests are kept.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="launches")
    item = models.CharField(max_length=255)
    session = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.NORMAL)
    fetch_digest = models.CharField(max_length=64)
    fetched_at = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)
    runs_out_at = models.DateTimeField()
    said: Any = models.JSONField(default=list)  # the verbs of cmi5 that came in it
    initialized_at = models.DateTimeField(null=True, blank=True)
    terminated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # the unit was opened anew, or time ran out
    created_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["registration", "item"], name="launch_of_item")]
        constraints = [
            models.CheckConstraint(condition=models.Q(mode__in=Mode.values), name="launch_mode_is_known"),
            models.CheckConstraint(
                condition=models.Q(token_digest="") | models.Q(fetched_at__isnull=False),
                name="launch_token_was_fetched",
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)


class Statement(models.Model):
    """A statement of xAPI. Never changed or deleted (a trigger guards it)."""

    uuid = models.UUIDField(unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="statements")
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="statements")  # the attempt
    verb = models.CharField(max_length=500)
    object = models.CharField(max_length=500, blank=True)  # the id of the activity; "" when it is about none
    result: Any = models.JSONField(null=True, blank=True)
    timestamp = models.DateTimeField()
    stored = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)  # of what was sent, to know it again
    body: Any = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("xapi", "statement")
        verbose_name_plural = pgettext_lazy("xapi", "statements")
        ordering = ["pk"]
        indexes = [models.Index(fields=["registration", "id"], name="statement_of_registration")]

    def __str__(self) -> str:
        return str(self.uuid)


class StateDocument(models.Model):
    """What a unit keeps for its next session: a document with a name."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="documents")
    activity = models.CharField(max_length=500)
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    content_type = models.CharField(max_length=100)
    updated_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint("registration", "activity", "name", name="state_document_once")
        ]

    def __str__(self) -> str:
        return self.name
