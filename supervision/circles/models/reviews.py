"""Looking into what a circle wrote, for a reason, for a time, and known to all of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.queries import ties_of
from supervision.circles.models.circles import Circle, CircleMember
from supervision.circles.models.gatherings import Gathering, Participation
from supervision.sessions.models import Review, granted_by_another
from supervision.sessions.states import TOLD, ReviewState


def written_by(accounts: Collection[int]) -> models.Q:
    """The condition "one of these leads or led the circle, is its member, or took part in one of its gatherings"."""
    found = models.Q(circle__leader__user__in=accounts)
    members = CircleMember.objects.joined().filter(person__user__in=accounts)
    led = Gathering.objects.filter(leader__user__in=accounts).order_by().values("circle")
    parts = Participation.objects.live().filter(person__user__in=accounts).order_by()
    found |= models.Q(circle__in=members.values("circle")) | models.Q(circle__in=led)
    return found | models.Q(circle__in=parts.values("gathering__circle"))


class CircleReviewQuerySet(models.QuerySet["CircleReview"]):
    def visible_to(self, user: Asker) -> CircleReviewQuerySet:
        """Who asked for it, the desk of the circle, and those of the circle once it is granted."""
        if not user.is_authenticated:
            return self.none()
        granted = models.Q(state__in=sorted(TOLD))
        mine = written_by([user.pk])
        desk = scope_of(user).q("circle__organisation", *READERS) & ~mine
        return self.filter(models.Q(reviewer_id=user.pk) | desk | (mine & granted))

    def to_decide(self, user: Asker) -> CircleReviewQuerySet:
        """Those that wait and that this user can grant: as administrator of the circle, neither of it nor who asked, and
        let in by none of them."""
        if not user.is_authenticated:
            return self.none()
        mine = scope_of(user).q("circle__organisation", Role.ADMINISTRATOR)
        tied = ties_of(user).q(
            "circle__organisation", lambda accounts: written_by(accounts) | models.Q(reviewer__in=accounts)
        )
        return self.filter(mine, state=ReviewState.ASKED).exclude(tied)

    def with_people(self) -> CircleReviewQuerySet:
        return self.select_related(
            "circle__organisation", "circle__leader__user", "reviewer__person", "decided_by__person"
        )


class CircleReview(Review):
    """A look into what was written in the gatherings of one circle."""

    told_words = gettext_noop("%(name)s may read what your circle wrote, until %(day)s")

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="reviews", verbose_name=_("circle"))

    objects = CircleReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a circle")
        verbose_name_plural = _("reviews of circles")
        ordering = ["-pk"]
        constraints = granted_by_another("circle_review", "circle")

    def __str__(self) -> str:
        return f"{self.circle} · {self.reviewer}"

    @property
    def place(self) -> Organisation:
        return self.circle.organisation

    @property
    def concerned(self) -> list[Person]:
        """The leader, the members, and whoever led or took part in a gathering. Two queries."""
        of_circle = models.Q(circles__in=CircleMember.objects.joined().filter(circle=self.circle_id))
        parts = Participation.objects.live().filter(gathering__circle=self.circle_id)
        wanted = of_circle | models.Q(participations__in=parts) | models.Q(pk=self.circle.leader_id)
        wanted |= models.Q(led_gatherings__circle=self.circle_id)
        return list(Person.objects.filter(wanted).select_related("user__person").distinct().order_by("pk"))

    @property
    def source(self) -> str:
        return f"supervision.circle_review:{self.pk}"

    def desk_url(self) -> str:
        return reverse("circle_reviews:inspect", args=[self.pk])

    def told_url(self) -> str:
        return self.circle.get_absolute_url() + "#reviews"
