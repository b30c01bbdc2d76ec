"""Application plans in the Wagtail admin, and the quotas and invitation codes of one cohort."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from core.pdf.qr import qr_path
from core.states import Refused
from lms.admissions import actions
from lms.admissions.forms import CodeForm, PlanForm, QuotaForm
from lms.admissions.models import AdmissionPlan, CohortQuota, InvitationCode
from lms.admissions.queries import asked_of_all, desk_quotas, questions_of, stages_in_order
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.cohorts.viewsets import crumbs

# --- Plans --------------------------------------------------------------------------------------------------


class PlanIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[AdmissionPlan]:
        rows = AdmissionPlan.objects.visible_to(self.request.user).select_related("organisation")
        return rows.annotate(used=Count("cohorts"))

    def get_edit_url(self, instance: AdmissionPlan) -> str:
        """Who may not change a plan of an organisation above reads it."""
        if self.request.user.has_perm("lms.change_admissionplan", instance):
            return str(super().get_edit_url(instance) or "")
        return reverse("application-plans:read", args=[instance.pk])

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "name", label=gettext_lazy("application plan"), get_url=self.get_edit_url, sort_key="name"
            ),
            Column(
                "questions",
                label=pgettext_lazy("plan", "questions"),
                accessor=lambda plan: len(plan.questions),
            ),
            Column(
                "conditions", label=gettext_lazy("conditions"), accessor=lambda plan: len(plan.conditions)
            ),
            Column("stages", label=gettext_lazy("stages of approval"), accessor=stages_in_order),
            Column("used", label=gettext_lazy("cohorts"), accessor="used"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation.name"),
            BooleanColumn("is_active", label=gettext_lazy("in use")),
        ]


class PlanCreate(SavedByAction, CreateView):
    def save_instance(self) -> AdmissionPlan:
        return actions.save_plan(plan=self.form.save(commit=False), actor=self.request.user)


class PlanEdit(SavedByAction, ScopedEditView):
    def save_instance(self) -> AdmissionPlan:
        return actions.save_plan(plan=self.form.save(commit=False), actor=self.request.user)


@require_safe
def read_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What a plan asks, for whoever may choose it or reads what was chosen, and may not change it."""
    rows = AdmissionPlan.objects.visible_to(request.user).select_related("organisation")
    plan = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("lms.view_admissionplan", plan):
        raise Http404
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    index = {"url": reverse("application-plans:index"), "label": _("Application plans")}
    context = {
        "plan": plan,
        "asked": asked_of_all([plan])[plan.pk],
        "questions": questions_of(plan),
        "header_title": plan.name,
        "header_icon": "form",
        "breadcrumbs_items": [home, index, {"url": "", "label": plan.name}],
    }
    return render(request, "lms/admissions/admin/plan.html", context)


class PlanViewSet(KeptViewSet):
    model = AdmissionPlan
    name = "application-plans"
    icon = "form"
    menu_label = gettext_lazy("Application plans")
    menu_order = 215
    add_to_admin_menu = True
    index_view_class = PlanIndex
    add_view_class = PlanCreate
    edit_view_class = PlanEdit
    search_fields = ("name", "name_en")
    default_ordering = "name"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("organisation"),
                    FieldRowPanel([FieldPanel("name"), FieldPanel("name_en")]),
                    FieldPanel("is_active"),
                ],
                heading=gettext_lazy("Plan"),
            ),
            FieldPanel("questions"),
            FieldPanel("conditions"),
            FieldPanel("stages"),
        ],
        base_form_class=PlanForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("read/<int:pk>/", read_plan, name="read")]


# --- Places and codes of one cohort -------------------------------------------------------------------------


def _cohort(request: HttpRequest, cohort_id: int) -> Cohort:
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "course", "version", "plan")
    return get_object_or_404(rows, pk=cohort_id)


def _cohort_to_change(request: HttpRequest, cohort_id: int, perm: str, kind: type[Model]) -> Cohort:
    """The cohort, for whoever may make rows of this kind in it."""
    cohort = _cohort(request, cohort_id)
    if not request.user.has_perm(perm, kind(cohort=cohort)):
        raise Http404
    return cohort


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The plan, the quotas and the invitation codes of a cohort, with a form for one more of each."""
    return _shown(request, _cohort(request, cohort_id))


def _shown(request: HttpRequest, shown: Cohort, **bound: Any) -> HttpResponse:
    """The page, with a form that was refused in place of the empty one."""
    quotas, free = desk_quotas(request.user, shown)
    runs_it = request.user.has_perm("lms.change_cohort", shown)
    codes = InvitationCode.objects.visible_to(request.user).filter(cohort=shown)
    context = {
        "cohort": shown,
        "runs_it": runs_it,
        "stages": stages_in_order(shown.plan) if shown.plan else "",
        "quotas": quotas,
        "kept_free": free,
        "codes": codes,
        "quota_form": QuotaForm(cohort=shown, prefix="quota"),
        "code_form": CodeForm(prefix="code"),
        "header_title": _("Places and codes"),
        "header_icon": "key",
        "breadcrumbs_items": crumbs(shown, _("Places and codes")),
        **bound,
    }
    return render(request, "lms/admissions/admin/cohort.html", context)


@require_POST
def set_quota(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Keep places for an organisation, or change how many."""
    shown = _cohort_to_change(request, cohort_id, "lms.change_cohortquota", CohortQuota)
    form = QuotaForm(request.POST, cohort=shown, prefix="quota")
    if form.is_valid():
        try:
            row = actions.set_quota(cohort=shown, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("places", str(refused))
        else:
            values = {"places": row.places, "name": row.organisation.name}
            messages.success(request, _("%(places)s places are kept for %(name)s.") % values)
            return redirect("admissions:cohort", shown.pk)
    return _shown(request, shown, quota_form=form)


@require_POST
def remove_quota(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep no places for this organisation any more."""
    rows = CohortQuota.objects.visible_to(request.user).select_related("cohort__organisation", "organisation")
    quota = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("lms.change_cohortquota", quota):
        raise Http404
    if actions.remove_quota(quota=quota, actor=request.user):
        messages.success(
            request, _("No places are kept for %(name)s any more.") % {"name": quota.organisation.name}
        )
    return redirect("admissions:cohort", quota.cohort_id)


@require_POST
def make_code(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Make an invitation code and show it with its link."""
    shown = _cohort_to_change(request, cohort_id, "lms.change_invitationcode", InvitationCode)
    form = CodeForm(request.POST, prefix="code")
    if form.is_valid():
        try:
            row = actions.make_code(cohort=shown, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("expires_at", str(refused))
        else:
            return redirect("admissions:code", row.pk)
    return _shown(request, shown, code_form=form)


def _code(request: HttpRequest, pk: int) -> InvitationCode:
    rows = InvitationCode.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("cohort__organisation", "cohort__version"), pk=pk)


@require_safe
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """One code: large letters, the link, the link as a QR code, and the note of those who run the cohort."""
    row = _code(request, pk)
    context = _handed_out(request, row) | {
        "header_title": _("Invitation code"),
        "header_icon": "key",
        "breadcrumbs_items": crumbs(row.cohort, _("Invitation code")),
    }
    return render(request, "lms/admissions/admin/code.html", context)


@require_safe
def print_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code on a sheet to be handed out: without the frame of the admin, and without the note."""
    return render(request, "lms/admissions/code_sheet.html", _handed_out(request, _code(request, pk)))


def _handed_out(request: HttpRequest, row: InvitationCode) -> dict[str, Any]:
    address = reverse("lms:invitation-enter", args=[row.cohort_id])
    link = request.build_absolute_uri(f"{address}?code={row.code}")
    version, cohort = row.cohort.version, row.cohort
    side, drawn = qr_path(link)
    return {
        "code": row,
        "course_title": titled(version.title, version.title_en),
        "cohort_title": titled(cohort.title, cohort.title_en),
        "link": link,
        "side": side,
        "path": drawn,
    }


@require_POST
def revoke_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a code back."""
    row = _code(request, pk)
    if not request.user.has_perm("lms.change_invitationcode", row):
        raise Http404
    if actions.revoke_code(code=row, actor=request.user):
        messages.success(
            request, _("The code is taken back. Whoever has applied with it keeps the application.")
        )
    return redirect("admissions:cohort", row.cohort_id)


class AdmissionViewSet(ViewSet):
    name = "admissions"
    icon = "key"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("<int:cohort_id>/quota/", set_quota, name="set_quota"),
            path("<int:cohort_id>/code/", make_code, name="make_code"),
            path("quota/<int:pk>/remove/", remove_quota, name="remove_quota"),
            path("code/<int:pk>/", code, name="code"),
            path("code/<int:pk>/print/", print_code, name="print_code"),
            path("code/<int:pk>/revoke/", revoke_code, name="revoke_code"),
        ]
