"""Own training in the Wagtail admin: what waits for a check, one with its proof, and what a renewal asks for."""

from __future__ import annotations

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds
from core.access.states import READERS, Role
from core.attachments.actions import attachment_response
from core.audit.models import AuditEntry
from core.states import IllegalMove
from supervision.supervisors.forms import ReasonForm
from supervision.trainings.actions import (
    TrainingRefused,
    check_training,
    open_training_file,
    return_training,
    set_requirement,
)
from supervision.trainings.forms import RequirementForm
from supervision.trainings.models import OwnTraining, OwnTrainingQuerySet, TrainingRequirement
from supervision.trainings.queries import desk_trainings
from supervision.trainings.states import TrainingState


class TrainingFilterSet(WagtailFilterSet):
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("waiting for me"), method="for_me", choices=[("on", gettext_lazy("yes"))]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=TrainingState.choices)

    class Meta:
        model = OwnTraining
        fields = ["waiting", "state"]

    def for_me(self, queryset: OwnTrainingQuerySet, name: str, value: str) -> OwnTrainingQuerySet:
        return queryset.to_decide(self.request.user) if value else queryset


class TrainingIndex(ReadersIndex):
    """Every declared training in scope, the newest declaration first."""

    model = OwnTraining
    name = "own_trainings"
    page_title = gettext_lazy("Own training of supervisors")
    header_icon = "date"
    filterset_class = TrainingFilterSet
    search_fields = ["person__name", "person__name_search", "title"]

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        url = reverse("own_trainings:requirements")
        more = HeaderButton(label=gettext_lazy("What a renewal asks for"), url=url, icon_name="cog")
        return [*super().header_more_buttons, more]

    def get_base_queryset(self) -> QuerySet[OwnTraining]:
        return desk_trainings(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                url_name="own_trainings:inspect",
            ),
            Column("title", label=pgettext_lazy("own training", "what"), accessor="title"),
            Column("provider", label=pgettext_lazy("own training", "given by"), accessor="provider"),
            Column("held_on", label=pgettext_lazy("own training", "last day"), sort_key="held_on"),
            Column("minutes", label=gettext_lazy("minutes"), sort_key="minutes"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.is_waiting,
            ),
        ]


def _training(request: HttpRequest, pk: int) -> OwnTraining:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_trainings(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One training with its proof: check it, or return it with a reason."""
    training = _training(request, pk)
    may = request.user.has_perm("supervision.check_owntraining", training)
    if request.method == "POST" and not may:
        raise Http404
    form = ReasonForm(request.POST if "return" in request.POST else None)
    if request.method == "POST" and (answer := _decide(request, training, form)):
        return answer
    checked = training.state == TrainingState.CHECKED
    context = {
        "training": training,
        "form": form,
        "may_check": may and training.is_waiting,
        "may_return": may and (training.is_waiting or checked),
        "trail": AuditEntry.objects.trail_of(training),
        **_head(training.person.name),
    }
    return render(request, "supervision/trainings/admin/inspect.html", context)


def _decide(request: HttpRequest, training: OwnTraining, form: ReasonForm) -> HttpResponse | None:
    seen = request.POST.get("seen", "")
    try:
        if "return" in request.POST:
            if not form.is_valid():
                return None
            reason = form.cleaned_data["reason"]
            return_training(training=training, reason=reason, actor=request.user, seen=seen)
            messages.success(request, _("The training is returned, and the person has been told why."))
        else:
            check_training(training=training, actor=request.user, seen=seen)
            messages.success(request, _("The training is checked, and it counts."))
    except IllegalMove:
        messages.warning(request, _("This training was decided in the meantime. Nothing was changed now."))
    except TrainingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("own_trainings:inspect", training.pk)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proof of a training. Opened by anybody but the person, that is audited."""
    training = _training(request, pk)
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_training_file(training=training, actor=request.user)
    return attachment_response(training.evidence, download="download" in request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: HttpRequest) -> HttpResponse:
    """What renewals ask for, by place and day; an administrator sets it here."""
    if not holds(request.user, *READERS):
        raise Http404
    may = holds(request.user, Role.ADMINISTRATOR)
    if request.method == "POST" and not may:
        raise Http404
    form = None
    if may:
        today = timezone.localdate()
        form = RequirementForm(request.POST or None, user=request.user, initial={"starts_on": today})
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            set_requirement(actor=request.user, **form.facts())
        except TrainingRefused as refusal:
            form.add_error("starts_on", str(refusal))
        else:
            messages.success(request, _("It is set."))
            return redirect("own_trainings:requirements")
    rows = TrainingRequirement.objects.visible_to(request.user).select_related("organisation")
    context = {"rows": rows[:200], "form": form, **_head(_("What a renewal asks for"))}
    return render(request, "supervision/trainings/admin/requirements.html", context)


def _head(title: str) -> dict[str, object]:
    return desk_head(title, "date", "own_trainings:index", _("Own training of supervisors"))


class TrainingViewSet(ViewSet):
    name = "own_trainings"
    url_prefix = "own-trainings"
    icon = "date"
    menu_label = gettext_lazy("Own training of supervisors")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *TrainingIndex.urls(),
            path("requirements/", requirements, name="requirements"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/file/", file, name="file"),
        ]
