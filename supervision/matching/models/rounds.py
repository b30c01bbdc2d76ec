"""A round, who takes part on either side, and what each of them wishes."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from supervision.matching.states import SHOWN, TOLD, TONES, Engine, Region, RoundState, Side
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import Tier

MOST_WISHES = 5  # usual; each round says how many it takes
APPEAL_DAYS = 7


def takes_part(user: Asker, prefix: str = "") -> models.Q:
    """The condition "this user is a mentee or a supervisor of the round"; `prefix` leads to the round, such as `round__`."""
    mentees = RoundMentee.objects.filter(person__user=user.pk or 0).values("round")
    supervisors = RoundSupervisor.objects.filter(supervisor__person__user=user.pk or 0).values("round")
    return models.Q(**{f"{prefix}pk__in": mentees}) | models.Q(**{f"{prefix}pk__in": supervisors})


def may_join(user: Asker, prefix: str = "") -> models.Q:
    """The condition "the round is open, lets people join, and is run above this user's employer"."""
    employer = getattr(getattr(user, "person", None), "employer", None)
    above = Organisation.paths_above(employer.path) if employer else []
    return models.Q(
        **{
            f"{prefix}state": RoundState.OPEN,
            f"{prefix}self_join": True,
            f"{prefix}organisation__path__in": above,
        }
    )


class MatchingRoundQuerySet(models.QuerySet["MatchingRound"]):
    def visible_to(self, user: Asker) -> MatchingRoundQuerySet:
        """Administrators and auditors of the organisation that runs it, who takes part once it is open, who may join."""
        if not user.is_authenticated:
            return self.none()
        inside = models.Q(state__in=sorted(SHOWN)) & takes_part(user)
        return self.filter(scope_of(user).q("organisation", *READERS) | inside | may_join(user))


class MatchingRound(models.Model):
    """One matching round of an organisation for its tree: preferences, a calculation, a publication, appeals."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=9, choices=RoundState.choices, default=RoundState.DRAFT)
    opens_at = models.DateTimeField(_("wishes from"))
    closes_at = models.DateTimeField(_("wishes until"))
    starts_on = models.DateField(_("first day of the pairings"))
    ends_on = models.DateField(_("last day of the pairings"), null=True, blank=True)
    engine = models.CharField(_("engine"), max_length=8, choices=Engine.choices, default=Engine.OPTIMAL)
    weights = models.JSONField(
        pgettext_lazy("round", "points"), default=dict
    )  # scoring.SOFT → the most that it gives
    knobs = models.JSONField(
        pgettext_lazy("round", "knobs"), default=dict, editable=False
    )  # states.Knob → points: what the next calculation weighs
    region = models.CharField(_("region rule"), max_length=8, choices=Region.choices, default=Region.PROVINCE)
    required_tier = models.CharField(
        _("required tier"),
        max_length=12,
        choices=Tier.choices,
        blank=True,
        help_text=_(
            "Only supervisors who hold this tier or a higher one today. Empty: no designation needed."
        ),
    )
    most_wishes = models.PositiveSmallIntegerField(_("most wishes"), default=MOST_WISHES)
    self_join = models.BooleanField(
        _("trainees may join themselves"),
        default=True,
        help_text=_("While the round is open, everybody employed in the organisation and below it."),
    )
    appeal_days = models.PositiveSmallIntegerField(_("days for appeals"), default=APPEAL_DAYS)
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
        verbose_name=_("earlier round"),
        editable=False,
    )
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    appeals_until = models.DateTimeField(_("appeals until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = MatchingRoundQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("matching round")
        verbose_name_plural = _("matching rounds")
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="round_closes_after_it_opens",
                violation_error_message=_("The end must be after the beginning."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="round_pairings_end_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(most_wishes__gte=1, most_wishes__lte=20),
                name="round_most_wishes_possible",
                violation_error_message=_("Between 1 and 20 wishes."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["published", "closed"])
                | models.Q(published_at__isnull=False, appeals_until__isnull=False),
                name="round_published_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RoundState.CANCELLED) | ~models.Q(reason=""),
                name="round_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("supervision:round-detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[RoundState(self.state)]

    @property
    def is_shown(self) -> bool:
        return self.state in SHOWN

    @property
    def is_told(self) -> bool:
        return self.state in TOLD

    @property
    def is_joinable(self) -> bool:
        return self.state == RoundState.OPEN and self.self_join

    def takes_wishes(self, now: datetime.datetime) -> bool:
        """Whether wishes are taken at this moment, by the server's clock."""
        return self.state == RoundState.OPEN and self.opens_at <= now < self.closes_at

    def takes_appeals(self, now: datetime.datetime) -> bool:
        until = self.appeals_until
        return self.state == RoundState.PUBLISHED and until is not None and now < until


def _shown(prefix: str = "round__") -> models.Q:
    return models.Q(**{f"{prefix}state__in": sorted(SHOWN)})


class RoundMenteeQuerySet(models.QuerySet["RoundMentee"]):
    def visible_to(self, user: Asker) -> RoundMenteeQuerySet:
        """The desk of the round, oneself, and for a supervisor of the round those who are in it and may be chosen."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("round__organisation", *READERS)
        mine = RoundSupervisor.objects.filter(supervisor__person__user=user).order_by().values("round")
        by_supervisor = models.Q(round__in=mine, is_in=True)
        return self.filter(desk | (_shown() & (models.Q(person__user=user) | by_supervisor)))

    def inside(self) -> RoundMenteeQuerySet:
        return self.filter(is_in=True)


class RoundMentee(models.Model):
    """Somebody who looks for a supervisor in a round. `is_in` is false for who was taken out or left."""

    round = models.ForeignKey(
        MatchingRound, models.PROTECT, related_name="mentees", verbose_name=_("matching round")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="matching_rounds", verbose_name=_("mentee")
    )
    is_in = models.BooleanField(_("takes part"), default=True)
    joined = models.BooleanField(_("joined themselves"), default=False)
    languages = models.CharField(_("languages and dialects"), max_length=260, blank=True)
    wished_at = models.DateTimeField(_("wishes changed"), null=True, blank=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = RoundMenteeQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("mentee of a round")
        verbose_name_plural = _("mentees of a round")
        ordering = ["person__pinyin", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="round_mentee_once")]

    def __str__(self) -> str:
        return str(self.person)


class RoundSupervisorQuerySet(models.QuerySet["RoundSupervisor"]):
    def visible_to(self, user: Asker) -> RoundSupervisorQuerySet:
        """The desk of the round, oneself, and for a mentee of the round those whom one may wish for."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("round__organisation", *READERS)
        mine = RoundMentee.objects.filter(person__user=user).order_by().values("round")
        by_mentee = models.Q(round__in=mine, is_in=True)
        return self.filter(desk | (_shown() & (models.Q(supervisor__person__user=user) | by_mentee)))

    def inside(self) -> RoundSupervisorQuerySet:
        return self.filter(is_in=True)


class RoundSupervisor(models.Model):
    """A supervisor of a round with the places for it; never more than are free when it is calculated."""

    round = models.ForeignKey(
        MatchingRound, models.PROTECT, related_name="supervisors", verbose_name=_("matching round")
    )
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="matching_rounds", verbose_name=_("supervisor")
    )
    places = models.PositiveSmallIntegerField(_("places in this round"))
    is_in = models.BooleanField(_("takes part"), default=True)
    wished_at = models.DateTimeField(_("wishes changed"), null=True, blank=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = RoundSupervisorQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("supervisor of a round")
        verbose_name_plural = _("supervisors of a round")
        ordering = ["supervisor__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "supervisor"], name="round_supervisor_once"),
            models.CheckConstraint(
                condition=models.Q(places__lte=999),
                name="round_places_possible",
                violation_error_message=_("At most 999 places."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.supervisor)


class WishQuerySet(models.QuerySet["Wish"]):
    def visible_to(self, user: Asker) -> WishQuerySet:
        """One's own, and the desk of the round, unless one takes part in it: nobody sees the other side's list."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("mentee__round__organisation", *READERS) & ~takes_part(
            user, "mentee__round__"
        )
        mine: Any = models.Q(side=Side.MENTEE, mentee__person__user=user) | models.Q(
            side=Side.SUPERVISOR, supervisor__supervisor__person__user=user
        )
        return self.filter(desk | (_shown("mentee__round__") & mine))


class Wish(models.Model):
    """One place of an ordered list: whom a mentee, or a supervisor, would like, at which rank."""

    mentee = models.ForeignKey(RoundMentee, models.CASCADE, related_name="wishes")
    supervisor = models.ForeignKey(RoundSupervisor, models.CASCADE, related_name="wishes")
    side = models.CharField(_("whose wish"), max_length=10, choices=Side.choices)
    rank = models.PositiveSmallIntegerField(pgettext_lazy("wish", "rank"))

    objects = WishQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("wish in a round")
        verbose_name_plural = _("wishes in a round")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mentee", "supervisor", "side"], name="wish_once"),
            models.UniqueConstraint(
                fields=["mentee", "rank"],
                condition=models.Q(side="mentee"),
                name="wish_of_mentee_ranked_once",
            ),
            models.UniqueConstraint(
                fields=["supervisor", "rank"],
                condition=models.Q(side="supervisor"),
                name="wish_of_supervisor_ranked_once",
            ),
            models.CheckConstraint(condition=models.Q(rank__gte=1), name="wish_ranked_from_one"),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="wish_side_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}"
