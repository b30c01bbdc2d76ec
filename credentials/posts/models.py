"""Sectors, the posts planned in them, who holds a post from when to when, and by which route somebody came."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.posts.states import Route

MOST_PLACES = 999


class SectorQuerySet(models.QuerySet["Sector"]):
    def visible_to(self, user: Asker) -> SectorQuerySet:
        """The list is one for all trees, and no secret to anybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()

    def active(self) -> SectorQuerySet:
        return self.filter(is_active=True)


class Sector(models.Model):
    """One sector with social work posts, such as 民政 or 教育. Seven at first; the list is the operator's to edit."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_here

    @property
    def name_here(self) -> str:
        """The sector in the reader's language."""
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name


class PlannedPostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: Asker) -> PlannedPostQuerySet:
        """For administrators and auditors, those of the organisations in their tree."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def with_filled(self) -> PlannedPostQuerySet:
        """With `filled`: how many hold it at present."""
        held = PostHolding.objects.current().filter(post=models.OuterRef("pk")).order_by()
        count = held.values("post").annotate(number=models.Count("pk")).values("number")
        return self.annotate(filled=Coalesce(models.Subquery(count), 0))


class Post(models.Model):
    """A social work post 岗位 of one sector at one organisation, with so many planned places."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="posts", verbose_name=_("organisation")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="posts", verbose_name=_("sector"))
    title = models.CharField(pgettext_lazy("talent", "post"), max_length=60)
    places = models.PositiveSmallIntegerField(
        _("planned places"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    is_active = models.BooleanField(_("active"), default=True)

    filled: int  # only after with_filled()

    objects = PlannedPostQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("talent", "post")
        verbose_name_plural = pgettext_lazy("talent", "posts")
        ordering = ["organisation__path", "sector__position", "title", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", "sector", "title", name="post_once_per_organisation"),
            models.CheckConstraint(
                condition=models.Q(places__gte=1, places__lte=MOST_PLACES), name="post_places_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.title}"


class HoldingQuerySet(models.QuerySet["PostHolding"]):
    def visible_to(self, user: Asker) -> HoldingQuerySet:
        """One's own, and for administrators and auditors those of the posts in their tree."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("post__organisation", *READERS)
        return self.filter(desk | models.Q(person__user=user))

    def current(self) -> HoldingQuerySet:
        return self.filter(ends_on=None)


class PostHolding(models.Model):
    """That a person holds a post, from a day on (and until one). Ended, it stays; times of one person never overlap."""

    post = models.ForeignKey(
        Post, models.PROTECT, related_name="holdings", verbose_name=pgettext_lazy("talent", "post")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="post_holdings", verbose_name=_("person"))
    place = (
        models.PositiveSmallIntegerField()
    )  # which of the planned places: no two hold the same one at a time
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of a post")
        verbose_name_plural = _("holders of posts")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "person", condition=models.Q(ends_on=None), name="post_held_one_at_a_time"
            ),
            models.UniqueConstraint(
                "post", "place", condition=models.Q(ends_on=None), name="post_place_held_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="post_holding_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None, ended_by=None)
                | models.Q(ends_on__isnull=False, ended_by__isnull=False),
                name="post_holding_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(place__gte=1, place__lte=MOST_PLACES), name="post_holding_place_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.post.title}"


class RouteQuerySet(models.QuerySet["TalentRoute"]):
    def visible_to(self, user: Asker) -> RouteQuerySet:
        """One's own, and for administrators and auditors those of the people employed in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("person__employer", *READERS) | models.Q(person__user=user))


class TalentRoute(models.Model):
    """By which route somebody came, from a day on, as an officer records it. The latest counts; rows are added only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="talent_routes", verbose_name=_("person"))
    route = models.CharField(_("route"), max_length=10, choices=Route.choices)
    since = models.DateField(_("since"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("talent route")
        verbose_name_plural = _("talent routes")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint("person", "since", "route", name="talent_route_once_a_day"),
            models.CheckConstraint(condition=models.Q(route__in=Route.values), name="talent_route_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_route_display()}"
