"""What is kept and told of every act about an application."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.queries import administrators_over
from core.people.queries import deciders_at
from supervision.appointments.models import SupervisorApplication


def audit(action: str, application: SupervisorApplication, actor: Asker, **facts: Any) -> None:
    record(action=action, target=application, actor=actor, organisation=application.organisation, **facts)


def source_of(application: SupervisorApplication) -> str:
    return f"supervision.apply_to_supervise:{application.pk}:{application.handed_in_at:%Y%m%d%H%M%S}"


def tell_officers(application: SupervisorApplication) -> None:
    """Ask the administrators who can decide it."""
    for officer in deciders_at(application.organisation, [application.person.user]):
        notify(
            user=officer,
            kind="supervision.appointment",
            title=gettext_noop("%(name)s applies to be appointed as supervisor"),
            body=gettext_noop("Read the application and its documents; appoint, return or refuse."),
            url=reverse("appointments:inspect", args=[application.pk]),
            source=source_of(application),
            name=application.person.name,
        )


def settle_officers(application: SupervisorApplication) -> None:
    settle(users=administrators_over(application.organisation), source=source_of(application))


def tell(application: SupervisorApplication, title: str, body: str, **values: Any) -> None:
    notify(
        user=application.person.user,
        kind="supervision.appointment",
        title=title,
        body=body,
        url=reverse("supervision:application-own"),
        source=f"supervision.application:{application.pk}:{application.state}:{application.decided_at:%Y%m%d%H%M%S}",
        **values or {"reason": application.reason},
    )
