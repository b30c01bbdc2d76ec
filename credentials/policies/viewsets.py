"""Subsidy policies at the desk: read in words, written, tried with somebody's facts, and published in versions."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.states import Refused
from credentials.policies.actions import publish_policy, save_policy
from credentials.policies.files import bundled, text_of
from credentials.policies.forms import AnswersForm, FactsForm, PolicyForm
from credentials.policies.models import SubsidyPolicy
from credentials.policies.policy import SourceFault, assess
from credentials.policies.queries.authorities import authorities_of
from credentials.policies.queries.checking import (
    case_facts,
    cases_in,
    desk_policies,
    listed_policies,
    named_cases,
)
from credentials.policies.queries.guide import fact_rows, kinds
from credentials.policies.queries.mistakes import fault_words
from credentials.policies.queries.reading import described, standing_words, told
from credentials.policies.queries.words import said


def crumbs(*last: tuple[str, str]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("policies:index"), _("Subsidy policies")), *last)


def _name(row: SubsidyPolicy) -> str:
    """What a policy is called; by the name that it is found by where its text cannot be read any more."""
    try:
        return said(row.shown().name)
    except SourceFault:
        return row.name


def _standing(row: SubsidyPolicy, on: datetime.date) -> str:
    try:
        return standing_words(row, on)
    except SourceFault:
        return "—"


class PolicyIndex(ReadersIndex):
    """Every policy that this reader may see, newest first."""

    model = SubsidyPolicy
    name = "policies"
    header_icon = "form"
    page_title = gettext_lazy("Subsidy policies")
    search_fields = ["code", "name", "organisation__name"]
    add_url_name = "policies:add"
    add_item_label = gettext_lazy("Add a policy")

    def get_base_queryset(self) -> QuerySet[SubsidyPolicy]:
        return listed_policies(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        today = timezone.localdate()
        return [
            TitleColumn(
                "name",
                label=pgettext_lazy("policy", "name"),
                accessor=_name,
                get_url=lambda row: reverse("policies:inspect", args=[row.pk]),
            ),
            Column("organisation", label=gettext_lazy("authority"), accessor="organisation.name"),
            Column("standing", label=gettext_lazy("state"), accessor=lambda row: _standing(row, today)),
            Column(
                "newest",
                label=gettext_lazy("published version"),
                accessor=lambda row: latest.number if (latest := row.latest()) else "—",
            ),
        ]


def _policy(request: HttpRequest, pk: int, perm: str = "credentials.view_subsidypolicy") -> SubsidyPolicy:
    row = get_object_or_404(desk_policies(request.user), pk=pk)
    if not request.user.has_perm(perm, row):
        raise Http404
    return row


def told_of_faults(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A text that was kept and that cannot be read any more is told of; whoever may change it is led to its form."""

    @functools.wraps(view)
    def inner(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        try:
            return view(request, pk, **more)
        except SourceFault as fault:
            messages.error(request, fault_words(fault)[0])
            may_change = request.user.has_perm("credentials.change_subsidypolicy", _policy(request, pk))
            return redirect("policies:edit", pk) if may_change else redirect("policies:index")

    return inner


@require_safe
@told_of_faults
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One policy in words: what it gives to whom, until when, what it leaves open, and how its cases come out."""
    row = _policy(request, pk)
    may_change = request.user.has_perm("credentials.change_subsidypolicy", row)
    versions = list(row.versions.select_related("published_by"))
    policy = row.policy() if may_change else row.shown()
    title = said(policy.name)
    context = {
        "row": row,
        "policy": described(policy),
        "standing": standing_words(row, timezone.localdate()),
        "checked": cases_in(row) if may_change else None,
        "versions": versions,
        "is_published": row.is_published(),
        "answers": AnswersForm(policy=policy) if may_change and policy.switches else None,
        "may_change": may_change,
        "may_reckon": request.user.has_perm("credentials.ask_forecast"),
        "header_title": title,
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", title)),
    }
    return render(request, "credentials/policies/inspect.html", context)


@require_safe
@told_of_faults
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as it was published, with its text."""
    row = _policy(request, pk)
    found = get_object_or_404(row.versions.select_related("published_by"), number=number)
    title = _("Version %(number)d") % {"number": number}
    context = {
        "row": row,
        "version": found,
        "name": said(found.policy().name),
        "policy": described(found.policy()),
        "header_title": title,
        "header_icon": "form",
        "breadcrumbs_items": crumbs(
            (reverse("policies:inspect", args=[pk]), said(found.policy().name)), ("", title)
        ),
    }
    return render(request, "credentials/policies/version.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a policy: a new one, from an example if wished, or the draft of one."""
    row = _policy(request, pk, "credentials.change_subsidypolicy") if pk else None
    if row is None and not request.user.has_perm("credentials.add_subsidypolicy"):
        raise Http404
    initial = {"text": row.draft, "cases": row.cases} if row else _example(request.GET.get("example", ""))
    places = authorities_of(request.user).order_by("path")
    form = PolicyForm(
        request.POST or None, request.FILES or None, places=places, subsidy=row, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            kept = save_policy(
                subsidy=row,
                organisation=row.organisation if row else data["organisation"],
                text=data["text"],
                cases=data["cases"],
                answers=form.answers(data["text"]),
                actor=request.user,
                seen=request.POST.get("seen"),
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("The draft is kept. Read it, then publish it."))
            return redirect("policies:inspect", kept.pk)
    title = row.name if row else _("Add a policy")
    context = {
        "form": form,
        "row": row,
        "seen": request.POST.get("seen") or (row.mark() if row else ""),
        "examples": [] if row else list(bundled()),
        "kinds": kinds(),
        "facts": fact_rows(),
        "header_title": title,
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", title)),
    }
    return render(request, "credentials/policies/edit.html", context)


def _example(code: str) -> dict[str, str]:
    """The text and the cases of a policy that comes with the product."""
    if code not in bundled():
        return {}
    place = bundled()[code]
    return {"text": text_of(place), "cases": text_of(place.with_name(f"{code}.cases.yaml"))}


@require_POST
@told_of_faults
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what the text leaves open; it counts once the draft is published."""
    row = _policy(request, pk, "credentials.change_subsidypolicy")
    form = AnswersForm(request.POST, policy=row.policy())
    if not form.is_valid():
        messages.error(request, _("Choose one answer to each open point."))
        return redirect("policies:inspect", row.pk)
    try:
        save_policy(
            subsidy=row,
            organisation=row.organisation,
            text=row.draft,
            cases=row.cases,
            answers=form.answers(),
            actor=request.user,
            seen=request.POST.get("seen") or row.mark(),
        )
    except (
        Refused
    ) as refusal:  # an answer that the text offers, and that cannot be read where it stands for a value
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The answers are kept. They count once the draft is published."))
    return redirect("policies:inspect", row.pk)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the draft; a second click publishes nothing more."""
    row = _policy(request, pk, "credentials.change_subsidypolicy")
    try:
        made = publish_policy(subsidy=row, actor=request.user, seen=request.POST.get("seen"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Version %(number)d is published. Decisions from now on rest on it.") % {"number": made.number},
        )
    return redirect("policies:inspect", row.pk)


@require_http_methods(["GET", "POST"])
@told_of_faults
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """What the policy would decide about facts that are typed in. Nothing is kept."""
    row = _policy(request, pk)
    may_change = request.user.has_perm("credentials.change_subsidypolicy", row)
    policy = row.policy() if may_change else row.shown()
    cases = named_cases(row) if may_change else []
    initial = case_facts(cases, request.GET.get("case", "")) or {"facts": EXAMPLE}
    form = FactsForm(request.POST or None, initial=initial)
    decisions = None
    if request.method == "POST" and form.is_valid():
        found = assess(policy, form.cleaned_data["facts"], form.cleaned_data["on"])
        decisions = [told(one, policy) for one in found]
    title = _("Try the policy")
    context = {
        "row": row,
        "form": form,
        "decisions": decisions,
        "cases": cases,
        "case": request.GET.get("case", ""),
        "facts": fact_rows(),
        "header_title": title,
        "header_icon": "form",
        "breadcrumbs_items": crumbs((reverse("policies:inspect", args=[pk]), said(policy.name)), ("", title)),
    }
    return render(request, "credentials/policies/attempt.html", context)


EXAMPLE = """work: {region: "421002", fields: [社区建设]}
qualifications:
  - {level: assistant, issued_on: 2025-03-14}
titles: []
internships: []
conduct: []
paid: []
"""


class PolicyViewSet(ViewSet):
    """The menu item and its addresses under /admin/policies/."""

    name = "policies"
    menu_label = gettext_lazy("Subsidy policies")
    icon = "form"
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *PolicyIndex.urls(),
            path("add/", edit, name="add"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/edit/", edit, name="edit"),
            path("<int:pk>/answers/", answer, name="answer"),
            path("<int:pk>/publish/", publish, name="publish"),
            path("<int:pk>/try/", attempt, name="attempt"),
            path("<int:pk>/versions/<int:number>/", version, name="version"),
        ]
