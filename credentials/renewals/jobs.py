"""A renewal pack whose ledger is long is made in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.jobs.actions import Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from core.notices.actions import notify
from core.people.models import User
from credentials.qualifications.models import RegistrationPeriod
from credentials.renewals.actions import PackRefused, make_pack
from credentials.renewals.models import RenewalPack
from credentials.renewals.queries import LONG_LINES, lines_in

KIND = "credentials.make_pack"


@transaction.atomic
def ask_for_pack(*, period: RegistrationPeriod, actor: Asker) -> RenewalPack | Job:
    """The pack of a period, made now, or the job that makes it where it lists many entries. Raises as make_pack does.

    Asked again while that job goes on, it is the same job, whatever is entered meanwhile. Once it has ended, also where it
    has failed, another one looks anew: it finds the pack of before where nothing has changed. Side effects: the account is
    locked; as of make_pack, or a job of one's own.
    """
    if lines_in(period) <= LONG_LINES:
        return make_pack(period=period, actor=actor)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk or 0)  # of two clicks the second waits here
    params = {"period": period.pk, "actor": actor.pk}
    return start_once(kind=KIND, title=_("Renewal pack"), params=params, actor=actor, organisation=None)


def _place(job: Job) -> Place | None:
    period = RegistrationPeriod.objects.select_related("person").filter(pk=job.params["period"]).first()
    if period is None:
        return None
    if period.person.user_id == job.created_by_id:
        return Place(_("My qualifications"), reverse("credentials:qualification-list"))
    return Place(_("The registration"), reverse("periods:inspect", args=[period.pk]))


@job_kind(KIND, _place)
def make(run: Run) -> dict[str, Any]:
    """Make the pack, and tell who asked for it. Safe to repeat: the same facts give the same pack.

    Whoever asked may have lost the right since, or the person their name: the job fails, with the sentence on its page.
    """
    period = RegistrationPeriod.objects.get(pk=run.params["period"])
    actor = User.objects.select_related("person").get(pk=run.params["actor"])
    run.report(0, 1)
    try:
        _require_right(period, actor)
        pack = make_pack(period=period, actor=actor)
    except PackRefused as refusal:
        run.failed(str(period.pk), run.job.title, str(refusal))
        raise
    notify(
        user=actor,
        kind="qualification",
        title=gettext_noop("The renewal pack is ready"),
        body=gettext_noop("Its number is %(serial)s."),
        url=reverse("credentials:pack-file", args=[pack.pk]),
        source=f"credentials.pack:{pack.pk}",
        serial=pack.serial,
    )
    run.report(1, 1)
    return {"pack": pack.pk}


def _require_right(period: RegistrationPeriod, actor: User) -> None:
    """The question that was asked at the click, asked again: between the two a role may have ended."""
    if not (actor.is_active and actor.has_perm("credentials.make_renewalpack", period)):
        raise PackRefused(
            _(
                "The pack was not made: your role for this person has ended since you asked for it. Whoever administers their employer now can make it."
            )
        )
