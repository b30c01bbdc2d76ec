"""One gathering on the site, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.people.models import Person
from core.states import IllegalMove
from core.ui.acting import was_done
from supervision.circles import actions
from supervision.circles.forms import (
    AddForm,
    CancelForm,
    DisputeForm,
    NoteForm,
    RefuseForm,
    RevisionForm,
)
from supervision.circles.models import Circle, Gathering
from supervision.circles.queries import (
    gathering_page,
    people_of,
)
from supervision.pairings.actions import NotPossible
from supervision.sessions.forms import ExplainForm, FileForm

Done = TypeVar("Done")


@require_safe
@never_cache
def gathering_detail(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """One gathering. Who took part reads all of it; the desk reads that it took place, for how many, and how long."""
    return show(request, gathering_of(request, gathering_id))


def led_circle(request: HttpRequest, circle_id: int) -> Circle:
    rows = Circle.objects.visible_to(request.user).select_related("leader__user", "organisation")
    circle = get_object_or_404(rows, pk=circle_id)
    if circle.leader.user_id != request.user.pk:  # not even the operator, who has every permission
        raise Http404
    return circle


def gathering_of(request: HttpRequest, gathering_id: int, perm: str = "") -> Gathering:
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).with_circle(), pk=gathering_id)
    leaders = (gathering.leader.user_id, gathering.circle.leader.user_id)
    if perm and not (request.user.pk in leaders and request.user.has_perm(perm, gathering)):
        raise Http404  # also for the operator, who has every permission: these forms hold what is sealed
    return gathering


def forgotten_of(gathering: Gathering) -> list[Person]:
    """The members who are not in the record, or were taken out of it."""
    there = set(gathering.parts.live().values_list("person", flat=True))
    people = people_of(gathering, gathering.circle, gathering.leader_id)
    return [person for person in people if person.pk not in there]


def show(request: HttpRequest, gathering: Gathering, **forms: Any) -> HttpResponse:
    page = gathering_page(gathering, request.user)
    forgotten = forgotten_of(gathering) if page.is_leader and gathering.is_logged else []
    revision = {"revision": page.mine.revision if page.mine else 0}
    context = {
        "page": page,
        "gathering": gathering,
        "circle": gathering.circle,
        "may_plan": request.user.has_perm("supervision.plan_gathering", gathering),
        "confirm_form": RevisionForm(initial=revision),
        "dispute_form": DisputeForm(initial=revision),
        "cancel_form": CancelForm(initial={"revision": gathering.revision}),
        "refuse_form": RefuseForm(),
        "explain_form": ExplainForm(),
        "file_form": FileForm(),
        "may_attach": page.took_part and gathering.is_logged and not page.is_locked,
        "add_form": AddForm(people=forgotten, initial={"minutes": gathering.minutes}) if forgotten else None,
        "note_form": NoteForm(initial={"text": page.note.text if page.note else ""}),
        **forms,
    }
    return render(request, "supervision/circles/gathering.html", context, status=422 if forms else 200)


def already() -> str:
    return _("This was already done, or is no longer possible. The page shows how it stands now.")


def refusable(form: Any, act: Callable[[], Done]) -> Done | None:
    """What was done, or None with the refusal said at the field that it is about. Nothing typed is lost."""
    try:
        return act()
    except actions.GatheringRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except NotPossible as refused:
        form.add_error(None, str(refused))
    except IllegalMove:
        form.add_error(None, _("It changed while you wrote. Open it again and compare before you send."))
    return None


def act_on(request: HttpRequest, gathering: Gathering, done: str, act: Callable[[], object]) -> HttpResponse:
    """Do it and go back to the gathering; a second click or an old page is told so, and changes nothing."""
    stale = _("The record has changed since you opened it. Read it again before you answer.")
    was_done(request, act, done, late=already(), stale=stale)
    return redirect(gathering)
