"""The rows that a page is about, fetched through who may see them; and what a refusal becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac

from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, of_pair
from supervision.sessions import actions
from supervision.sessions.forms import SessionForm
from supervision.sessions.models import Session

Done = TypeVar("Done")


def account_mark(user: Any) -> str:
    """The account as the device keeps it beside what was typed: a mark that says nothing."""
    return salted_hmac("supervision.offline", str(user.pk), algorithm="sha256").hexdigest()[:24]


def own_pairing(request: HttpRequest, pairing_id: int) -> Pairing:
    """A pairing in which this user is the supervisor."""
    rows = Pairing.objects.visible_to(request.user).filter(of_pair(request.user)).with_people()
    pairing = get_object_or_404(rows, pk=pairing_id)
    if not request.user.has_perm("supervision.log_session", pairing):
        raise Http404
    return pairing


def session_of(request: HttpRequest, session_id: int, perm: str = "") -> Session:
    """A session that the user may see; with `perm`, one of the user's own: a superuser, who may all, is not of the pair."""
    rows = Session.objects.visible_to(request.user).with_people()
    if perm:
        rows = rows.filter(of_pair(request.user, "pairing__"))
    session = get_object_or_404(rows, pk=session_id)
    if perm and not request.user.has_perm(perm, session):
        raise Http404
    return session


def refusable(form: SessionForm, act: Callable[[], Done]) -> Done | None:
    """What was done, or None with the refusal said at the field that it is about. Nothing typed is lost."""
    try:
        return act()
    except actions.SessionRefused as refused:
        form.add_error(refused.problems[0].field, str(refused))
    except NotPossible as refused:
        form.add_error(None, str(refused))
    return None
