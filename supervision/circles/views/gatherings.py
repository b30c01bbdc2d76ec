"""Gatherings on the site: planned, recorded, and answered by each who took part."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pdf.faces import MissingGlyph, describe_character
from core.people.models import Person
from core.states import IllegalMove, StaleState
from supervision.circles import actions
from supervision.circles.document import render as render_list
from supervision.circles.forms import (
    AddForm,
    CorrectForm,
    DisputeForm,
    LogForm,
    NoteForm,
    PlanForm,
    RemoveForm,
    RevisionForm,
    held_values,
    log_values,
)
from supervision.circles.models import Circle, CircleMember, Gathering, Participation
from supervision.circles.queries import (
    gathering_page,
    list_facts,
    people_of,
    turn_of,
    usual_plan,
)
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import usual_span


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_plan(request: HttpRequest, circle_id: int) -> HttpResponse:
    """The leader plans the next gathering; the time of the last one is suggested."""
    circle = _led_circle(request, circle_id)
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
        made = _refusable(
            form,
            lambda: actions.plan_gathering(
                circle=circle, actor=request.user, key=form.cleaned_data["key"], **form.values()
            ),
        )
        if made is not None:
            messages.success(request, _("Planned. The members have been told."))
            return redirect(circle)
    return render(request, "supervision/circles/plan.html", {"form": form, "circle": circle})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_record(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Record a gathering that was not planned."""
    circle = _led_circle(request, circle_id)
    return _record(request, circle, None)


@require_safe
@never_cache
def gathering_detail(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """One gathering. Who took part reads all of it; the desk reads that it took place, for how many, and how long."""
    return _show(request, _gathering(request, gathering_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_change(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Change when, where or by whom a planned gathering is held."""
    gathering = _gathering(request, gathering_id, "supervision.plan_gathering")
    if not gathering.is_planned:
        messages.info(request, _already())
        return redirect(gathering)
    starts_at, ends_at = timezone.localtime(gathering.starts_at), timezone.localtime(gathering.ends_at)
    values = {name: getattr(gathering, name) for name in ("setting", "subject", "place", "link", "revision")}
    values |= {"day": starts_at.date(), "start": starts_at.time(), "end": ends_at.time()}
    values["leader"] = str(gathering.leader_id)
    form = PlanForm(request.POST or None, leaders=_leaders(gathering.circle), initial=values)
    if request.method == "POST" and form.is_valid():
        changed = _refusable(
            form,
            lambda: actions.change_plan(
                gathering=gathering,
                actor=request.user,
                revision=form.cleaned_data["revision"],
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
    gathering = _gathering(request, gathering_id, "supervision.plan_gathering")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    return _act(
        request,
        gathering,
        _("Cancelled. It counts nowhere, and everybody concerned has been told."),
        lambda: actions.cancel_gathering(gathering=gathering, actor=request.user, revision=revision),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_log(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Record a planned gathering after it has taken place."""
    gathering = _gathering(request, gathering_id, "supervision.log_gathering")
    if not gathering.is_planned:
        messages.info(request, _already())
        return redirect(gathering)
    return _record(request, gathering.circle, gathering)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_amend(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Correct a record that nobody has confirmed; everybody is asked again."""
    gathering = _gathering(request, gathering_id, "supervision.log_gathering")
    page = gathering_page(gathering, request.user)
    if not gathering.is_logged or page.is_locked:
        words = _("A participant has confirmed it, so its facts stay. Correct single participants below.")
        messages.info(request, words if page.is_locked else _already())
        return redirect(gathering)
    parts = [part for part in page.parts if part.state != "removed"]
    form = LogForm(
        request.POST or None,
        people=people_of(gathering, gathering.circle, gathering.leader_id),
        circle=gathering.circle,
        amends=True,
        initial=held_values(gathering, page.content, parts),
    )
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        changed = _refusable(
            form,
            lambda: actions.amend_gathering(
                gathering=gathering,
                actor=request.user,
                facts=form.facts,  # type: ignore[arg-type]
                shared=form.shared,
                came=form.came,
                revision=form.cleaned_data["revision"],
            ),
        )
        if changed is not None:
            messages.success(request, _("Corrected. Everybody who took part has been asked again."))
            return redirect(gathering)
    context = {"form": form, "circle": gathering.circle, "gathering": gathering, "amends": True}
    return render(request, "supervision/circles/log.html", context)


@require_POST
def gathering_note(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Keep, change or delete one's own working note."""
    gathering = _gathering(request, gathering_id)
    if not gathering_page(gathering, request.user).took_part:
        raise Http404
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, gathering, note_form=form)
    text = form.cleaned_data["text"]
    return _act(
        request,
        gathering,
        _("Your note is saved.") if text else _("Your note is deleted."),
        lambda: actions.keep_gathering_note(gathering=gathering, actor=request.user, text=text),
    )


@require_safe
@never_cache
def gathering_list(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The list of who takes part, to be printed and signed; of a plan, the members. It says nothing of what was said."""
    gathering = _gathering(request, gathering_id)
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
        names = "、".join(describe_character(each) for each in missing.characters)
        messages.error(request, words % {"characters": names})
        return redirect(gathering)
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def part_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The leader puts a member into the record who was forgotten."""
    gathering = _gathering(request, gathering_id, "supervision.log_gathering")
    form = AddForm(request.POST, people=_forgotten(gathering))
    if not form.is_valid():
        return _show(request, gathering, add_form=form)
    values = {"person": form.chosen, "minutes": form.cleaned_data["minutes"]}
    done = _("%(name)s is in the record and has been asked to confirm.") % {"name": form.chosen.name}
    return _act(
        request,
        gathering,
        done,
        lambda: actions.add_part(gathering=gathering, actor=request.user, **values),
    )


@require_POST
def part_confirm(request: HttpRequest, part_id: int) -> HttpResponse:
    """The participant agrees."""
    part = _part(request, part_id, "supervision.confirm_participation")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    done = _("Confirmed. Your minutes are credited.")
    return _act(
        request,
        part.gathering,
        done,
        lambda: actions.confirm_part(part=part, actor=request.user, revision=revision),
    )


@require_POST
def part_dispute(request: HttpRequest, part_id: int) -> HttpResponse:
    """The participant objects."""
    part = _part(request, part_id, "supervision.confirm_participation")
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return _show(request, part.gathering, dispute_form=form)
    values = form.cleaned_data
    done = _("Whoever led the gathering has been told, and will correct it or take you out of the record.")
    return _act(
        request,
        part.gathering,
        done,
        lambda: actions.dispute_part(part=part, actor=request.user, **values),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def part_correct(request: HttpRequest, part_id: int) -> HttpResponse:
    """The leader corrects the minutes of one participant, or takes them out (`part_remove`)."""
    part = _part(request, part_id, "supervision.correct_participation")
    if not part.is_open:
        messages.info(request, _already())
        return redirect(part.gathering)
    initial = {"minutes": part.minutes, "revision": part.revision}
    form = CorrectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = _("Corrected. %(name)s has been asked to confirm it.") % {"name": part.person.name}
        return _act(
            request,
            part.gathering,
            done,
            lambda: actions.correct_part(part=part, actor=request.user, **values),
        )
    return _show_part(request, part, form=form)


@require_POST
def part_remove(request: HttpRequest, part_id: int) -> HttpResponse:
    """The leader takes one participant out of the record."""
    part = _part(request, part_id, "supervision.correct_participation")
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return _show_part(request, part, remove_form=form, status=422)
    values = form.cleaned_data
    done = _("Taken out of the record, and told.")
    return _act(
        request, part.gathering, done, lambda: actions.remove_part(part=part, actor=request.user, **values)
    )


def _record(request: HttpRequest, circle: Circle, gathering: Gathering | None) -> HttpResponse:
    leader_id = gathering.leader_id if gathering else circle.leader_id
    people = people_of(gathering, circle, leader_id)
    initial = {}
    if request.method != "POST":
        initial = log_values(gathering, usual_span(timezone.now())) | _last_kind(circle, gathering)
    form = LogForm(request.POST or None, people=people, circle=circle, initial=initial)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        made = _refusable(
            form,
            lambda: actions.log_gathering(
                circle=circle,
                gathering=gathering,
                actor=request.user,
                facts=form.facts,  # type: ignore[arg-type]
                shared=form.shared,
                came=form.came,
                key=form.cleaned_data["key"],
                note=form.cleaned_data["note"],
            ),
        )
        if made is not None:
            messages.success(request, _("Recorded. Everybody who took part has been asked to confirm."))
            return redirect(made)
    context = {"form": form, "circle": circle, "gathering": gathering, "people": people}
    return render(request, "supervision/circles/log.html", context)


def _last_kind(circle: Circle, gathering: Gathering | None) -> dict[str, Any]:
    """Mode, setting and functions as they were the last time."""
    last = circle.gatherings.logged().order_by("-starts_at").first()
    if last is None:
        return {"mode": "universal"} if circle.kind == "open" else {}
    found: dict[str, Any] = {"mode": last.mode, "functions": last.functions}
    return found if gathering is not None else found | {"setting": last.setting}


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


def _led_circle(request: HttpRequest, circle_id: int) -> Circle:
    rows = Circle.objects.visible_to(request.user).select_related("leader__user", "organisation")
    circle = get_object_or_404(rows, pk=circle_id)
    if circle.leader.user_id != request.user.pk:  # not even the operator, who has every permission
        raise Http404
    return circle


def _gathering(request: HttpRequest, gathering_id: int, perm: str = "") -> Gathering:
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).with_circle(), pk=gathering_id)
    leaders = (gathering.leader.user_id, gathering.circle.leader.user_id)
    if perm and not (request.user.pk in leaders and request.user.has_perm(perm, gathering)):
        raise Http404  # also for the operator, who has every permission: these forms hold what is sealed
    return gathering


def _part(request: HttpRequest, part_id: int, perm: str) -> Participation:
    rows = Participation.objects.visible_to(request.user).select_related(
        "person__user", "gathering__circle__organisation", "gathering__circle__leader", "gathering__leader"
    )
    part = get_object_or_404(rows, pk=part_id)
    if not request.user.has_perm(perm, part):
        raise Http404
    return part


def _forgotten(gathering: Gathering) -> list[Person]:
    """The members who are not in the record, or were taken out of it."""
    there = set(gathering.parts.live().values_list("person", flat=True))
    people = people_of(gathering, gathering.circle, gathering.leader_id)
    return [person for person in people if person.pk not in there]


def _show(request: HttpRequest, gathering: Gathering, **forms: Any) -> HttpResponse:
    page = gathering_page(gathering, request.user)
    forgotten = _forgotten(gathering) if page.is_leader and gathering.is_logged else []
    revision = {"revision": page.mine.revision if page.mine else 0}
    context = {
        "page": page,
        "gathering": gathering,
        "circle": gathering.circle,
        "may_plan": request.user.has_perm("supervision.plan_gathering", gathering),
        "confirm_form": RevisionForm(initial=revision),
        "dispute_form": DisputeForm(initial=revision),
        "cancel_form": RevisionForm(initial={"revision": gathering.revision}),
        "add_form": AddForm(people=forgotten, initial={"minutes": gathering.minutes}) if forgotten else None,
        "note_form": NoteForm(initial={"text": page.note.text if page.note else ""}),
        **forms,
    }
    return render(request, "supervision/circles/gathering.html", context, status=422 if forms else 200)


def _show_part(request: HttpRequest, part: Participation, status: int = 200, **forms: Any) -> HttpResponse:
    initial = {"minutes": part.minutes, "revision": part.revision}
    page = gathering_page(part.gathering, request.user)
    context = {
        "part": part,
        "gathering": part.gathering,
        "remarks": [each for each in page.remarks if each.part_id == part.pk],
        "form": CorrectForm(initial=initial),
        "remove_form": RemoveForm(initial={"revision": part.revision}),
        **forms,
    }
    return render(request, "supervision/circles/part.html", context, status=status)


def _already() -> str:
    return _("This was already done, or is no longer possible. The page shows how it stands now.")


def _refusable(form: Any, act: Callable[[], Gathering]) -> Gathering | None:
    """The gathering, or None with the refusal said at the field that it is about. Nothing typed is lost."""
    try:
        return act()
    except actions.GatheringRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except NotPossible as refused:
        form.add_error(None, str(refused))
    except IllegalMove:
        form.add_error(None, _("It changed while you wrote. Open it again and compare before you send."))
    return None


def _act(request: HttpRequest, gathering: Gathering, done: str, act: Callable[[], object]) -> HttpResponse:
    """Do it and go back to the gathering; a second click or an old page is told so, and changes nothing."""
    try:
        act()
    except StaleState:
        words = _("The record has changed since you opened it. Read it again before you answer.")
        messages.warning(request, words)
    except IllegalMove:
        messages.info(request, _already())
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(gathering)
