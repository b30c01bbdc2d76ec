"""What every act on a pathway leaves behind: an audit entry, and a notice to whoever is on it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from lms.pathways.models import Pathway, PathwayEnrolment


def note(action: str, target: Pathway | PathwayEnrolment, actor: Asker | None, **facts: Any) -> None:
    pathway = target if isinstance(target, Pathway) else target.pathway
    record(action=action, target=target, actor=actor, organisation=pathway.organisation, **facts)


def tell(enrolment: PathwayEnrolment, what: str, title: str, body: str, **values: Any) -> bool:
    told = notify(
        user=enrolment.person.user,
        kind=f"lms.pathway_{what.partition('-')[0]}",
        title=title,
        body=body,
        url=reverse("lms:pathway-mine", args=[enrolment.pk]),
        source=source_of(enrolment, what),
        pathway=both(enrolment.pathway.title, enrolment.pathway.title_en),
        **values,
    )
    return told is not None


def source_of(enrolment: PathwayEnrolment, what: str) -> str:
    """By this a notice about a round is known: it is written once."""
    return f"lms.pathway:{enrolment.pk}:{what}"
