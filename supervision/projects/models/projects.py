"""Companion projects (陪伴式服务): a supervisor accompanies one project over several visits, up to what it brings forth.

The visits are sessions or gatherings that there are anyway: what was said in them stays where it is.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.circles.models import Gathering
from supervision.projects.states import OPEN, PROJECT_TONES, TONES, DeliverableState, ProjectState
from supervision.sessions.models import Session
from supervision.supervisors.models import Supervisor


def of_project(user: Asker, prefix: str = "") -> models.Q:
    """The condition "this user is the supervisor or one of the mentees"; `prefix` leads to the project."""
    mentees = CompanionProject.mentees.through.objects.filter(person__user=user.pk or 0).values(
        "companionproject"
    )
    key = f"{prefix}in" if prefix.endswith("__") else "pk__in"
    return models.Q(**{f"{prefix}supervisor__person__user": user}) | models.Q(**{key: mentees})


def read_at_desk(user: Asker, prefix: str = "") -> models.Q:
    """The condition "this user reads here as administrator or auditor": of the project's side or the supervisor's."""
    scope = scope_of(user)
    own = scope.q(f"{prefix}organisation", *READERS)
    return own | scope.q(f"{prefix}supervisor__organisation", *READERS)


class CompanionProjectQuerySet(models.QuerySet["CompanionProject"]):
    def visible_to(self, user: Asker) -> CompanionProjectQuerySet:
        """The supervisor, the mentees, and the desk of either side."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_at_desk(user) | of_project(user))

    def open(self) -> CompanionProjectQuerySet:
        return self.filter(state__in=sorted(OPEN))

    def with_people(self) -> CompanionProjectQuerySet:
        return self.select_related("supervisor__person__user", "supervisor__organisation", "organisation")


class CompanionProject(models.Model):
    """One project of a station that a supervisor accompanies, from a day to a day."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="projects", verbose_name=_("supervisor")
    )
    mentees = models.ManyToManyField(Person, related_name="companion_projects", verbose_name=_("mentees"))
    title = models.CharField(_("title"), max_length=120)
    goals = models.TextField(pgettext_lazy("project", "goals"), max_length=1000)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(
        _("state"), max_length=8, choices=ProjectState.choices, default=ProjectState.RUNNING
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = CompanionProjectQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("companion project")
        verbose_name_plural = _("companion projects")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="project_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(OPEN), ended_at=None)
                | models.Q(state=ProjectState.CLOSED, ended_at__isnull=False)
                | (models.Q(state=ProjectState.STOPPED, ended_at__isnull=False) & ~models.Q(reason="")),
                name="project_ends_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["supervisor", "state"], name="project_by_supervisor")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("supervision:project-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_running(self) -> bool:
        return self.state == ProjectState.RUNNING

    @property
    def is_closing(self) -> bool:
        return self.state == ProjectState.CLOSING

    @property
    def tone(self) -> str:
        return PROJECT_TONES[ProjectState(self.state)]


class OfProjectQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: Asker) -> models.QuerySet[models.Model]:
        """Whoever sees the project."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(read_at_desk(user, "project__") | of_project(user, "project__"))


class DeliverableQuerySet(models.QuerySet["Deliverable"]):
    def visible_to(self, user: Asker) -> DeliverableQuerySet:
        """Whoever sees the project: what is due when, and how it stands; and whoever handed it in, also after leaving the
        project. Its files and notes are for the project."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(handed_in_by__user=user)
        return self.filter(read_at_desk(user, "project__") | of_project(user, "project__") | own)

    def overdue(self, on: datetime.date) -> DeliverableQuerySet:
        """Not handed in after the day on which they were due, of projects that are under way."""
        return self.filter(state=DeliverableState.PLANNED, due_on__lt=on, project__state__in=sorted(OPEN))


class Deliverable(models.Model):
    """What a project is to bring forth: a plan, a report, a training. Handed in by a mentee, accepted by the supervisor."""

    project = models.ForeignKey(
        CompanionProject, models.PROTECT, related_name="deliverables", verbose_name=_("companion project")
    )
    title = models.CharField(_("title"), max_length=120)
    due_on = models.DateField(_("due"))
    state = models.CharField(
        _("state"), max_length=9, choices=DeliverableState.choices, default=DeliverableState.PLANNED
    )
    files = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name=_("documents"))
    message = SealedTextField(blank=True)  # of whoever handed it in, for the project
    note = SealedTextField(_("note"), blank=True)  # of the supervisor, when it is accepted or sent back
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    handed_in_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(pgettext_lazy("deliverable", "accepted"), null=True, blank=True)

    objects = DeliverableQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=DeliverableState.ACCEPTED, accepted_at__isnull=False)
                | (~models.Q(state=DeliverableState.ACCEPTED) & models.Q(accepted_at=None)),
                name="deliverable_accepted_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[DeliverableState.PLANNED, DeliverableState.DROPPED])
                | models.Q(handed_in_at__isnull=False, handed_in_by__isnull=False),
                name="deliverable_handed_in_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="deliverable_by_day")]

    def __str__(self) -> str:
        return f"{self.project} · {self.title}"

    @property
    def tone(self) -> str:
        return "bad" if self.is_overdue else TONES[DeliverableState(self.state)]

    @property
    def is_planned(self) -> bool:
        return self.state == DeliverableState.PLANNED

    @property
    def is_handed_in(self) -> bool:
        return self.state == DeliverableState.HANDED_IN

    @property
    def is_overdue(self) -> bool:
        return self.is_planned and self.due_on < timezone.localdate()


class ProjectVisit(models.Model):
    """That a session or a gathering was a visit of this project. Each belongs to one project at most."""

    project = models.ForeignKey(
        CompanionProject, models.PROTECT, related_name="visits", verbose_name=_("companion project")
    )
    session = models.OneToOneField(
        Session, models.PROTECT, null=True, blank=True, related_name="visit", verbose_name=_("session")
    )
    gathering = models.OneToOneField(
        Gathering, models.PROTECT, null=True, blank=True, related_name="visit", verbose_name=_("gathering")
    )
    linked_at = models.DateTimeField(auto_now_add=True)

    objects = OfProjectQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("visit of a project")
        verbose_name_plural = _("visits of a project")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(session=None, gathering__isnull=False)
                | models.Q(session__isnull=False, gathering=None),
                name="visit_is_one_of_the_two",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.session or self.gathering}"

    @property
    def held(self) -> Session | Gathering:
        found = self.session or self.gathering
        assert found is not None
        return found


class ProjectEvaluationQuerySet(models.QuerySet["ProjectEvaluation"]):
    def visible_to(self, user: Asker) -> ProjectEvaluationQuerySet:
        """The supervisor and the mentees of the project, their own whoever has left it, and nobody else: no role and no
        superuser."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_project(user, "project__") | models.Q(author__user=user))


class ProjectEvaluation(models.Model):
    """What one of them says at the end: a mark and a few sentences, sealed, for the project's people."""

    project = models.ForeignKey(CompanionProject, models.PROTECT, related_name="evaluations")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    mark = models.PositiveSmallIntegerField(
        pgettext_lazy("project", "mark"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = SealedTextField(_("evaluation"))
    written_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProjectEvaluationQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("evaluation of a project")
        verbose_name_plural = _("evaluations of projects")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("project", "author", name="project_evaluated_once_each"),
            models.CheckConstraint(
                condition=models.Q(mark__gte=1, mark__lte=5), name="project_mark_is_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.author_id}"
