"""Asking whether the links of a course can be reached, on request. Only this asks other hosts anything."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.scope import Asker
from core.blocks.reaching import Unreachable, reach
from core.jobs.actions import ItemFailed, Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation
from lms.courses.models import CoursePage
from lms.courses.queries import outside_addresses

CHECK_LINKS = "lms.check_links"
MOST_LINKS = 200
REASONS: dict[str, str | Promise] = {
    "name": gettext_lazy("There is no such host, or its name cannot be looked up from here."),
    "private": gettext_lazy("The host lies inside a network, so it is not asked."),
    "time": gettext_lazy("The host does not answer."),
    "refused": gettext_lazy("The host refuses the connection."),
    "secure": gettext_lazy("The certificate of the host is not valid."),
    "gone": gettext_lazy("The page is not there."),
    "broken": gettext_lazy("The host answers with a fault."),
    "loops": gettext_lazy("The address leads on and on."),
}


@transaction.atomic
def check_links(*, course: CoursePage, actor: Asker) -> Job:
    """Ask each address that the published pages link to, in a job; while one of this account goes on, that one.

    Side effects: the job; when it runs, one small request to each host.
    """
    CoursePage.objects.select_for_update().get(pk=course.pk)
    return start_once(
        kind=CHECK_LINKS,
        title=_("Links of the course %(title)s") % {"title": course.title},
        params={"course": course.pk},
        actor=actor,
        organisation=Organisation.get_first_root_node(),
    )


def _place(job: Job) -> Place | None:
    course = CoursePage.objects.filter(pk=job.params["course"]).first()
    return Place(course.title, reverse("courses:check", args=[course.pk])) if course else None


@job_kind(CHECK_LINKS, place=_place)
def ask_links(run: Run) -> dict[str, Any]:
    """Ask them one after the other; each that nobody gets to is noted with the reason."""
    course = CoursePage.objects.get(pk=run.params["course"])
    links = outside_addresses(course)
    asked = links[:MOST_LINKS]

    def ask(link: tuple[str, Any]) -> None:
        try:
            reach(link[0])
        except Unreachable as fault:
            raise ItemFailed(str(REASONS[fault.reason]))

    run.each(asked, ask, total=len(asked), every=1, label=_label)
    return {"links": len(asked), "not_asked": len(links) - len(asked)}


def _label(link: tuple[str, Any]) -> tuple[str, str]:
    url, page = link
    return f"{page.pk}:{sha256(url.encode()).hexdigest()[:40]}", f"{page.title}: {url}"


def latest_check(course: CoursePage) -> Job | None:
    """The newest of these jobs for this course."""
    jobs = Job.objects.filter(kind=CHECK_LINKS, params__course=course.pk)
    return jobs.order_by("-pk").first()
