"""My own training as a supervisor: what I attended, with its proof, and how it stands for a renewal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.people.models import Person
from core.states import IllegalMove
from supervision.supervisors.models import Supervisor
from supervision.trainings import actions
from supervision.trainings.forms import TrainingForm
from supervision.trainings.models import OwnTraining
from supervision.trainings.queries import own_trainings, standing


def _me(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


@require_safe
@never_cache
def training_list(request: HttpRequest) -> HttpResponse:
    """What I have declared, what of it counts, and what the next renewal asks for."""
    person = _me(request)
    rows = Supervisor.objects.select_related("organisation").prefetch_related("designations")
    supervisor = rows.filter(pk=person.pk).first()
    context = {
        "rows": own_trainings(person),
        "standing": standing(person, supervisor),
        "supervisor": supervisor,
    }
    return render(request, "supervision/trainings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def training_add(request: HttpRequest) -> HttpResponse:
    """Declare a training."""
    return _declare(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def training_correct(request: HttpRequest, training_id: int) -> HttpResponse:
    """Correct a returned training, and declare it again."""
    training = get_object_or_404(own_trainings(_me(request)), pk=training_id)
    if not training.is_returned:
        raise Http404
    return _declare(request, training)


def _declare(request: HttpRequest, training: OwnTraining | None) -> HttpResponse:
    form = TrainingForm(
        request.POST or None,
        request.FILES or None,
        initial=_as_before(training),
        first_file=training is None,
        actor=request.user,
    )
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = {"told": form.told, "evidence": form.given("evidence"), "actor": request.user}
        try:
            if training is None:
                actions.declare_training(person=_me(request), **told)
            else:
                actions.correct_training(training=training, **told)
        except actions.TrainingRefused as refusal:
            form.add_error(None, str(refusal))
        except IllegalMove:
            messages.warning(request, _("It was changed in the meantime. Nothing was declared now."))
            return redirect("supervision:training-list")
        else:
            messages.success(request, _("Declared. An administrator compares it with the proof."))
            return redirect("supervision:training-list")
    form.hold()
    return render(request, "supervision/trainings/add.html", {"form": form, "training": training})


def _as_before(training: OwnTraining | None) -> dict[str, Any]:
    if training is None:
        return {"held_on": timezone.localdate()}
    hours = (Decimal(training.minutes) / 60).quantize(Decimal("0.01")).normalize()
    return {
        "title": training.title,
        "provider": training.provider,
        "held_on": training.held_on,
        "hours": f"{hours:f}",
    }


@require_POST
def training_withdraw(request: HttpRequest, training_id: int) -> HttpResponse:
    """Take back what is not checked; a second click changes nothing."""
    training = get_object_or_404(own_trainings(_me(request)), pk=training_id)
    try:
        actions.withdraw_training(training=training, actor=request.user)
    except IllegalMove:
        messages.warning(request, _("It was changed in the meantime. Nothing was withdrawn now."))
    else:
        messages.success(request, _("The training is withdrawn."))
    return redirect("supervision:training-list")


@require_safe
def training_file(request: HttpRequest, training_id: int) -> HttpResponseBase:
    """The proof that I handed in myself."""
    training = get_object_or_404(own_trainings(_me(request)), pk=training_id)
    return attachment_response(training.evidence, download="download" in request.GET)
