"""Where one is at the desk of attendance: the cohort or the class that is looked after, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.attendance.models import AbsenceRequest, Register
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.timetable.models import ClassSession


def cohort_of(request: HttpRequest, cohort_id: int) -> Cohort:
    """A cohort that the user looks after, or not found."""
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "course", "version")
    return get_object_or_404(rows, pk=cohort_id)


def class_of(request: HttpRequest, class_id: int, *, takes: bool = False) -> ClassSession:
    """A class that the user looks after; with `takes`, one whose attendance they may take."""
    rows = ClassSession.objects.visible_to(request.user)
    klass = get_object_or_404(
        rows.select_related("cohort__organisation", "cohort__version", "instructor__user", "register"),
        pk=class_id,
    )
    wanted = "lms.take_attendance" if takes else "lms.view_register"
    asked: Any = klass if takes else getattr(klass, "register", None) or Register(class_session=klass)
    if not request.user.has_perm(wanted, asked):
        raise Http404
    return klass


def crumbs_of(request: HttpRequest, klass: ClassSession, *labels: str) -> list[dict[str, Any]]:
    """The way from the cohort over its attendance and the register of this class to a page below it."""
    rows = crumbs(klass.cohort)
    rows.append({"url": reverse("attendance:cohort", args=[klass.cohort_id]), "label": _("Attendance")})
    rows.append({"url": reverse("attendance:register", args=[klass.pk]), "label": klass.title_here})
    return [*rows, *({"url": "", "label": label} for label in labels)]


def decidable(request: HttpRequest, rows: Iterable[AbsenceRequest]) -> list[AbsenceRequest]:
    """These requests, each marked whether this user may decide on it."""
    found = list(rows)
    for row in found:
        row.may_decide = request.user.has_perm("lms.decide_absencerequest", row)  # type: ignore[attr-defined]
    return found
