"""Where a member is in the conversations of a cohort: what every page of them needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.states import Refused
from lms.cohorts.queries import titled
from lms.conversations.queries import unread_of
from lms.courses.versions import version_of
from lms.enrolments.models import Enrolment
from lms.learning.queries import own_enrolments

PER_PAGE = 20


def own_place(request: HttpRequest, enrolment_id: int) -> Enrolment:
    """One's own enrolment while one learns, with its cohort; whoever has left the cohort finds nothing (404)."""
    rows = own_enrolments(request.user).select_related("cohort__organisation")
    enrolment = get_object_or_404(rows, pk=enrolment_id)
    enrolment.version = version_of(enrolment.version_id)
    return enrolment


def place_context(enrolment: Enrolment, current: str) -> dict[str, Any]:
    """The tabs with what is unread, and the names of where one is."""
    unread = unread_of(enrolment)
    places = [
        ("announcements", _("Announcements"), reverse("lms:talk", args=[enrolment.pk]), unread or ""),
        (
            "questions",
            pgettext("to a teacher", "Questions"),
            reverse("lms:talk-questions", args=[enrolment.pk]),
            "",
        ),
        ("discussion", _("Discussion"), reverse("lms:talk-discussion", args=[enrolment.pk]), ""),
    ]
    cohort = enrolment.cohort
    return {
        "enrolment": enrolment,
        "cohort": cohort,
        "cohort_title": titled(cohort.title, cohort.title_en),
        "talk_places": places,
        "talk_current": current,
    }


def said(form: Any, refused: Refused) -> None:
    """Put the refusal into the form: what was typed stays."""
    form.add_error("body" if "body" in form.fields else None, str(refused))
