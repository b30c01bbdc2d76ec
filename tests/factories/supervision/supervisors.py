"""Supervisors, what they ask for and declare, and the functions of supervision."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import make_user
from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from supervision.models import (
        Conflict,
        LocalFunction,
        OwnTraining,
        Supervisor,
        SupervisorApplication,
    )


def make_supervisor(
    user: User | None = None, organisation: Organisation | None = None, **fields: object
) -> Supervisor:
    """A person in the registry, without any designation and without the audit of the real action."""
    from supervision.models import Supervisor

    person = (user or make_user("欧阳若水", organisation)).person
    number = next(numbers)
    defaults = {"code": f"SV{number:03d}", "organisation": organisation or person.employer, "capacity": 5}
    return Supervisor.objects.create(person=person, **defaults | fields)


def make_application(
    person: Person, organisation: Organisation | None = None, **fields: object
) -> SupervisorApplication:
    """A first application that waits for an officer, without its documents and without notices."""
    from supervision.models import SupervisorApplication

    defaults = {
        "holder_id": person.user_id,
        "organisation": organisation or person.employer,
        "kind": "first",
        "tier": "junior",
        "statement": "愿意带新人。",
        "basis": "中级社会工作师",
        "handed_in_at": timezone.now(),
    }
    return SupervisorApplication.objects.create(person=person, **defaults | fields)


def make_training(person: Person, state: str = "declared", **fields: object) -> OwnTraining:
    """Eight hours of own training a month ago, with a proof; checked or returned by nobody in particular."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from core.attachments.actions import keep_file
    from supervision.models import OwnTraining

    now = timezone.now()
    decided = (
        {"decided_by": make_user("解守正"), "decided_at": now} if state in ("checked", "returned") else {}
    )
    defaults: dict[str, object] = {
        "holder_id": person.user_id,
        "held_on": timezone.localdate() - timedelta(days=30),
        "title": f"督导能力培训{next(numbers)}",
        "provider": "市社协",
        "minutes": 480,
        "state": state,
        "reason": "证明看不清" if state == "returned" else "",
        "declared_at": now,
    }
    if "evidence" not in fields:
        upload = SimpleUploadedFile("结业证.pdf", b"%PDF-1.7 " + str(next(numbers)).encode())
        defaults["evidence"] = keep_file(upload=upload, actor=person.user)
    return OwnTraining.objects.create(person=person, **defaults | decided | fields)


def make_function(organisation: Organisation, name: str = "疏导", **fields: object) -> LocalFunction:
    """A local function in force since two months ago."""
    from supervision.models import LocalFunction

    defaults = {"starts_on": timezone.localdate() - timedelta(days=60), "source": "社函〔2026〕1号"}
    return LocalFunction.objects.create(organisation=organisation, name=name, **defaults | fields)


def make_conflict(supervisor: Supervisor, mentee: Person, by: User, **fields: object) -> Conflict:
    """A conflict of interest that somebody has declared."""
    from supervision.models import Conflict

    side = "officer"
    if by.pk in (mentee.user_id, supervisor.person.user_id):
        side = "mentee" if by.pk == mentee.user_id else "supervisor"
    defaults = {"organisation": mentee.employer, "kind": "relative", "side": side, "reason": "是亲属"}
    return Conflict.objects.create(supervisor=supervisor, mentee=mentee, declared_by=by, **defaults | fields)
