"""The discussion of a cohort: threads, their posts, and what moderators need."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from lms.cohorts.models import Cohort
from lms.conversations.models.members import as_member, at_desk
from lms.conversations.states import SEEN, PostState


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: Asker) -> ThreadQuerySet:
        """For the desk all; for the members those whose opening is not held back, and their own."""
        if not user.is_authenticated:
            return self.none()
        opened = models.Exists(Post.objects.openings().filter(thread=models.OuterRef("pk"), state__in=SEEN))
        return self.filter(at_desk(user) | (as_member(user) & (models.Q(opened) | models.Q(author=user))))

    def with_counts(self) -> ThreadQuerySet:
        """With `post_count` of what is to be seen, and the state of the post that opened it."""
        opening = Post.objects.filter(thread=models.OuterRef("pk"), is_opening=True)
        seen = models.Q(posts__state__in=SEEN)
        return self.annotate(
            post_count=models.Count("posts", filter=seen),
            opening_state=models.Subquery(opening.values("state")[:1]),
        )


class Thread(models.Model):
    """A subject that is talked about. What is said stands in its posts; the first of them opens it."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="threads", verbose_name=_("cohort"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(_("subject"), max_length=120)
    created_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(_("last post"), default=timezone.now)
    # Opened at a discussion of a lesson: which one (through all versions of the course), and what the lesson was called.
    place = models.UUIDField(null=True, blank=True, editable=False)
    lesson_key = models.UUIDField(null=True, blank=True, editable=False)
    lesson_title = models.CharField(_("about the lesson"), max_length=255, null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("discussion", "closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    post_count: int  # these two only after with_counts()
    opening_state: str

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("discussion", "thread")
        verbose_name_plural = pgettext_lazy("discussion", "threads")
        ordering = ["-last_post_at", "-pk"]
        indexes = [
            models.Index(fields=["cohort", "last_post_at"], name="thread_by_cohort"),
            models.Index(
                fields=["cohort", "place"], condition=models.Q(place__isnull=False), name="thread_by_place"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title_shown(self) -> str:
        """The subject; where the post that opened the thread is hidden, so is what it was headed with."""
        hidden = getattr(self, "opening_state", None) == PostState.HIDDEN
        return gettext("Hidden by a moderator") if hidden else self.title


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: Asker) -> PostQuerySet:
        """For the desk all; for the members what moderators do not hold back, and their own. Where the opening of a
        thread is held back, so is all that was said below it."""
        if not user.is_authenticated:
            return self.none()
        opening = Post.objects.openings().filter(thread=models.OuterRef("thread"), state__in=SEEN)
        opened = models.Exists(opening) | models.Q(thread__author=user)
        seen = opened & (models.Q(state__in=SEEN) | models.Q(author=user))
        return self.filter(at_desk(user, "thread__cohort") | (as_member(user, "thread__cohort") & seen))

    def openings(self) -> PostQuerySet:
        """Those that open a thread."""
        return self.filter(is_opening=True)

    def with_reports(self) -> PostQuerySet:
        """With `open_reports`: how many reports of it no moderator has settled."""
        return self.annotate(open_reports=models.Count("reports", filter=models.Q(reports__settled_at=None)))

    def to_look_at(self) -> PostQuerySet:
        """What waits for a moderator: held, or reported and still to be seen."""
        reported = Report.objects.filter(post=models.OuterRef("pk"), settled_at=None)
        return self.filter(
            models.Q(state=PostState.HELD) | (models.Q(state=PostState.VISIBLE) & models.Exists(reported))
        ).order_by("written_at", "pk")


class Post(models.Model):
    """One contribution. Hidden, it leaves its place and the reason; what it said stays for the desk."""

    key = models.UUIDField(unique=True, editable=False)  # one sending, one post
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_opening = models.BooleanField(default=False)
    body = models.TextField(_("text"), max_length=3000)
    state = models.CharField(_("state"), max_length=10, choices=PostState.choices, default=PostState.VISIBLE)
    written_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    open_reports: int  # only after with_reports()

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("discussion", "post")
        verbose_name_plural = pgettext_lazy("discussion", "posts")
        ordering = ["written_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["thread"], condition=models.Q(is_opening=True), name="thread_opened_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PostState.HIDDEN)
                | (models.Q(decided_at__isnull=False, decided_by__isnull=False) & ~models.Q(reason="")),
                name="post_hidden_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PostState.values), name="post_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "written_at"], name="post_by_thread"),
            models.Index(fields=["author", "written_at"], name="post_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.thread} · {self.pk}"  # what it says does not belong in lists and logs


class Report(models.Model):
    """That somebody asks the moderators to look at a post, and what came of it."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    reported_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = pgettext_lazy("discussion", "report")
        verbose_name_plural = pgettext_lazy("discussion", "reports")
        ordering = ["reported_at", "pk"]
        constraints = [models.UniqueConstraint("post", "reporter", name="post_reported_once_by_each")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.reporter_id}"


class Mute(models.Model):
    """That somebody may read but not write in one cohort, to the end of a day. Lifted, it stays as a record."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="mutes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300)
    muted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    muted_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("discussion", "mute")
        verbose_name_plural = pgettext_lazy("discussion", "mutes")
        ordering = ["-muted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=models.Q(lifted_at=None), name="mute_one_stands"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"


class ReviewWordQuerySet(models.QuerySet["ReviewWord"]):
    def visible_to(self, user: Asker) -> ReviewWordQuerySet:
        """For administrators and auditors: those of the organisations in their tree."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def for_cohort(self, cohort: Cohort) -> ReviewWordQuerySet:
        """The lists that count in a cohort: of the organisation that runs it, and of those above."""
        return self.filter(organisation__path__in=Organisation.paths_above(cohort.organisation.path))


class ReviewWord(models.Model):
    """A word that holds a post until a moderator has looked at it."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
        help_text=_("It counts in the cohorts of this organisation and of all below it."),
    )
    word = models.CharField(_("word"), max_length=40)

    objects = ReviewWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word to review")
        verbose_name_plural = _("words to review")
        ordering = ["word", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "word",
                name="review_word_once",
                violation_error_message=_("This word is on the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.word
