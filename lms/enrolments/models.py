"""Enrolments: one person in one cohort, from the application to completion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS, READERS, Role
from core.people.models import Person
from lms.admissions.models import ApprovalStep
from lms.cohorts.models import Cohort
from lms.courses.versions import CourseVersion
from lms.enrolments.states import LEARNING, MOVES, OPEN, SEATED, SEEN_BY_TRAINEE, EnrolmentState


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: Asker) -> EnrolmentQuerySet:
        """One's own, and for the desk those of the cohorts in the user's tree."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("cohort__organisation", *COURSE_READERS)
        return self.filter(desk | models.Q(person__user=user))

    def readable_by(self, user: Asker) -> EnrolmentQuerySet:
        """Those whose application the user may read: their own, those of the cohorts in their tree (instructors see who
        learns, not what was handed in to apply), and those that wait (or waited) for a step of theirs. What is learned
        afterwards is none of their business."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        shown = scope.q("cohort__organisation", *READERS) | models.Q(person__user=user)
        if scope.holds(Role.ADMINISTRATOR) and not scope.everything:
            shown |= models.Q(pk__in=ApprovalStep.objects.shown_to(user).values("enrolment"))
        return self.filter(shown)

    def active(self) -> EnrolmentQuerySet:
        return self.filter(state__in=OPEN)

    def learning(self) -> EnrolmentQuerySet:
        return self.filter(state__in=LEARNING)

    def offered(self) -> EnrolmentQuerySet:
        """Those for whom a freed place is held, the offer that runs out first on top."""
        return self.filter(state=EnrolmentState.OFFERED).order_by("offer_expires_at", "pk")

    def seated(self) -> EnrolmentQuerySet:
        return self.filter(state__in=SEATED)

    def waiting(self) -> EnrolmentQuerySet:
        """Those on a waiting list, in their order. Nobody waits whose account is closed: they could not answer."""
        return self.filter(state=EnrolmentState.WAITING, person__user__is_active=True).order_by(
            "applied_at", "pk"
        )

    def with_place(self) -> EnrolmentQuerySet:
        """With `ahead`: how many wait for the same cohort before each of these (see `place`)."""
        earlier = models.Q(applied_at__lt=models.OuterRef("applied_at")) | models.Q(
            applied_at=models.OuterRef("applied_at"), pk__lt=models.OuterRef("pk")
        )
        rows = Enrolment.objects.waiting().filter(earlier, cohort=models.OuterRef("cohort"))
        count = rows.order_by().values("cohort").annotate(number=models.Count("pk")).values("number")
        return self.annotate(ahead=Coalesce(models.Subquery(count), 0))


class Enrolment(models.Model):
    """A person's way through one cohort. Learning reads the course version pinned here."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments", verbose_name=_("cohort"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", verbose_name=_("trainee"))
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments")
    state = models.CharField(_("state"), max_length=10, choices=EnrolmentState.choices)
    statement = models.TextField(_("why I apply"), blank=True, max_length=1000)
    applied_at = models.DateTimeField(_("applied"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    offer_expires_at = models.DateTimeField(_("held until"), null=True, blank=True)  # of the latest offer
    withdrawn_late = models.BooleanField(_("left late"), default=False)  # counts as dropped out
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    # The planned minutes of the lessons done, by key, frozen at completion: so much was learned, whatever the course has.
    learned = models.JSONField(null=True, blank=True, editable=False)
    last_item = models.UUIDField(null=True, blank=True)  # where "continue" leads

    ahead: int  # only after with_place()

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["applied_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="enrolment_once_per_cohort",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=EnrolmentState.values), name="enrolment_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=EnrolmentState.COMPLETED, completed_at__isnull=False)
                | (~models.Q(state=EnrolmentState.COMPLETED) & models.Q(completed_at=None)),
                name="enrolment_completed_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EnrolmentState.COMPLETED) | models.Q(learned__isnull=False),
                name="enrolment_completed_has_minutes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EnrolmentState.OFFERED) | models.Q(offer_expires_at__isnull=False),
                name="enrolment_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_late=False) | models.Q(state=EnrolmentState.WITHDRAWN),
                name="enrolment_late_only_if_withdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state"], name="enrolment_by_person"),
            models.Index(fields=["cohort", "state", "applied_at"], name="enrolment_in_order"),
            models.Index(
                fields=["offer_expires_at"],
                name="enrolment_offer_due",
                condition=models.Q(state=EnrolmentState.OFFERED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.cohort}"

    @property
    def place(self) -> int | None:
        """The place on the waiting list, from 1; None for whoever is not on it. Cheap after `with_place`."""
        if self.state != EnrolmentState.WAITING:
            return None
        if not hasattr(self, "ahead"):
            self.ahead = Enrolment.objects.with_place().get(pk=self.pk).ahead
        return self.ahead + 1

    @property
    def holds_seat(self) -> bool:
        return self.state in SEATED

    @property
    def can_withdraw(self) -> bool:
        return EnrolmentState.WITHDRAWN in MOVES[EnrolmentState(self.state)]

    @property
    def is_overdue(self) -> bool:
        """Whether a place was held for them and the time has run out, although nobody has written that down yet."""
        due = self.offer_expires_at
        return self.state == EnrolmentState.OFFERED and due is not None and due <= timezone.now()

    @property
    def state_now(self) -> EnrolmentState:
        """The state, with an offer that has run out counted as lapsed."""
        return EnrolmentState.LAPSED if self.is_overdue else EnrolmentState(self.state)

    @property
    def state_for_trainee(self) -> str:
        return str(SEEN_BY_TRAINEE[self.state_now])
