"""Notices: one message to one account, carried by several channels."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Asker) -> NoticeQuerySet:
        """Only one's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """A message. Stored as a sentence to translate and its values, so that each reader reads their own language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    values = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=120, null=True, blank=True)
    created_at = models.DateTimeField(_("time"), default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at=None))]
        constraints = [models.UniqueConstraint("user", "source", name="notice_once_per_source")]

    def __str__(self) -> str:
        return self.title_in()

    def title_in(self, language: str | None = None) -> str:
        with override(language) if language else nullcontext():
            return _filled(gettext(self.title), self.values) if self.title else ""

    def body_in(self, language: str | None = None) -> str:
        with override(language) if language else nullcontext():
            return _filled(gettext(self.body), self.values) if self.body else ""

    def title_in_letter(self) -> str:
        return _filled(_polite(gettext(self.title)), self.values) if self.title else ""

    def body_in_letter(self) -> str:
        return _filled(_polite(gettext(self.body)), self.values) if self.body else ""


def _polite(sentence: str) -> str:
    """The sentence as a letter says it: its reader is 您, who is 你 on the pages. What people wrote stays: it is a value."""
    return sentence.replace("你", "您")


_ENDED_BY_SENTENCE = re.compile(r"%\((\w+)\)s[.。]")  # a value with the full stop of the sentence around it
_ENDS = tuple(".。!！?？…")


def _filled(sentence: str, values: dict[str, Any]) -> str:
    """The sentence with its values. People end what they write themselves, or do not: it ends once either way."""
    written = _readable(values)

    def once(match: re.Match[str]) -> str:
        is_ended = str(written.get(match[1], "")).rstrip().endswith(_ENDS)
        return f"%({match[1]})s" if is_ended else match[0]

    return _ENDED_BY_SENTENCE.sub(once, sentence) % written


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    """The values as the reader writes them: a day is kept as {"day": "2026-11-23"}, a time of day as {"moment": …}, a
    title in both languages as {"title": …, "title_en": …}, several of these as {"several": […]}."""
    return {name: _written(value) if isinstance(value, dict) else value for name, value in values.items()}


def _written(kept: dict[str, Any]) -> str:
    is_english = (get_language() or "").startswith("en")
    if "several" in kept:
        return (", " if is_english else "、").join(_written(each) for each in kept["several"])
    if "title" in kept:
        return str(kept["title_en"] if is_english else kept["title"])
    if "moment" in kept:
        return date_format(timezone.localtime(datetime.fromisoformat(kept["moment"])), "DATETIME_FORMAT")
    return date_format(date.fromisoformat(kept["day"]))


class Delivery(models.Model):
    """One notice on one channel outside the site, sent once."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        SMS = "sms", _("Text message")
        WECHAT = "wechat", _("WeChat")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("notice", "channel", name="delivery_once_per_channel")]
        indexes = [models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel}"
