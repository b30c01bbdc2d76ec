"""Evaluations in the Wagtail admin: templates, the rule of publication, and published results. No single answer is here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, ScopedEditView
from core.access.scope import holds
from core.access.states import READERS, Role
from core.states import Refused
from supervision.evaluations.actions import save_evaluation_template, set_publication_rule
from supervision.evaluations.forms import (
    ChangeEvaluationTemplateForm,
    EvaluationTemplateForm,
    PublicationRuleForm,
)
from supervision.evaluations.models import EvaluationResult, EvaluationTemplate, PublicationRule
from supervision.supervisors.viewsets import ForReaders

SHOWN = 200


class EvaluationTemplateIndex(ForReaders, IndexView):
    default_ordering = "-starts_on"

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        url = reverse("evaluation_templates:published")
        more = HeaderButton(label=gettext_lazy("Results and rule of publication"), url=url, icon_name="group")
        return [*super().header_more_buttons, more]

    def get_base_queryset(self) -> QuerySet[EvaluationTemplate]:
        rows = EvaluationTemplate.objects.visible_to(self.request.user).current()
        return rows.select_related("organisation").annotate(used=Count("evaluations"))

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(title__icontains=self.search_query.strip()) if self.is_searching else queryset

    def get_edit_url(self, instance: EvaluationTemplate) -> str | None:
        may = self.request.user.has_perm("supervision.change_evaluationtemplate", instance)
        return super().get_edit_url(instance) if may else None

    @cached_property
    def columns(self) -> list[Column]:
        def last_day(template: EvaluationTemplate) -> str:
            return date_format(template.ends_on) if template.ends_on else ""

        return [
            TitleColumn("title", label=gettext_lazy("title"), get_url=self.get_edit_url, sort_key="title"),
            Column("about", label=pgettext_lazy("evaluation", "about"), accessor="get_about_display"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("version", label=pgettext_lazy("evaluation", "version")),
            Column(
                "starts_on",
                label=gettext_lazy("first day"),
                accessor=lambda template: date_format(template.starts_on),
                sort_key="starts_on",
            ),
            Column("ends_on", label=gettext_lazy("last day"), accessor=last_day),
            Column("used", label=gettext_lazy("asked so far"), sort_key="used"),
        ]


class EvaluationTemplateCreate(SavedByAction, CreateView):
    def save_instance(self) -> EvaluationTemplate:
        organisation = self.form.cleaned_data["organisation"]
        return save_evaluation_template(
            actor=self.request.user, organisation=organisation, **self.form.values()
        )

    def get_success_url(self) -> str:
        return reverse("evaluation_templates:index")


class EvaluationTemplateEdit(SavedByAction, ScopedEditView):
    """An edit of a template by which somebody was asked becomes its next version."""

    def save_instance(self) -> EvaluationTemplate:
        return save_evaluation_template(
            actor=self.request.user,
            organisation=self.object.organisation,
            template=self.object,
            **self.form.values(),
        )

    def get_success_url(self) -> str:
        return reverse("evaluation_templates:index")


@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """What is published of supervisors, and from how many people on; an administrator sets that here."""
    if not holds(request.user, *READERS):
        raise Http404
    may = holds(request.user, Role.ADMINISTRATOR)
    if request.method == "POST" and not may:
        raise Http404
    first = {"starts_on": timezone.localdate()}
    form = PublicationRuleForm(request.POST or None, user=request.user, initial=first) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            set_publication_rule(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("starts_on", str(refused))
        else:
            messages.success(request, _("The rule is set."))
            return redirect("evaluation_templates:published")
    rows = EvaluationResult.objects.visible_to(request.user).select_related(
        "supervisor__person", "supervisor__organisation"
    )
    rules = PublicationRule.objects.visible_to(request.user).select_related("organisation")
    context = {
        "rows": rows[:SHOWN],
        "rules": rules[:SHOWN],
        "form": form,
        "header_title": _("Results of evaluations"),
        "header_icon": "group",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("evaluation_templates:index"), "label": _("Evaluation templates")},
            {"url": "", "label": _("Results of evaluations")},
        ],
    }
    return render(request, "supervision/evaluations/admin/results.html", context)


class EvaluationTemplateViewSet(KeptViewSet):
    model = EvaluationTemplate
    name = "evaluation_templates"
    icon = "form"
    menu_label = gettext_lazy("Evaluations")
    index_view_class = EvaluationTemplateIndex
    add_view_class = EvaluationTemplateCreate
    edit_view_class = EvaluationTemplateEdit
    search_fields = ("title",)
    list_per_page = 50
    menu_item_class = ReaderMenuItem

    def get_form_class(self, for_update: bool = False) -> type:
        return ChangeEvaluationTemplateForm if for_update else EvaluationTemplateForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("published/", results, name="published")]
