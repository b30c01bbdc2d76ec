"""A gathering planned, changed, called off, and its list to sign."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pdf.faces import MissingGlyph, describe_character
from core.people.models import Person
from core.ui.lists import listed
from supervision.circles import actions
from supervision.circles.document import render as render_list
from supervision.circles.forms import (
    CancelForm,
    PlanForm,
)
from supervision.circles.models import Circle, CircleMember
from supervision.circles.queries import (
    gathering_page,
    list_facts,
    turn_of,
    usual_plan,
)
from supervision.circles.views.gatherings import act_on, already, gathering_of, led_circle, refusable


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_plan(request: HttpRequest, circle_id: int) -> HttpResponse:
    """The leader plans the next gathering; the time of the last one is suggested."""
    circle = led_circle(request, circle_id)
    if not circle.is_open:
        messages.info(request, _("This circle is closed."))
        return redirect(circle)
    leaders = _leaders(circle)
    form = PlanForm(
        request.POST or None,
        leaders=leaders,
        initial=_plan_values(circle) if request.method != "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        made = refusable(
            form,
            lambda: actions.plan_series(
                circle=circle,
                actor=request.user,
                spans=form.spans,
                key=form.cleaned_data["key"],
                **form.values(),
            ),
        )
        if made is not None:
            words = ngettext(
                "Planned. The members have been told.",
                "%(n)s gatherings are planned. The members have been told.",
                len(made),
            )
            messages.success(request, words % {"n": len(made)})
            return redirect(circle)
    return render(request, "supervision/circles/plan.html", {"form": form, "circle": circle})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_change(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Change when, where or by whom a planned gathering is held."""
    gathering = gathering_of(request, gathering_id, "supervision.plan_gathering")
    if not gathering.is_planned:
        messages.info(request, already())
        return redirect(gathering)
    starts_at, ends_at = timezone.localtime(gathering.starts_at), timezone.localtime(gathering.ends_at)
    values = {name: getattr(gathering, name) for name in ("setting", "subject", "place", "link", "revision")}
    values |= {"day": starts_at.date(), "start": starts_at.time(), "end": ends_at.time()}
    values["leader"] = str(gathering.leader_id)
    leaders = _leaders(gathering.circle)
    form = PlanForm(request.POST or None, leaders=leaders, changes=gathering, initial=values)
    if request.method == "POST" and form.is_valid():
        ((starts_at, ends_at),) = form.spans
        changed = refusable(
            form,
            lambda: actions.change_plan(
                gathering=gathering,
                actor=request.user,
                revision=form.cleaned_data["revision"],
                following=bool(form.cleaned_data.get("following")),
                starts_at=starts_at,
                ends_at=ends_at,
                **form.values(),
            ),
        )
        if changed is not None:
            messages.success(request, _("Changed. The members have been told."))
            return redirect(gathering)
    context = {"form": form, "circle": gathering.circle, "gathering": gathering}
    return render(request, "supervision/circles/plan.html", context)


@require_POST
def gathering_cancel(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Call a planned gathering off, or take a record back that nobody has confirmed."""
    gathering = gathering_of(request, gathering_id, "supervision.plan_gathering")
    form = CancelForm(request.POST)
    values = form.cleaned_data if form.is_valid() else {"revision": 0}
    return act_on(
        request,
        gathering,
        _("Cancelled. It counts nowhere, and everybody concerned has been told."),
        lambda: actions.cancel_gathering(gathering=gathering, actor=request.user, **values),
    )


@require_safe
@never_cache
def gathering_list(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The list of who takes part, to be printed and signed; of a plan, the members. It says nothing of what was said."""
    gathering = gathering_of(request, gathering_id)
    page = gathering_page(gathering, request.user)
    if not (page.is_leader or gathering.circle.leader.user_id == request.user.pk):
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="gathering-{gathering.pk}.pdf"',
        "Cache-Control": "private, no-store",
    }
    try:
        content = render_list(list_facts(gathering))
    except MissingGlyph as missing:
        words = _("These characters cannot be printed: %(characters)s. Write it without them.")
        names = listed(describe_character(each) for each in missing.characters)
        messages.error(request, words % {"characters": names})
        return redirect(gathering)
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _plan_values(circle: Circle) -> dict[str, Any]:
    starts_at, ends_at = usual_plan(circle, timezone.now())
    values: dict[str, Any] = {"day": starts_at.date(), "start": starts_at.time(), "end": ends_at.time()}
    turn = turn_of(circle) if circle.is_peer else None
    last = circle.gatherings.order_by("-starts_at").first()
    if last is not None:
        values |= {"setting": last.setting, "place": last.place, "link": last.link}
    return values | {"key": uuid.uuid4(), "leader": str(turn.pk if turn else circle.leader_id)}


def _leaders(circle: Circle) -> list[Person]:
    if not circle.is_peer:
        return [circle.leader]
    rows = CircleMember.objects.joined().filter(circle=circle).select_related("person__user")
    return [row.person for row in rows.order_by("person__pinyin")]
