"""What every page of a cohort's conversations at the desk needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.states import IllegalMove, Refused
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.conversations.queries import teaches, with_waiting

PER_PAGE = 30


def desk_cohort(request: HttpRequest, cohort_id: int, *, to_teach: bool = False) -> Any:
    """A cohort that the user's desk reaches, with what waits there (`with_waiting`); where something is to be done, one
    that they teach. Else 404. One query."""
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "version")
    cohort = get_object_or_404(with_waiting(rows), pk=cohort_id)
    if to_teach and not request.user.has_perm("lms.teach_cohort", cohort):
        raise Http404
    return cohort


def desk_context(request: HttpRequest, cohort: Any, current: str, *labels: str) -> dict[str, Any]:
    """The three parts with what waits in each, and where one is; `cohort` comes from `desk_cohort`."""
    places = [
        ("announcements", _("Announcements"), reverse("talk:announcements", args=[cohort.pk]), 0),
        (
            "questions",
            pgettext("to a teacher", "Questions"),
            reverse("talk:questions", args=[cohort.pk]),
            cohort.questions_waiting,
        ),
        ("discussion", _("Discussion"), reverse("talk:discussion", args=[cohort.pk]), cohort.posts_waiting),
    ]
    return {
        "cohort": cohort,
        "talk_places": places,
        "talk_current": current,
        "teaches": teaches(request.user, cohort),
        "header_title": labels[-1] if labels else cohort.title_here,
        "header_icon": "comment",
        "breadcrumbs_items": crumbs(cohort, _("Conversations"), *labels),
    }


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say so; a refusal or a move that somebody else made first is said instead."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.warning(
            request, _("This was already done, or is no longer possible. The page shows how it stands now.")
        )
    else:
        messages.success(request, done)
        return True
    return False
