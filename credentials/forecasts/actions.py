"""Asking for a forecast, and reckoning it as a job."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker, covers
from core.access.states import Role
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation, Tier
from core.people.models import Person, User
from core.states import Refused
from credentials.claims.queries.facts import CHUNK, facts_of_all, workplaces
from credentials.forecasts.models import Forecast
from credentials.forecasts.policy import Totals, all_claimed, knobs_of, turned
from credentials.forecasts.queries import today_of
from credentials.policies.models import SubsidyPolicy, parsed
from credentials.policies.policy import Policy, SourceFault
from credentials.policies.queries.authorities import ledger_codes
from credentials.policies.queries.mistakes import fault_words

KIND = "credentials.forecast"


@transaction.atomic
def ask_forecast(
    *,
    subsidy: SubsidyPolicy,
    organisation: Organisation,
    title: str,
    on: datetime.date,
    values: Mapping[str, str],
    answers: Mapping[str, str],
    actor: Asker,
) -> Forecast:
    """Begin to reckon what the newest published text (or the draft where there is none) would cost with other `values` at
    some of its places, beside itself, over the people of a tree. Nothing of the policy changes.

    Raises Refused when nothing is changed, the changed text is no policy, or the tree is not the officer's. Side effects: the row, a job, an
    audit entry.
    """
    assert isinstance(actor, User)
    if not covers(actor, organisation, Role.ADMINISTRATOR):
        raise Refused(_("You reckon for the people of your own tree only."))
    text, today_answers = today_of(subsidy)
    try:
        given = {one.name: one.chosen for one in parsed(text, tuple(sorted(today_answers.items()))).switches}
        chosen = today_answers | {name: said for name, said in answers.items() if given.get(name) != said}
        changed = turned(text, values)
        parsed(changed, tuple(sorted(chosen.items())))
    except SourceFault as fault:
        raise Refused(fault_words(fault)[0])
    except ValueError as error:
        raise Refused(_("“%(path)s”: a plain number or a day is needed here.") % {"path": error})
    before = {knob.path: knob.value for knob in knobs_of(text)}
    moved = {path: [before[path], said] for path, said in values.items() if before.get(path, said) != said}
    if not moved and chosen == today_answers:
        raise Refused(
            _(
                "Nothing was changed: it would cost what it costs today. Change an amount, a window or a point."
            )
        )
    forecast = Forecast.objects.create(
        subsidy=subsidy,
        organisation=organisation,
        title=title,
        text=text,
        changed_text=changed,
        answers={"today": today_answers, "changed": chosen},
        turned=moved,
        on=on,
        asked_by=actor,
    )
    forecast.job = start_job(
        kind=KIND,
        title=title,
        params={"forecast": forecast.pk},
        actor=actor,
        organisation=organisation,
    )
    forecast.save(update_fields=["job"])
    record(action="credentials.ask_forecast", target=forecast, actor=actor, organisation=organisation)
    return forecast


def _place(job: Job) -> Place | None:
    pk = job.params["forecast"]
    return Place(_("The forecast"), reverse("forecasts:inspect", args=[pk]))


@job_kind(KIND, _place)
def reckon(run: Run) -> dict[str, Any]:
    """Ask both policies about everybody of the tree. Reads only, but for the result, which is written once.

    A million people are read in chunks of two thousand, each by the same few queries.
    """
    forecast = Forecast.objects.select_related("organisation", "subsidy__organisation").get(
        pk=run.params["forecast"]
    )
    policies = _policies(forecast)
    sums, seen = _sums(forecast, policies, run)
    result = {"people": seen, "today": sums[0].data(), "changed": sums[1].data(), "places": _places(forecast)}
    Forecast.objects.filter(pk=forecast.pk, result={}).update(result=result)
    return {"people": seen}


def _policies(forecast: Forecast) -> tuple[Policy, Policy]:
    """Today's and the changed one, both under the codes by which the ledger knows them: what was paid counts for both."""
    said = forecast.answers
    today = parsed(forecast.text, tuple(sorted(said["today"].items())))
    changed = parsed(forecast.changed_text, tuple(sorted(said["changed"].items())))
    codes = ledger_codes(today, forecast.subsidy.organisation)
    return today.known_as(codes), changed.known_as(codes)


def _sums(forecast: Forecast, policies: tuple[Policy, Policy], run: Run) -> tuple[tuple[Totals, Totals], int]:
    sums, seen = (Totals(), Totals()), 0
    employed = Person.objects.filter(employer__path__startswith=forecast.organisation.path)
    total, places, districts = employed.count(), workplaces(), _districts(forecast.organisation)
    run.report(0, max(total, 1))
    for rows in _chunks(forecast.organisation.path):
        facts = facts_of_all([pk for pk, _employer in rows], forecast.on, places=places)
        for pk, employer in rows:
            for policy, totals in zip(policies, sums, strict=True):
                totals.add(districts.get(employer, ""), all_claimed(policy, facts[pk], forecast.on))
        seen += len(rows)
        run.report(min(seen, total), max(total, 1))
    return sums, seen


def _chunks(path: str) -> Iterator[list[tuple[int, int]]]:
    """The people of a tree with their employers, by ascending number: never an offset, however many there are."""
    last = 0
    while True:
        rows = Person.objects.filter(Q(employer__path__startswith=path), pk__gt=last).order_by("pk")
        found = list(rows.values_list("pk", "employer_id")[:CHUNK])
        if not found:
            return
        last = found[-1][0]
        yield [(pk, employer) for pk, employer in found if employer is not None]


def _districts(top: Organisation) -> dict[int, str]:
    """Of each organisation of the tree the district in which it lies, by its key; else the organisation at the top. One
    query."""
    found: dict[int, str] = {}
    at = {top.path: str(top.pk)}
    rows = Organisation.objects.filter(path__startswith=top.path).order_by("path")
    for pk, path, tier in rows.values_list("pk", "path", "tier"):
        above = at.get(path[: -Organisation.steplen], str(top.pk))
        at[path] = str(pk) if tier == Tier.COUNTY else above
        found[pk] = at[path]
    return found


def _places(forecast: Forecast) -> dict[str, str]:
    """The names of the districts as they are today, and of the top, where those stand who are in none."""
    top = forecast.organisation
    rows = Organisation.objects.filter(path__startswith=top.path, tier=Tier.COUNTY)
    return {str(pk): name for pk, name in rows.values_list("pk", "name")} | {str(top.pk): top.name}
