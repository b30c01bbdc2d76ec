"""A mentee's part in the projects of a supervisor ends with the pairing."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.notices.actions import settle
from supervision.pairings.models import Pairing
from supervision.projects.actions.telling import audit, locked
from supervision.projects.models import CompanionProject, ProjectLeaving


@transaction.atomic
def leave_projects(*, pairing_id: int) -> int:
    """Let the mentee of an ended pairing leave what is under way with its supervisor; the rule of what they keep stands
    with ProjectLeaving. Called within the act that ends the pairing. Told twice, or when the two are paired again by
    now, nothing happens. Returns how many projects were left.

    Side effects for each: the mentee's part is kept with its end; an audit entry; open notices of it are settled.
    """
    pairing = Pairing.objects.select_related("mentee__user").get(pk=pairing_id)
    mentee = pairing.mentee
    if Pairing.objects.open().filter(supervisor=pairing.supervisor_id, mentee=mentee).exists():
        return 0
    theirs = CompanionProject.objects.open().filter(supervisor=pairing.supervisor_id, mentees=mentee)
    keys = sorted(theirs.values_list("pk", flat=True))
    for key in keys:
        project = locked(key)
        ProjectLeaving.objects.get_or_create(
            project=project, person=mentee, defaults={"left_at": timezone.now()}
        )
        project.mentees.remove(mentee)
        settle(user=mentee.user, source=f"supervision.project:{key}:")
        audit("supervision.leave_projects", project, project, None, after={"pairing": pairing_id})
    return len(keys)
