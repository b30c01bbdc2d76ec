"""What a cohort asks of applicants, who decides on each of them, for whom places are kept, and who is invited."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import StreamField

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Person
from lms.admissions.blocks import ConditionsBlock, QuestionsBlock, StagesBlock
from lms.admissions.policy import grouped
from lms.admissions.states import DECIDED, Stage, StepState
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Standing


class AdmissionPlanQuerySet(models.QuerySet["AdmissionPlan"]):
    def visible_to(self, user: Asker) -> AdmissionPlanQuerySet:
        """Those of the organisations in the user's tree, and those in use that were made above them for all: whoever
        may choose a plan, or reads what was chosen, reads what it asks."""
        scope = scope_of(user)
        above = {found for path in scope.paths(*READERS) for found in Organisation.paths_above(path)}
        offered = models.Q(organisation__path__in=sorted(above), is_active=True)
        return self.filter(scope.q("organisation", *READERS) | offered)

    def usable_by(self, user: Asker) -> AdmissionPlanQuerySet:
        """What an administrator may give to a cohort: plans of their own tree, and those made above them for all."""
        scope = scope_of(user)
        above = {
            found for path in scope.paths(Role.ADMINISTRATOR) for found in Organisation.paths_above(path)
        }
        mine = scope.q("organisation", Role.ADMINISTRATOR) | models.Q(organisation__path__in=sorted(above))
        return self.filter(mine, is_active=True)


class AdmissionPlan(models.Model):
    """What is asked of applicants, what they must meet, and who decides in which order. Cohorts point at it.

    An edit holds for applications to come: what was asked, and who decides, is frozen with each application.
    """

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="admission_plans",
        verbose_name=_("kept by"),
        help_text=_("Every organisation below it may use the plan."),
    )
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("A plan that is closed cannot be chosen for cohorts any more.")
    )
    questions = StreamField(
        QuestionsBlock(), verbose_name=pgettext_lazy("plan", "questions"), blank=True, max_num=30
    )
    conditions = StreamField(
        ConditionsBlock(),
        verbose_name=_("conditions"),
        blank=True,
        max_num=12,
        help_text=_("Who does not meet one is told which and why, before the form."),
    )
    stages = StreamField(
        StagesBlock(),
        verbose_name=_("stages of approval"),
        blank=True,
        max_num=5,
        help_text=_("Without a stage the organiser of the cohort decides alone."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True
    objects = AdmissionPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("application plan")
        verbose_name_plural = _("application plans")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="admission_plan_named_once",
                violation_error_message=_("This organisation has a plan of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ApprovalStepQuerySet(models.QuerySet["ApprovalStep"]):
    def live(self) -> ApprovalStepQuerySet:
        """Those of the cohort where the application is; what was laid for a cohort that it left is archived."""
        return self.filter(archived_at=None)

    def current(self) -> ApprovalStepQuerySet:
        """The steps that wait for a decision now: the first undecided one of each application under review."""
        before = ApprovalStep.objects.filter(
            enrolment=models.OuterRef("enrolment"),
            number__lt=models.OuterRef("number"),
            state=StepState.WAITING,
        )
        rows = self.filter(state=StepState.WAITING, enrolment__state=Standing.APPLIED)
        return rows.filter(~models.Exists(before))

    def shown_to(self, user: Asker) -> ApprovalStepQuerySet:
        """The steps that wait, or were decided, at an organisation where the user is an administrator.

        The role counts where it is held, not in the tree below: every tier has its own stage.
        """
        held = [path for role, path in scope_of(user).grants if role == Role.ADMINISTRATOR]
        if not held:
            return self.none()
        mine = self.filter(organisation__path__in=held)
        return mine.filter(models.Q(state__in=DECIDED) | models.Q(pk__in=mine.current().values("pk")))


class LiveSteps(models.Manager["ApprovalStep"]):
    """The steps that count: an archived one decides nothing, shows the application to nobody, and bars nobody."""

    def get_queryset(self) -> ApprovalStepQuerySet:
        return ApprovalStepQuerySet(self.model, using=self._db).live()


class ApprovalStep(models.Model):
    """One decision on one application, frozen when it was handed in. Steps are decided one after the other.

    Whoever is moved to a cohort that asks for other steps leaves theirs behind: archived, kept only as history.
    """

    enrolment = models.ForeignKey("lms.Enrolment", models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(_("number"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices)
    also = models.JSONField(default=list)  # stages that this step stands for besides (see policy.route)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("decided at")
    )
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=StepState.choices, default=StepState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=1000)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = LiveSteps.from_queryset(ApprovalStepQuerySet)()
    archive = ApprovalStepQuerySet.as_manager()  # with those that are archived

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "number"],
                condition=models.Q(archived_at=None),
                name="approval_step_numbered_once",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "organisation"],
                condition=models.Q(archived_at=None),
                name="approval_organisation_once",
            ),
            # Nobody decides twice on one application, nor on their own.
            models.UniqueConstraint(
                fields=["enrolment", "decided_by"],
                condition=models.Q(archived_at=None),
                name="approval_person_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("applicant")), name="approval_not_by_applicant"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=StepState.values), name="approval_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=StepState.WAITING, decided_by=None, decided_at=None)
                | models.Q(state__in=sorted(DECIDED), decided_by__isnull=False, decided_at__isnull=False),
                name="approval_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="approval_by_organisation")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_stage_display()}"


class ApplicationRecord(models.Model):
    """What was handed in with an application, and how the conditions stood then. It never changes."""

    enrolment = models.OneToOneField("lms.Enrolment", models.PROTECT, related_name="record")
    plan = models.ForeignKey(AdmissionPlan, models.PROTECT, null=True, blank=True, related_name="+")
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=list)  # policy.Answer, one by one
    findings = models.JSONField(default=list)  # verdict and sentence of every condition
    level = models.CharField(_("level as declared"), max_length=16, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("application as handed in")
        verbose_name_plural = _("applications as handed in")

    def __str__(self) -> str:
        return str(self.enrolment)


class AnswerFile(models.Model):
    """A document of an application. Whoever may see the application may open it."""

    record = models.ForeignKey(ApplicationRecord, models.PROTECT, related_name="files")
    key = models.CharField(max_length=40)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("document of an application")
        verbose_name_plural = _("documents of applications")
        constraints = [models.UniqueConstraint(fields=["record", "key"], name="answer_file_once")]

    def __str__(self) -> str:
        return self.attachment.name


class CohortQuotaQuerySet(models.QuerySet["CohortQuota"]):
    def visible_to(self, user: Asker) -> CohortQuotaQuerySet:
        return self.filter(scope_of(user).q("cohort__organisation", *READERS))

    def in_force(self) -> CohortQuotaQuerySet:
        """Those that still keep places: until their own end, or else until the window of the cohort closes."""
        now = timezone.now()
        own = models.Q(until__gt=now)
        window = models.Q(until=None) & (
            models.Q(cohort__closes_at=None) | models.Q(cohort__closes_at__gt=now)
        )
        return self.filter(own | window)


class CohortQuota(models.Model):
    """Places of a cohort that are kept for people employed by an organisation or below it."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="quotas", verbose_name=_("cohort"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("kept for")
    )
    places = models.PositiveIntegerField(_("places"))
    until = models.DateTimeField(
        _("kept until"),
        null=True,
        blank=True,
        help_text=_("Empty: until applications close. Then what is left is open to all."),
    )

    objects = CohortQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["organisation__path"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "organisation"], name="quota_once_per_organisation"),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="quota_keeps_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.places}"

    @property
    def is_in_force(self) -> bool:
        """Whether it still keeps places (see `in_force`)."""
        return self.keeps_until(self.cohort.closes_at, timezone.now())

    def keeps_until(self, closes_at: datetime | None, now: datetime) -> bool:
        """Whether it keeps places at `now`, if applications close at that moment."""
        end = self.until or closes_at
        return end is None or end > now


class InvitationCodeQuerySet(models.QuerySet["InvitationCode"]):
    def visible_to(self, user: Asker) -> InvitationCodeQuerySet:
        """A code opens a door: only who runs the cohort sees it."""
        return self.filter(scope_of(user).q("cohort__organisation", Role.ADMINISTRATOR))

    def valid(self) -> InvitationCodeQuerySet:
        """Neither taken back nor run out; whether a use is left is another question."""
        now = timezone.now()
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now), revoked_at=None)


class InvitationCode(models.Model):
    """A code with which so many people may apply for a cohort that is open by invitation only."""

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="invitation_codes", verbose_name=_("cohort")
    )
    code = models.CharField(_("code"), max_length=12, unique=True)
    uses_allowed = models.PositiveIntegerField(_("for how many people"), default=1)
    uses = models.PositiveIntegerField(_("used"), default=0)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("for whom"), max_length=120, blank=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = InvitationCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation code")
        verbose_name_plural = _("invitation codes")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uses__lte=models.F("uses_allowed")), name="invitation_uses_within_allowed"
            ),
            models.CheckConstraint(condition=models.Q(uses_allowed__gte=1), name="invitation_allows_a_use"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.code[:2]}…"  # the whole code would stand in the audit

    @property
    def shown(self) -> str:
        return grouped(self.code)

    @property
    def left(self) -> int:
        return self.uses_allowed - self.uses

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())


class InvitationUse(models.Model):
    """One person's use of a code: counted once, however often they apply with it."""

    code = models.ForeignKey(InvitationCode, models.CASCADE, related_name="used_by")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("use of an invitation code")
        verbose_name_plural = _("uses of invitation codes")
        constraints = [models.UniqueConstraint(fields=["code", "person"], name="invitation_used_once")]

    def __str__(self) -> str:
        return f"{self.code} · {self.person}"
