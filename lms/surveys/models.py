"""Surveys: what is asked (a design and its versions), of whom (a cohort, invitations), and what was answered."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import StreamField

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.blocks.surveys import SurveyBody
from core.organisations.models import Organisation
from core.people.models import Person
from lms.cohorts.models import Cohort
from lms.courses.versions import Titled
from lms.enrolments.models import Enrolment
from lms.surveys.policy import ANONYMOUS, Question, Window, questions_from, window
from lms.surveys.states import InvitationState, Level, Opens, Rater
from lms.timetable.models import ClassSession


class SurveyDesignQuerySet(models.QuerySet["SurveyDesign"]):
    def visible_to(self, user: Asker) -> SurveyDesignQuerySet:
        """Those of the user's tree, and those of the organisations above it: a city's survey is there for its districts."""
        scope = scope_of(user)
        above = {path for own in scope.paths(*COURSE_READERS) for path in Organisation.paths_above(own)}
        return self.filter(
            scope.q("organisation", *COURSE_READERS) | models.Q(organisation__path__in=sorted(above))
        )

    def active(self) -> SurveyDesignQuerySet:
        return self.filter(is_active=True)


class SurveyDesign(Titled, models.Model):
    """A survey as it is written. Putting it to a cohort makes a version, which nothing changes afterwards."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
        help_text=_("It and everything below it can use this survey."),
    )
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    level = models.CharField(pgettext_lazy("survey", "level"), max_length=10, choices=Level.choices)
    introduction = models.TextField(
        pgettext_lazy("survey", "introduction"),
        max_length=600,
        blank=True,
        help_text=_("What it is for and what becomes of it. Stands before the first question."),
    )
    introduction_en = models.TextField(_("introduction in English"), max_length=900, blank=True)
    body = StreamField(SurveyBody(), verbose_name=_("questions"))
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Only surveys in use can be put to a cohort.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SurveyDesignQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["level", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=Level.values), name="survey_design_level_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title


class SurveyVersion(Titled, models.Model):
    """A survey as it was when a cohort got it. Never changed or deleted (a trigger guards it)."""

    design = models.ForeignKey(SurveyDesign, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    introduction = models.TextField(blank=True)
    introduction_en = models.TextField(blank=True)
    questions: Any = models.JSONField(default=list)  # core.blocks.surveys.survey_facts
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("survey version")
        verbose_name_plural = _("survey versions")
        ordering = ["design", "-number"]
        constraints = [
            models.UniqueConstraint("design", "number", name="survey_version_number_once"),
            models.UniqueConstraint("design", "fingerprint", name="survey_version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @cached_property
    def parts(self) -> tuple[Question, ...]:
        """The headings and questions, in their order."""
        return questions_from(self.questions)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions without the headings."""
        return tuple(part for part in self.parts if part.is_asked)


class CohortSurveyQuerySet(models.QuerySet["CohortSurvey"]):
    def visible_to(self, user: Asker) -> CohortSurveyQuerySet:
        """For the desk: those of the cohorts in the user's tree."""
        return self.filter(scope_of(user).q("cohort__organisation", *COURSE_READERS))

    def running(self) -> CohortSurveyQuerySet:
        """Those that still ask somebody or will: neither stopped nor without their cohort or class."""
        return self.filter(stopped_at=None, cohort__cancelled_at=None, class_session__cancelled_at=None)

    def required(self) -> CohortSurveyQuerySet:
        return self.running().filter(is_required=True)


class CohortSurvey(models.Model):
    """One version put to one cohort: when, to whom, and whether with names. The one after learning knows the one before."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="surveys")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="uses", verbose_name=_("version"))
    level = models.CharField(pgettext_lazy("survey", "level"), max_length=10, choices=Level.choices)
    opens_from = models.CharField(_("opens"), max_length=10, choices=Opens.choices)
    class_session = models.ForeignKey(
        ClassSession, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class")
    )
    after_days = models.PositiveSmallIntegerField(_("days later"), default=0)
    lasts_days = models.PositiveSmallIntegerField(_("stays open (days)"), default=14)
    before = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="after")
    asks_self = models.BooleanField(default=True)
    asks_supervisor = models.BooleanField(default=False)
    asks_employer = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    is_required = models.BooleanField(_("required for completion"), default=False)
    is_mixed = models.BooleanField(
        default=True, editable=False
    )  # the stored order of the answers tells nothing
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CohortSurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey of a cohort")
        verbose_name_plural = _("surveys of cohorts")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "version", "opens_from", "after_days"],
                condition=models.Q(stopped_at=None, class_session=None),
                name="cohort_survey_once",
            ),
            models.UniqueConstraint(
                fields=["class_session", "version"],
                condition=models.Q(stopped_at=None),
                name="cohort_survey_once_per_class",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_from=Opens.CLASS, class_session__isnull=False)
                | (~models.Q(opens_from=Opens.CLASS) & models.Q(class_session=None)),
                name="cohort_survey_class_is_named",
            ),
            models.CheckConstraint(
                condition=models.Q(is_anonymous=False) | models.Q(level__in=sorted(ANONYMOUS)),
                name="cohort_survey_ratings_have_names",
            ),
            models.CheckConstraint(
                condition=models.Q(is_required=False)
                | (models.Q(asks_self=True) & ~models.Q(opens_from=Opens.COMPLETION)),
                name="cohort_survey_required_can_be_met",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.title} · {self.cohort}"

    @property
    def raters(self) -> list[Rater]:
        """As who people answer."""
        asked = (self.asks_supervisor, self.asks_employer, self.asks_self)
        return [
            rater
            for rater, is_asked in zip((Rater.SUPERVISOR, Rater.EMPLOYER, Rater.SELF), asked, strict=True)
            if is_asked
        ]

    def is_over(self, today: date) -> bool:
        """Whether it asks nobody any more, but for late answers that completion waits for. One that hangs on each
        trainee’s completion has no last day of its own."""
        klass, fixed = self.class_session, self.fixed_window
        if self.stopped_at or self.cohort.cancelled_at or (klass and klass.cancelled_at):
            return True
        return self.opens_from == Opens.COMPLETION or (fixed is not None and fixed.is_over(today))

    @property
    def last_day(self) -> int:
        """How many days after its event it is open for the last time."""
        return self.after_days + max(self.lasts_days, 1) - 1

    @property
    def fixed_window(self) -> Window | None:
        """The window that is the same for all; None where it hangs on each trainee's completion, or has no day yet."""
        anchor: date | None = {
            Opens.START: self.cohort.starts_on,
            Opens.END: self.cohort.ends_on,
            Opens.CLASS: self.class_session.day if self.class_session else None,
        }.get(Opens(self.opens_from))
        return window(anchor, after=self.after_days, lasts=self.lasts_days)


class SurveyInvitationQuerySet(models.QuerySet["SurveyInvitation"]):
    def visible_to(self, user: Asker) -> SurveyInvitationQuerySet:
        """Those that ask this user, and for the desk those of the cohorts in the user's tree."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("survey__cohort__organisation", *COURSE_READERS)
        return self.filter(desk | models.Q(respondent=user))

    def mine(self, user: Asker) -> SurveyInvitationQuerySet:
        """Only those that ask this user: nobody answers for somebody else, whatever they may look at."""
        return self.filter(respondent=user) if user.is_authenticated else self.none()

    def open(self) -> SurveyInvitationQuerySet:
        return self.filter(state=InvitationState.OPEN)

    def without_rater(self) -> SurveyInvitationQuerySet:
        return self.open().filter(respondent=None)


class SurveyInvitation(models.Model):
    """Somebody is asked about one trainee. Of an anonymous survey it knows that it was answered, and nothing else."""

    survey = models.ForeignKey(CohortSurvey, models.PROTECT, related_name="invitations")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="survey_invitations")
    subject = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("trainee"))
    respondent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="survey_invitations",
        verbose_name=_("answered by"),
    )
    rater = models.CharField(max_length=10, choices=Rater.choices)
    state = models.CharField(
        _("state"), max_length=8, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    opens_on = models.DateField(_("opens"))
    closes_on = models.DateField(_("last day"))
    told_on = models.DateField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    draft: Any = models.JSONField(default=dict, blank=True)  # what was typed so far; emptied when it is sent
    pair = models.UUIDField(
        null=True, blank=True
    )  # joins before and after; see lms.surveys.actions.forget_pairs

    objects = SurveyInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey invitation")
        verbose_name_plural = _("survey invitations")
        ordering = ["closes_on", "pk"]
        constraints = [
            models.UniqueConstraint("survey", "subject", "respondent", name="survey_invitation_once"),
            models.UniqueConstraint(
                fields=["survey", "subject", "rater"],
                condition=models.Q(respondent=None),
                name="survey_invitation_one_without_rater",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=InvitationState.values), name="survey_invitation_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=InvitationState.ANSWERED) | models.Q(respondent__isnull=False),
                name="survey_invitation_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["respondent", "state"], name="survey_inv_by_respondent"),
            models.Index(fields=["survey", "state"], name="survey_inv_by_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.survey.version.title} · {self.subject}"

    @property
    def is_self_rating(self) -> bool:
        """Whether the trainee answers what others are asked about them: how they work, not how the course was."""
        return self.rater == Rater.SELF and self.survey.level in (Level.BEHAVIOUR, Level.RESULTS)

    @property
    def window(self) -> Window:
        return Window(self.opens_on, self.closes_on)

    def is_closed(self, today: date) -> bool:
        """Whether no answer is taken any more. One that completion waits for stays open until it is answered."""
        late = self.window.is_over(today) and not self.survey.is_required
        return self.state == InvitationState.EXPIRED or late or self.survey.stopped_at is not None


class SurveyResponseQuerySet(models.QuerySet["SurveyResponse"]):
    def visible_to(self, user: Asker) -> SurveyResponseQuerySet:
        """For the desk those of the cohorts in the user's tree; besides, what one has answered under one's name."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("survey__cohort__organisation", *COURSE_READERS)
        return self.filter(desk | models.Q(invitation__respondent=user))

    def counted(self) -> SurveyResponseQuerySet:
        """Those that results may count: with a name at once, without one when they have joined the results."""
        return self.filter(models.Q(is_anonymous=False) | models.Q(is_shown=True))


class SurveyResponse(models.Model):
    """What somebody answered. An anonymous one has no person, no invitation, no day, and a number that says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(CohortSurvey, models.PROTECT, related_name="responses")
    invitation = models.OneToOneField(
        SurveyInvitation, models.CASCADE, null=True, blank=True, related_name="response"
    )
    is_anonymous = models.BooleanField()
    is_shown = models.BooleanField(default=False, editable=False)  # without a name: it has joined the results
    rater = models.CharField(max_length=10, choices=Rater.choices)
    answers: Any = models.JSONField(default=dict)  # {key of the question: value}, see policy.read
    answered_on = models.DateField(null=True, blank=True)
    pair = models.UUIDField(null=True, blank=True)

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_anonymous=True, invitation=None, answered_on=None)
                | models.Q(is_anonymous=False, invitation__isnull=False, answered_on__isnull=False),
                name="survey_response_anonymous_has_no_link",
            ),
            models.UniqueConstraint(fields=["survey", "pair"], name="survey_response_pair_once"),
        ]

    def __str__(self) -> str:
        return str(self.survey)
