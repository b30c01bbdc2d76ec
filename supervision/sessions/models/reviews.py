"""Looking into what was said, for a reason, for a time, and known to both: the only way besides the pair."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.queries import ties_of
from supervision.pairings.models import Pairing, of_pair, pair_among, read_from_desk
from supervision.sessions.states import REVIEW_TONES, TOLD, ReviewState


class Review(models.Model):
    """A person with a role asks to read what several have said, with a reason; a second one grants it until a moment."""

    told_words = ""  # what those whom it concerns are told once it is granted, as a msgid

    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(_("state"), max_length=8, choices=ReviewState.choices, default=ReviewState.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    answer = models.CharField(pgettext_lazy("late record", "answer"), max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def tone(self) -> str:
        return REVIEW_TONES[ReviewState(self.state)]

    @property
    def is_open_now(self) -> bool:
        """Whether the reviewer may read at this moment."""
        return bool(self.state == ReviewState.GRANTED and self.ends_at and timezone.now() < self.ends_at)

    @property
    def place(self) -> Organisation:
        """Whose administrators decide about it."""
        raise NotImplementedError

    @property
    def concerned(self) -> list[Person]:
        """Whose words would be read: they are told, and none of them asks or decides."""
        raise NotImplementedError

    @property
    def source(self) -> str:
        """What its notices are known by."""
        raise NotImplementedError

    def desk_url(self) -> str:
        raise NotImplementedError

    def told_url(self) -> str:
        """Where those whom it concerns read of it."""
        raise NotImplementedError


def granted_by_another(name: str, about: str) -> list[models.BaseConstraint]:
    """That of one reviewer one review is open at a time, and that a second person grants it, until a moment."""
    return [
        models.UniqueConstraint(
            fields=[about, "reviewer"],
            condition=models.Q(state__in=[ReviewState.ASKED, ReviewState.GRANTED]),
            name=f"{name}_one_open",
        ),
        models.CheckConstraint(
            condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("reviewer")),
            name=f"{name}_granted_by_another",
        ),
        models.CheckConstraint(
            condition=~models.Q(state=ReviewState.GRANTED)
            | models.Q(ends_at__isnull=False, decided_by__isnull=False),
            name=f"{name}_granted_for_a_time",
        ),
    ]


class SessionReviewQuerySet(models.QuerySet["SessionReview"]):
    def visible_to(self, user: Asker) -> SessionReviewQuerySet:
        """Who asked for it, the desk of either side, and the pair once it is granted."""
        if not user.is_authenticated:
            return self.none()
        granted = models.Q(state__in=sorted(TOLD))
        mine = of_pair(user, "pairing__")
        desk = read_from_desk(user, "pairing__") & ~mine
        return self.filter(models.Q(reviewer_id=user.pk) | desk | (mine & granted))

    def to_decide(self, user: Asker) -> SessionReviewQuerySet:
        """Those that wait and that this user can grant: as administrator of the mentee's side, neither of the pair nor who
        asked, and let in by none of them."""
        if not user.is_authenticated:
            return self.none()
        mine = scope_of(user).q("pairing__organisation", Role.ADMINISTRATOR)
        tied = ties_of(user).q(
            "pairing__organisation",
            lambda accounts: pair_among(accounts, "pairing__") | models.Q(reviewer__in=accounts),
        )
        return self.filter(mine, state=ReviewState.ASKED).exclude(tied)

    def with_people(self) -> SessionReviewQuerySet:
        return self.select_related(
            "pairing__supervisor__person",
            "pairing__mentee",
            "pairing__organisation",
            "reviewer__person",
            "decided_by__person",
        )


class SessionReview(Review):
    """A look into what one pair said."""

    told_words = gettext_noop("%(name)s may read what you two wrote, until %(day)s")

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="reviews", verbose_name=_("pairing"))

    objects = SessionReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of sessions")
        verbose_name_plural = _("reviews of sessions")
        ordering = ["-pk"]
        constraints = granted_by_another("session_review", "pairing")

    def __str__(self) -> str:
        return f"{self.pairing} · {self.reviewer}"

    @property
    def place(self) -> Organisation:
        return self.pairing.organisation

    @property
    def concerned(self) -> list[Person]:
        return [self.pairing.supervisor.person, self.pairing.mentee]

    @property
    def source(self) -> str:
        return f"supervision.review:{self.pk}"

    def desk_url(self) -> str:
        return reverse("session_reviews:inspect", args=[self.pk])

    def told_url(self) -> str:
        return self.pairing.get_absolute_url() + "#reviews"
