"""Evaluations in the Wagtail admin: templates, the rule of publication, and published results. No single answer is here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, ReaderMenuItem, ScopedEditView, desk_head
from core.access.scope import holds
from core.access.states import READERS, Role
from core.states import Refused
from supervision.agreements.viewsets import DatedTemplateIndex, DatedTemplateSaving
from supervision.evaluations.actions import save_evaluation_template, set_publication_rule
from supervision.evaluations.forms import (
    ChangeEvaluationTemplateForm,
    EvaluationTemplateForm,
    PublicationRuleForm,
)
from supervision.evaluations.models import EvaluationResult, EvaluationTemplate, PublicationRule

SHOWN = 200


class EvaluationTemplateIndex(DatedTemplateIndex):
    used_by = "evaluations"
    used_label = gettext_lazy("asked so far")
    version_label = pgettext_lazy("evaluation", "version")
    of = (Column("about", label=pgettext_lazy("evaluation", "about"), accessor="get_about_display"),)

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        url = reverse("evaluation_templates:published")
        more = HeaderButton(label=gettext_lazy("Results and rule of publication"), url=url, icon_name="group")
        return [*super().header_more_buttons, more]


class _Saving(DatedTemplateSaving):
    index = "evaluation_templates:index"

    def save(self, **values: Any) -> EvaluationTemplate:
        return save_evaluation_template(**values)


class EvaluationTemplateCreate(_Saving, CreateView):
    pass


class EvaluationTemplateEdit(_Saving, ScopedEditView):
    pass


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
        **desk_head(
            _("Results of evaluations"), "group", "evaluation_templates:index", _("Evaluation templates")
        ),
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
