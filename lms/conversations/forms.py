"""The forms of conversations: what is announced, asked, said, reported and decided."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from core.attachments.forms import AttachmentField
from lms.conversations.states import QuestionState

REMINDER = _(
    "Write about people so that nobody can tell who they are: no names, ID numbers, telephone numbers or addresses."
)


class KeyedForm(forms.Form):
    """A form that is sent once: whatever is pressed twice has the same key."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class AnnouncementForm(KeyedForm):
    """What everybody in a cohort is to know."""

    title = forms.CharField(label=_("Title"), max_length=120, strip=True)
    body = forms.CharField(
        label=_("Text"),
        max_length=5000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("An empty line begins a new paragraph; addresses become links."),
    )
    file = AttachmentField(label=_("File"), required=False)
    is_urgent = forms.BooleanField(
        label=_("Urgent: the letter is sent at once, also to those who chose a daily one"), required=False
    )
    is_pinned = forms.BooleanField(label=_("Keep it on top"), required=False)
    publish_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Leave it empty to tell everybody now. Or write a time like 2026-03-14 09:00."),
        error_messages={"invalid": _("There is no such time. Write it like 2026-03-14 09:00.")},
    )

    def clean_publish_at(self) -> datetime | None:
        """A time that is past would tell everybody at once: that is said by leaving it empty."""
        chosen: datetime | None = self.cleaned_data["publish_at"]
        if chosen is not None and chosen <= timezone.now():
            raise forms.ValidationError(
                _("This time is past. Choose a later one, or leave it empty to tell everybody now.")
            )
        return chosen


class ChangeAnnouncementForm(AnnouncementForm):
    """The same for one that is there. Once published its time is past."""

    key = None  # type: ignore[assignment]
    drops_file = forms.BooleanField(label=_("Take the file away"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, is_published: bool, has_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_published:
            del self.fields["publish_at"]
        if not has_file:
            del self.fields["drops_file"]


class AskForm(KeyedForm):
    """A question to the teachers."""

    title = forms.CharField(label=_("Your question in one sentence"), max_length=120, strip=True)
    body = forms.CharField(
        label=_("What it is about"),
        max_length=3000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=REMINDER,
    )
    lesson = forms.ChoiceField(label=_("About a lesson"), required=False)
    audience = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[
            ("teachers", _("Only the teachers")),
            ("cohort", _("The whole cohort, with my name: others often have the same question")),
        ],
        widget=forms.RadioSelect,
        initial="teachers",
    )

    def __init__(self, *args: Any, lessons: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lesson"].choices = [("", _("In general")), *lessons]  # type: ignore[attr-defined]


class ReplyForm(KeyedForm):
    """An answer, a further question, or a reply in a thread."""

    body = forms.CharField(
        label=_("Your text"),
        max_length=3000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=REMINDER,
    )


class ThreadForm(KeyedForm):
    """A new thread."""

    title = forms.CharField(label=_("Subject"), max_length=120, strip=True)
    body = forms.CharField(
        label=_("Your text"),
        max_length=3000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=REMINDER,
    )


class EditForm(forms.Form):
    """What one wrote, to be changed."""

    body = forms.CharField(
        label=_("Your text"),
        max_length=3000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=REMINDER,
    )


class ReasonForm(forms.Form):
    """Why a post is reported, or hidden."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )


class MuteForm(ReasonForm):
    """How long somebody may not write, and why."""

    until = forms.DateField(
        label=_("Last day"),
        widget=AdminDateInput,
        help_text=_("To the end of this day, at most a year. Write it like 2026-03-14."),
        error_messages={"invalid": _("There is no such day. Write it like 2026-03-14.")},
    )
    field_order = ["until", "reason"]


class WordsForm(forms.Form):
    """The words that hold a post, one a line."""

    words = forms.CharField(
        label=_("Words to review"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One word a line, each at most 40 characters. A post with one of them waits for a moderator."
        ),
    )

    def clean_words(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        if any(len(line) > 40 for line in lines):
            raise forms.ValidationError(_("A word has at most 40 characters."))
        return lines


class QuestionFilter(forms.Form):
    """The search above the questions, for members and teachers."""

    q = forms.CharField(required=False, max_length=60)
    show = forms.ChoiceField(
        required=False,
        choices=[
            ("", pgettext_lazy("questions", "All")),
            ("mine", _("My questions")),
            ("frequent", _("Frequently asked")),
        ],
    )
    state = forms.ChoiceField(required=False, choices=[("", ""), *QuestionState.choices])
