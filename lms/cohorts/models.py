"""Cohorts: one run of a course for a number of people."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS, Role
from core.organisations.models import Organisation
from lms.cohorts.policy import LONGEST_OFFER, OFFER_HOURS, SHORTEST_OFFER, RunState, Standing
from lms.courses.versions import CourseVersion, Titled

# On a waiting list, as lms.enrolments has it (`waiting`): whose account is closed waits for nothing.
IN_LINE = models.Q(enrolments__state=Standing.WAITING, enrolments__person__user__is_active=True)
# In the cohort for certain: neither undecided nor only offered a place.
MEMBERS = models.Q(enrolments__state__in=[Standing.ENROLLED, Standing.COMPLETED])


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: Asker) -> CohortQuerySet:
        """For the desk: the cohorts that organisations in the user's tree run."""
        return self.filter(scope_of(user).q("organisation", *COURSE_READERS))

    def instructed_by(self, user: Asker) -> CohortQuerySet:
        """Those whose work this user is to mark and whose questions they are to answer: as an instructor, while the
        cohort stands. Whoever only administers or audits sees more than that."""
        return self.filter(scope_of(user).q("organisation", Role.INSTRUCTOR), cancelled_at=None)

    def with_waiting(self) -> CohortQuerySet:
        """With `waiting_count`: how many are on each waiting list (see `waiting`)."""
        return self.annotate(waiting_count=_number_of(IN_LINE))

    def with_members(self) -> CohortQuerySet:
        """With `members_count`: how many are in each cohort for certain (see `members`)."""
        return self.annotate(members_count=_number_of(MEMBERS))

    def in_state(self, *states: RunState, now: datetime | None = None) -> CohortQuerySet:
        """Those whose run stands in one of these states at `now`: what `run_state` says, said to the database."""
        conditions = _conditions(timezone.localtime(now))
        wanted = models.Q(pk__in=())
        for state in states:
            wanted |= conditions[state]
        return self.filter(wanted)

    def public(self) -> CohortQuerySet:
        """What everybody may know of: announced and not cancelled."""
        return self.filter(is_public=True, cancelled_at=None)


def _number_of(enrolments: Q) -> Coalesce:
    """How many enrolments of the cohort of the outer query are so."""
    rows = Cohort.objects.filter(enrolments, pk=models.OuterRef("pk")).order_by().values("pk")
    return Coalesce(models.Subquery(rows.annotate(number=models.Count("enrolments")).values("number")), 0)


def _conditions(now: datetime) -> dict[RunState, Q]:
    """What is true of the rows in each state; the same questions in the same order as in `run_state`."""
    today = now.date()
    going = Q(cancelled_at=None) & (Q(ends_on=None) | Q(ends_on__gte=today))
    started, before = Q(starts_on__lte=today), Q(starts_on=None) | Q(starts_on__gt=today)
    opened = going & Q(opens_at__lte=now)
    within = opened & (Q(closes_at=None) | Q(closes_at__gt=now))
    in_line = Cohort.objects.filter(IN_LINE, pk=models.OuterRef("pk"))
    full = Q(models.Exists(in_line)) | Q(seats_taken__gte=models.F("capacity"))
    free = Q(~models.Exists(in_line)) & Q(seats_taken__lt=models.F("capacity"))
    takes_nobody = (opened & Q(closes_at__lte=now)) | (within & full & Q(has_waiting_list=False))
    return {
        RunState.CANCELLED: Q(cancelled_at__isnull=False),
        RunState.ENDED: Q(cancelled_at=None, ends_on__lt=today),
        RunState.TO_BE_SCHEDULED: going & Q(opens_at=None) & before,
        RunState.OPENS_ON: going & Q(opens_at__gt=now),
        RunState.OPEN: within & free & before,
        RunState.RUNNING_JOINABLE: within & free & started,
        RunState.FULL_WAITING_LIST: within & full & Q(has_waiting_list=True),
        RunState.CLOSED_BEFORE_START: takes_nobody & before,
        RunState.RUNNING: (takes_nobody | (going & Q(opens_at=None))) & started,
    }


class Cohort(Titled, index.Indexed, models.Model):
    """A run of one course version: dates, places, and the window for applications."""

    course = models.ForeignKey(
        "lms.CoursePage", models.PROTECT, related_name="cohorts", verbose_name=_("course")
    )
    version = models.ForeignKey(
        CourseVersion, models.PROTECT, related_name="cohorts", verbose_name=_("course version")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="cohorts",
        verbose_name=_("run by"),
        help_text=_("Who admits people."),
    )
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    opens_at = models.DateTimeField(_("applications open"), null=True, blank=True)
    closes_at = models.DateTimeField(_("applications close"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("places"))
    seats_taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        default=OFFER_HOURS,
        help_text=_(
            "How long a freed place is held for the next person on the waiting list: 2 to 336 hours, and not beyond the first day."
        ),
    )
    min_members = models.PositiveIntegerField(
        _("minimum members"),
        null=True,
        blank=True,
        help_text=_("With fewer people the cohort may not be worth holding. Empty: no minimum."),
    )
    alarm_days = models.PositiveSmallIntegerField(
        _("warn so many days before the start"),
        default=7,
        help_text=_(
            "If there are fewer people than the minimum then, or when applications close, whoever decides is told."
        ),
    )
    withdraw_until = models.DateField(
        _("last day to leave"),
        null=True,
        blank=True,
        help_text=_(
            "Until then trainees may leave by themselves; afterwards only the organiser can take them out. Empty: always."
        ),
    )
    is_public = models.BooleanField(_("announced"), default=True)
    plan = models.ForeignKey(
        "lms.AdmissionPlan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cohorts",
        verbose_name=_("application plan"),
        help_text=_("What is asked of applicants and who decides. Without one: a plain application."),
    )
    by_invitation = models.BooleanField(
        _("by invitation only"),
        default=False,
        help_text=_(
            "Whoever applies needs a code. You make codes on the page “Places and codes” of the cohort."
        ),
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    waiting_count: int  # only after with_waiting()
    members_count: int  # only after with_members()

    objects = CohortQuerySet.as_manager()
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("organisation_id"),
        index.RelatedFields("organisation", [index.FilterField("path")]),
    ]

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity__gte=1),
                name="cohort_has_a_place",
                violation_error_message=_("A cohort needs at least one place."),
            ),
            models.CheckConstraint(
                condition=models.Q(seats_taken__lte=models.F("capacity")),
                name="cohort_seats_within_capacity",
                violation_error_message=_("There cannot be fewer places than people who already hold one."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="cohort_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at=None)
                | models.Q(opens_at=None)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="cohort_closes_after_opening",
                violation_error_message=_("Applications must close after they open."),
            ),
            models.CheckConstraint(
                condition=models.Q(min_members=None) | models.Q(min_members__lte=models.F("capacity")),
                name="cohort_minimum_within_capacity",
                violation_error_message=_("The minimum must not be more than the places."),
            ),
            models.CheckConstraint(
                condition=models.Q(offer_hours__gte=SHORTEST_OFFER, offer_hours__lte=LONGEST_OFFER),
                name="cohort_offer_hours_in_reason",
                violation_error_message=_("An offer lasts from 2 to 336 hours."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def seats_free(self) -> int:
        return max(0, self.capacity - self.seats_taken)

    @property
    def waiting(self) -> int:
        """How many are on the waiting list. Cheap after `with_waiting`."""
        if not hasattr(self, "waiting_count"):
            self.waiting_count = Cohort.objects.filter(IN_LINE, pk=self.pk).count()
        return self.waiting_count

    @property
    def members(self) -> int:
        """How many are in the cohort for certain, learning or done. Cheap after `with_members`."""
        if not hasattr(self, "members_count"):
            self.members_count = Cohort.objects.filter(MEMBERS, pk=self.pk).count()
        return self.members_count
