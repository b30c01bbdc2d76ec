"""What people ask for about a class they miss."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.attachments.models import Attachment
from lms.attendance.models.reach import of_class, of_person
from lms.attendance.states import STANDING, RequestKind, RequestState
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession


class AbsenceRequestQuerySet(models.QuerySet["AbsenceRequest"]):
    def visible_to(self, user: Asker) -> AbsenceRequestQuerySet:
        """One's own; and for those who look after the class, or after the cohort that the person learns in."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_class(user) | of_person(user))

    def open(self) -> AbsenceRequestQuerySet:
        return self.filter(state=RequestState.ASKED)

    def standing(self) -> AbsenceRequestQuerySet:
        return self.filter(state__in=STANDING)


class AbsenceRequest(models.Model):
    """Leave from a class, or the wish to make it up in a class of another cohort (`instead`)."""

    kind = models.CharField(_("kind"), max_length=8, choices=RequestKind.choices)
    class_session = models.ForeignKey(
        ClassSession, models.PROTECT, related_name="requests", verbose_name=_("class")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="absence_requests", verbose_name=_("enrolment")
    )
    instead = models.ForeignKey(
        ClassSession, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instead")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=RequestState.choices, default=RequestState.ASKED
    )
    reason = models.CharField(_("reason"), max_length=500)
    document = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    applicant = (
        models.ForeignKey(  # whose enrolment it is; beside decided_by, so that the two are never the same
            settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
        )
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    objects = AbsenceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about a class")
        verbose_name_plural = _("requests about classes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "class_session",
                "enrolment",
                "kind",
                condition=models.Q(state__in=sorted(STANDING)),
                name="absence_request_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values) & models.Q(kind__in=RequestKind.values),
                name="absence_request_words_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=RequestKind.LEAVE, instead=None)
                | models.Q(kind=RequestKind.MAKE_UP, instead__isnull=False),
                name="absence_request_make_up_has_class",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.ASKED, decided_at=None, decided_by=None)
                | models.Q(
                    state__in=[RequestState.AGREED, RequestState.REFUSED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | models.Q(state=RequestState.WITHDRAWN),
                name="absence_request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("applicant")),
                name="absence_request_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.enrolment.person} · {self.class_session}"
