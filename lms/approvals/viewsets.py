"""The applications that wait for an administrator, and the page of one application, in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from core.access.states import Role
from lms.admissions.queries import answered, current_step, level_words, moved_here, reviews_of
from lms.admissions.states import Stage
from lms.approvals.forms import APPROVE, DecisionForm, ListFilter
from lms.approvals.queries import listed, waiting_for
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.enrolments import actions
from lms.enrolments.jobs import AT_ONCE, start_approving
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import TONES
from lms.enrolments.states import EnrolmentState

PER_PAGE = 50


def _crumbs(*labels: str) -> list[dict[str, Any]]:
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    rows = [home, {"url": reverse("approvals:index"), "label": _("Applications waiting for me")}]
    return [*rows, *({"url": "", "label": label} for label in labels)]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for this administrator, of all cohorts: filtered by course and tier, decided on one by one or many."""
    if not holds(request.user, Role.ADMINISTRATOR):
        raise Http404
    form = ListFilter(request.GET)
    form.is_valid()
    wanted = {name: str(form.cleaned_data.get(name) or "") for name in ("q", "course", "stage")}
    mine = waiting_for(request.user)
    ids = Cohort.objects.filter(pk__in=mine.order_by().values("cohort")).order_by()
    page = Paginator(listed(mine, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, current_step(row)) for row in page.object_list],
        "wanted": wanted,
        "courses": [
            (pk, titled(title, english))
            for pk, title, english in ids.values_list(
                "course_id", "course__title", "course__title_en"
            ).distinct()
        ],
        "stages": Stage.choices,
        "header_title": _("Applications waiting for me"),
        "header_icon": "tasks",
        "breadcrumbs_items": [*_crumbs()[:-1], {"url": "", "label": _("Applications waiting for me")}],
    }
    return render(request, "lms/approvals/admin/index.html", context)


def _application(request: HttpRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.readable_by(request.user).with_place().annotate(moved_at=moved_here())
    rows = rows.select_related(
        "cohort__organisation", "cohort__plan", "person__user", "person__employer", "version"
    )
    found = get_object_or_404(rows.select_related("record__plan", "decided_by__person"), pk=pk)
    if not request.user.has_perm("lms.read_application", found):
        raise Http404
    return found


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: who applies, what was handed in, how the conditions stood, who has decided and who is to; and
    which one waits next."""
    return _shown(request, _application(request, pk), DecisionForm())


def _shown(request: HttpRequest, shown: Enrolment, form: DecisionForm) -> HttpResponse:
    others = waiting_for(request.user).exclude(pk=shown.pk).select_related("person")
    reviews = reviews_of(shown)
    context = {
        "following": others.first() if holds(request.user, Role.ADMINISTRATOR) else None,
        "enrolment": shown,
        "record": getattr(shown, "record", None),
        "answers": answered(shown),
        "level": level_words(shown),
        "reviews": reviews,
        "decides_alone": not any(row.is_step_here for row in reviews)
        and (shown.state == EnrolmentState.APPLIED or not any(row.is_of_former for row in reviews)),
        "tone": TONES[EnrolmentState(shown.state)],
        "form": form,
        "may_decide": shown.state == EnrolmentState.APPLIED
        and request.user.has_perm("lms.approve_enrolment", shown),
        "sees_cohort": request.user.has_perm("lms.view_cohort", shown.cohort),
        "header_title": _("Application of %(name)s") % {"name": shown.person.name},
        "header_icon": "user",
        "breadcrumbs_items": _crumbs(shown.person.name),
    }
    return render(request, "lms/approvals/admin/detail.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse at the step where the application waits. What was typed is not lost when that is refused."""
    if not holds(request.user, Role.ADMINISTRATOR):
        raise Http404
    shown = _application(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, shown, form)
    outcome = actions.decide(
        enrolment=shown,
        actor=request.user,
        approves=form.cleaned_data["verdict"] == APPROVE,
        comment=form.cleaned_data["comment"],
    )
    (messages.success if outcome.done else messages.warning)(request, outcome.sentence)
    return redirect("approvals:detail", pk)


@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """Approve all that were ticked, each by itself; the page says for every one what became of it. Many of them become
    a job."""
    if not holds(request.user, Role.ADMINISTRATOR):
        raise Http404
    ids = [int(value) for value in request.POST.getlist("chosen") if value.isdecimal() and len(value) < 19]
    if not ids:
        messages.info(request, _("Tick the applications first that you want to approve."))
        return redirect("approvals:index")
    rows = Enrolment.objects.readable_by(request.user).filter(pk__in=ids)
    if len(ids) > AT_ONCE:
        chosen = rows.order_by("pk").values_list("pk", flat=True)
        job = start_approving(cohort=None, enrolment_ids=chosen, actor=request.user)
        messages.success(request, _("The applications are being approved. This page follows the work."))
        return redirect("core:job", job.pk)
    rows = rows.select_related("cohort__organisation", "person__user", "version").order_by("applied_at", "pk")
    outcomes = [actions.decide(enrolment=row, actor=request.user, approves=True) for row in rows]
    context = {
        "outcomes": outcomes,
        "done": sum(outcome.done for outcome in outcomes),
        "header_title": _("Applications approved"),
        "header_icon": "tasks",
        "breadcrumbs_items": _crumbs(_("Applications approved")),
    }
    return render(request, "lms/approvals/admin/result.html", context)


class DecidersMenuItem(MenuItem):
    """For administrators only: applications wait for nobody else."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, Role.ADMINISTRATOR)


class ApprovalViewSet(ViewSet):
    name = "approvals"
    icon = "tasks"
    menu_label = gettext_lazy("Applications waiting for me")
    menu_order = 205
    add_to_admin_menu = True
    menu_item_class = DecidersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("many/", decide_many, name="decide_many"),
            path("<int:pk>/", detail, name="detail"),
            path("<int:pk>/decide/", decide, name="decide"),
        ]
