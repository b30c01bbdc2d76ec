"""Forecasts at the desk: asked for from a policy, and read with today beside the change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.models import Organisation
from core.states import Refused
from credentials.forecasts.actions import ask_forecast
from credentials.forecasts.forms import ForecastForm
from credentials.forecasts.models import Forecast
from credentials.forecasts.policy import knobs_of
from credentials.forecasts.queries import answered, desk_forecasts, knob_label, shown, today_of
from credentials.policies.models import SubsidyPolicy, parsed
from credentials.policies.policy import SourceFault
from credentials.policies.queries.checking import desk_policies
from credentials.policies.queries.mistakes import fault_words

MOST = 100  # policies to begin from that are listed; the others are found among the policies


def crumbs(*last: tuple[str, str]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("forecasts:index"), _("Forecasts")), *last)


class ForecastIndex(ReadersIndex):
    """Every forecast about the reader's tree, newest first."""

    model = Forecast
    name = "forecasts"
    header_icon = "form"
    page_title = gettext_lazy("Forecasts")
    search_fields = ["title", "subsidy__name"]
    results_template_name = "credentials/forecasts/index_results.html"

    def get_base_queryset(self) -> QuerySet[Forecast]:
        return desk_forecasts(self.request.user)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the policies to begin from, for whoever may have one reckoned."""
        user = self.request.user
        may_ask = user.has_perm("credentials.ask_forecast")
        rows = SubsidyPolicy.objects.visible_to(user).select_related("organisation") if may_ask else ()
        return super().get_context_data(*args, policies=list(rows[:MOST]), **kwargs)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=pgettext_lazy("forecast", "name"),
                get_url=lambda row: reverse("forecasts:inspect", args=[row.pk]),
            ),
            Column("subsidy", label=gettext_lazy("subsidy policy"), accessor="subsidy.name"),
            Column("organisation", label=gettext_lazy("people of"), accessor="organisation.name"),
            Column("asked_by", label=pgettext_lazy("forecast", "by"), accessor="asked_by"),
            DateColumn("asked_at", label=pgettext_lazy("forecast", "asked")),
        ]


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a policy's amounts and windows, and have it reckoned. The policy stays as it is."""
    subsidy = get_object_or_404(desk_policies(request.user), pk=pk)
    if not request.user.has_perm("credentials.ask_forecast"):
        raise Http404
    places = (
        Organisation.objects.active()
        .filter(scope_of(request.user).q("", Role.ADMINISTRATOR))
        .order_by("path")
    )
    try:
        text, answers = _readable(subsidy)
    except SourceFault as fault:
        messages.error(request, fault_words(fault)[0])
        return redirect("policies:index")
    form = ForecastForm(
        request.POST or None,
        text=text,
        answers=answers,
        places=places,
        initial={"title": _("What if: %(name)s") % {"name": subsidy.name}, "organisation": places.first()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            forecast = ask_forecast(
                subsidy=subsidy,
                organisation=form.cleaned_data["organisation"],
                title=form.cleaned_data["title"],
                on=form.cleaned_data["on"],
                values=form.values(),
                answers=form.answers(),
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("core:job", forecast.job_id)
    title = _("What would it cost?")
    context = {
        "row": subsidy,
        "form": form,
        "header_title": title,
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", title)),
    }
    return render(request, "credentials/forecasts/ask.html", context)


def _readable(subsidy: SubsidyPolicy) -> tuple[str, dict[str, str]]:
    text, answers = today_of(subsidy)
    parsed(text, tuple(sorted(answers.items())))
    return text, answers


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """A forecast: people and yuan by district and by level, today and with the change."""
    row = get_object_or_404(desk_forecasts(request.user), pk=pk)
    found = shown(row)
    policy = parsed(row.text, tuple(sorted(row.answers["today"].items())))
    names = {knob.path: knob_label(knob, policy) for knob in knobs_of(row.text)}
    bars = [
        {
            "label": line.label,
            "value": line.yuan[1],
            "note": _("today %(yuan)s") % {"yuan": f"¥{line.yuan[0]:,.2f}"},
        }
        for line in (found.districts if found else [])
    ]
    context = {
        "row": row,
        "shown": found,
        "turned": [(names.get(at, at), before, after) for at, (before, after) in sorted(row.turned.items())],
        "answered": answered(row),
        "bars": bars,
        "header_title": row.title,
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", row.title)),
    }
    return render(request, "credentials/forecasts/inspect.html", context)


class ForecastViewSet(ViewSet):
    """The menu item and its addresses under /admin/forecasts/."""

    name = "forecasts"
    menu_label = gettext_lazy("Forecasts")
    icon = "form"
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *ForecastIndex.urls(),
            path("policies/<int:pk>/", ask, name="ask"),
            path("<int:pk>/", inspect, name="inspect"),
        ]
