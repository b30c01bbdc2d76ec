"""Tables of rows to be taken over: who sent which file, what is in it, and what became of every row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.attachments.models import Attachment
from core.imports.states import ImportState, Outcome
from core.jobs.models import Job
from core.organisations.models import Organisation


def _here(chinese: str, english: str) -> str:
    return english if english and (get_language() or "").startswith("en") else chinese


# Kinds of files that instructors send as well: they hold nothing about people (core.imports.kinds adds them).
AUTHORED: set[str] = set()


class SheetImportQuerySet(models.QuerySet["SheetImport"]):
    def visible_to(self, user: Asker) -> SheetImportQuerySet:
        """For administrators and auditors those of their tree; for instructors what they sent themselves, while they still
        teach there, and nothing about people."""
        scope = scope_of(user)
        sent = models.Q(created_by=user.pk or 0, kind__in=sorted(AUTHORED))
        return self.filter(
            scope.q("organisation", *READERS) | (sent & scope.q("organisation", Role.INSTRUCTOR))
        )


class SheetImport(models.Model):
    """One file: checked first, then taken over by a second act. What is taken over already is not taken over again."""

    kind = models.CharField(_("kind"), max_length=40)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    target_id = models.PositiveBigIntegerField(null=True, blank=True)  # what the rows go to, such as a cohort
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(max_length=200, blank=True, default="")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    has_file = models.BooleanField(default=True)  # the file holds ID numbers: it is erased when it has served
    all_or_none = models.BooleanField(
        _("all or nothing"), default=False, help_text=_("If one row is wrong, no row is taken over.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.CHECKING
    )
    problem = models.TextField(_("what is wrong with it"), blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    applied_at = models.DateTimeField(_("taken over"), null=True, blank=True)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values), name="import_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title_here

    @property
    def title_here(self) -> str:
        """What it is called, in the reader's language; of those from before there were two, in that of who sent them."""
        return _here(self.title, self.title_en)


class ImportLine(models.Model):
    """What became of one row. It keeps the name for people to recognise it by, and no number of anybody. What is wrong
    stands there in both languages: whoever reads it need not be who sent it."""

    sheet = models.ForeignKey(SheetImport, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("row"))  # as the spreadsheet program shows it
    label = models.CharField(_("name"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    column = models.CharField(_("column"), max_length=80, blank=True)  # or all that are wrong
    message = models.CharField(_("what is wrong"), max_length=1000, blank=True)
    column_en = models.CharField(max_length=160, blank=True, default="")
    message_en = models.CharField(max_length=2000, blank=True, default="")
    subject_id = models.PositiveBigIntegerField(null=True)  # the account or other thing that it became or is

    class Meta:
        verbose_name = _("imported row")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("sheet", "number", name="import_line_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values), name="import_outcome_is_known"
            ),
        ]
        indexes = [models.Index(fields=["sheet", "outcome"], name="import_line_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def column_here(self) -> str:
        return _here(self.column, self.column_en)

    @property
    def message_here(self) -> str:
        return _here(self.message, self.message_en)
