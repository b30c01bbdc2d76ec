"""Immutable course versions: what publishing a course makes, and all that learning ever reads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.blocks.reading import reading_minutes


class Titled:
    """A thing with a title in two languages."""

    title: str
    title_en: str

    @property
    def title_here(self) -> str:
        """The title in the language of the reader; the Chinese one where there is no English."""
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title


class CourseVersion(Titled, models.Model):
    """One published state of a course. Never changed or deleted (a trigger guards it)."""

    course = models.ForeignKey(
        "lms.CoursePage", models.PROTECT, related_name="versions", verbose_name=_("course")
    )
    number = models.PositiveIntegerField(_("version"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=255)
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"))
    in_order = models.BooleanField(default=False)
    certificate_years = models.PositiveSmallIntegerField(null=True)
    daily_minutes = models.PositiveSmallIntegerField(null=True)  # of videos count on one day; None: all
    rule = models.JSONField(
        default=dict
    )  # see lms.enrolments.policy.rule_of: what it does not name is not asked for
    # [{key, title, title_en, summary, items: [{key, kind: "lesson"|"quiz"|"assignment", title, title_en, minutes, requires: [key]}]}]
    # A quiz that closes the course stands in a last section without a title.
    outline = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("published"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint("course", "number", name="course_version_number_once"),
            models.UniqueConstraint("course", "fingerprint", name="course_version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @cached_property
    def attempts_allowed(self) -> dict[str, int]:
        """How many attempts each quiz allows, by its key; 0: as many as one likes. One query, once per process."""
        return attempts_allowed_in([self])[self.pk]


class LessonVersion(Titled, models.Model):
    """One lesson as it was at publication, rendered."""

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="lessons")
    key = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    min_seconds = models.PositiveIntegerField(default=0)
    html = models.TextField(blank=True)
    # [{key, kind, prompt, choices: [{key, text}], correct: [key], explanation}]
    checks = models.JSONField(default=list)
    package = models.ForeignKey("lms.PackageVersion", models.PROTECT, null=True, related_name="+")
    # What is asked of whoever watches (core.blocks.videos.video_facts); None: nothing, as in versions from before.
    videos = models.JSONField(null=True)
    # What other sites show inside (core.blocks.outside.frame_facts), and what the cohort discusses (core.blocks.talks).
    frames = models.JSONField(null=True)
    talks = models.JSONField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="lesson_version_key_once"),
            models.UniqueConstraint("version", "position", name="lesson_version_position_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def reading(self) -> int:
        """About how many minutes its text takes; 0 where there is hardly any. Reckoned once per process."""
        return reading_minutes(self.html, settings.READING_SPEED)


class LessonMedia(models.Model):
    """A file or picture that a published lesson shows: nobody may delete it, and only the enrolled may read it."""

    lesson = models.ForeignKey(LessonVersion, models.CASCADE, related_name="media")
    document = models.ForeignKey("wagtaildocs.Document", models.PROTECT, null=True, related_name="+")
    image = models.ForeignKey("wagtailimages.Image", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("file of a published lesson")
        constraints = [
            models.UniqueConstraint("lesson", "document", name="lesson_document_once"),
            models.UniqueConstraint("lesson", "image", name="lesson_image_once"),
        ]

    def __str__(self) -> str:
        return str(self.lesson)


class PaperVersion(Titled, models.Model):
    """One quiz as it was at publication, with its key."""

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="papers")
    key = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    questions = models.JSONField(default=list)  # the shape of LessonVersion.checks
    pass_percent = models.PositiveSmallIntegerField(default=60)
    max_attempts = models.PositiveSmallIntegerField(default=3)  # 0: as often as one likes
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # None: no clock
    rules = models.JSONField(
        default=dict
    )  # how parts of an answer count: lms.questions.policy.Rules.from_data
    marking = models.JSONField(default=dict)  # how people read its answers: lms.marking.policy.Scheme
    cool_down = models.PositiveSmallIntegerField(default=0)  # minutes between two attempts
    shuffles = models.BooleanField(default=False)  # questions and choices; drawn papers do so anyway
    one_device = models.BooleanField(default=False)  # at a time
    watches = models.BooleanField(default=False)  # keeps when the page was opened and left
    per_page = models.PositiveSmallIntegerField(default=5)  # questions; 0: a page for each section
    # Each attempt draws its questions from this bank by these lines; without a bank all have `questions`.
    bank = models.ForeignKey("lms.QuestionBank", models.PROTECT, null=True, related_name="+")
    blueprint = models.JSONField(default=list)  # lms.questions.formats.blueprints.blueprint_data

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="paper_version_key_once"),
            models.UniqueConstraint("version", "position", name="paper_version_position_once"),
            models.CheckConstraint(
                condition=models.Q(pass_percent__lte=100), name="paper_pass_percent_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def size(self) -> int:
        """How many questions an attempt has."""
        return sum(line["count"] for line in self.blueprint) or len(self.questions)


class HandIn(models.TextChoices):
    """What is handed in for an assignment."""

    TEXT = "text", _("A text")
    FILE = "file", _("A file")
    BOTH = "both", _("A text and a file")


class AssignmentVersion(Titled, models.Model):
    """One assignment as it was at publication, rendered."""

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="assignments")
    key = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    html = models.TextField(blank=True)
    hand_in = models.CharField(max_length=4, choices=HandIn.choices, default=HandIn.TEXT)
    max_score = models.PositiveSmallIntegerField(default=100)
    pass_score = models.PositiveSmallIntegerField(default=60)
    due_days = models.PositiveSmallIntegerField(null=True)  # after the cohort's first day; None: no deadline
    resubmissions = models.PositiveSmallIntegerField(default=1)  # how often it may be handed in again
    # [{key, title, words, levels: [{key, points, title, words}]}]; the best levels make the highest score
    rubric = models.JSONField(default=list)
    late_days = models.PositiveSmallIntegerField(
        null=True
    )  # accepted so long after the due day; None: no end
    late_percent = models.PositiveSmallIntegerField(default=0)  # of the highest score, for each day begun
    late_floor = models.PositiveSmallIntegerField(default=0)  # per cent below which being late brings nothing
    peer_reviews = models.PositiveSmallIntegerField(default=0)  # how many others each trainee reviews
    peer_days = models.PositiveSmallIntegerField(default=7)  # for writing them, once they are shared out

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "key", name="assignment_version_key_once"),
            models.UniqueConstraint("version", "position", name="assignment_version_position_once"),
            models.CheckConstraint(
                condition=models.Q(pass_score__lte=models.F("max_score")), name="assignment_can_be_passed"
            ),
            models.CheckConstraint(
                condition=models.Q(hand_in__in=HandIn.values), name="assignment_hand_in_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(late_percent__lte=100, late_floor__lte=100),
                name="assignment_late_rule_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(peer_reviews=0)
                | models.Q(peer_reviews__lte=5, peer_days__gte=1, due_days__isnull=False),
                name="assignment_peers_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_text(self) -> bool:
        return self.hand_in != HandIn.FILE

    @property
    def takes_file(self) -> bool:
        return self.hand_in != HandIn.TEXT

    @property
    def attempts(self) -> int:
        """How often it may be handed in altogether."""
        return 1 + self.resubmissions


class AssignmentMedia(models.Model):
    """A file or picture that a published assignment shows, kept and guarded as those of lessons are."""

    assignment = models.ForeignKey(AssignmentVersion, models.CASCADE, related_name="media")
    document = models.ForeignKey("wagtaildocs.Document", models.PROTECT, null=True, related_name="+")
    image = models.ForeignKey("wagtailimages.Image", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("file of a published assignment")
        constraints = [
            models.UniqueConstraint("assignment", "document", name="assignment_document_once"),
            models.UniqueConstraint("assignment", "image", name="assignment_image_once"),
        ]

    def __str__(self) -> str:
        return str(self.assignment)


# --- Kept in the process ------------------------------------------------------------------------------------
Row = TypeVar("Row", bound=models.Model)


class Kept(Generic[Row]):
    """Rows that never change, read once per process: at most `most` of them, those unused for longest go first.

    Many requests share a row: it is read, never written to. What an open transaction has read is kept when that
    commits, and not at all when it is rolled back, since its number may then be given to another row.
    """

    def __init__(self, read: Callable[..., Row], most: int) -> None:
        self.read, self.most = read, most
        self.rows: dict[tuple[Any, ...], Row] = {}
        self.lock = threading.Lock()

    def __call__(self, *key: Any) -> Row:
        """The row; raises the model's DoesNotExist, which is not kept."""
        return self.known(*key) or self.keep(self.read(*key), *key)

    def known(self, *key: Any) -> Row | None:
        """The row if it is kept."""
        with self.lock:
            row = self.rows.pop(key, None)
            if row is not None:
                self.rows[key] = row  # the last is the latest used
        return row

    def keep(self, row: Row, *key: Any) -> Row:
        """Keep a row that was read, from the end of the transaction on."""
        transaction.on_commit(partial(self._put, key, row))
        return row

    def _put(self, key: tuple[Any, ...], row: Row) -> None:
        with self.lock:
            self.rows[key] = row
            while len(self.rows) > self.most:
                del self.rows[next(iter(self.rows))]

    def forget(self) -> None:
        """For tests, whose databases come and go within one process."""
        with self.lock:
            self.rows.clear()


def _lesson(version_id: int, key: UUID) -> LessonVersion:
    return LessonVersion.objects.get(version=version_id, key=key)


def _paper_at(version_id: int, key: UUID) -> PaperVersion:
    return PaperVersion.objects.get(version=version_id, key=key)


def _assignment_at(version_id: int, key: UUID) -> AssignmentVersion:
    return AssignmentVersion.objects.get(version=version_id, key=key)


# By their numbers, or by the version and the key of the item. A row is some 10 to 20 KB.
version_of = Kept(lambda pk: CourseVersion.objects.get(pk=pk), most=200)
lesson_at = Kept(_lesson, most=500)
paper_of = Kept(lambda pk: PaperVersion.objects.get(pk=pk), most=200)
paper_at = Kept(_paper_at, most=200)
assignment_at = Kept(_assignment_at, most=200)


def versions_of(ids: Iterable[int]) -> dict[int, CourseVersion]:
    """Several course versions by their numbers; those not kept yet are read in one statement."""
    wanted = set(ids)
    found = {pk: row for pk in wanted if (row := version_of.known(pk)) is not None}
    if missing := wanted - found.keys():
        found |= {pk: version_of.keep(row, pk) for pk, row in CourseVersion.objects.in_bulk(missing).items()}
    return found


def attempts_allowed_in(versions: Iterable[CourseVersion]) -> dict[int, dict[str, int]]:
    """`attempts_allowed` of several versions; those not known yet are read in one statement."""
    rows = {version.pk: version for version in versions}
    unread: dict[int, dict[str, int]] = {
        pk: {} for pk, version in rows.items() if "attempts_allowed" not in vars(version)
    }
    if unread:
        papers = PaperVersion.objects.filter(version__in=list(unread)).order_by()
        for pk, key, most in papers.values_list("version_id", "key", "max_attempts"):
            unread[pk][str(key)] = most
    for pk, found in unread.items():
        rows[pk].attempts_allowed = found
    return {pk: version.attempts_allowed for pk, version in rows.items()}


def has_courses() -> bool:
    """Whether any course is published, so that a cohort can be opened. One query."""
    return CourseVersion.objects.exists()
