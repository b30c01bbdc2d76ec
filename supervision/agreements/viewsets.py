"""Agreement templates in the Wagtail admin. What a pair wrote into its own agreement is nowhere here."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, ScopedEditView
from supervision.agreements.actions import save_agreement_template
from supervision.agreements.forms import AgreementTemplateForm, ChangeAgreementTemplateForm
from supervision.agreements.models import AgreementTemplate
from supervision.supervisors.viewsets import ForReaders


class AgreementTemplateIndex(ForReaders, IndexView):
    default_ordering = "-starts_on"

    def get_base_queryset(self) -> QuerySet[AgreementTemplate]:
        rows = AgreementTemplate.objects.visible_to(self.request.user).current()
        return rows.select_related("organisation").annotate(used=Count("agreements"))

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(title__icontains=self.search_query.strip()) if self.is_searching else queryset

    def get_edit_url(self, instance: AgreementTemplate) -> str | None:
        may = self.request.user.has_perm("supervision.change_agreementtemplate", instance)
        return super().get_edit_url(instance) if may else None

    @cached_property
    def columns(self) -> list[Column]:
        def last_day(template: AgreementTemplate) -> str:
            return date_format(template.ends_on) if template.ends_on else ""

        return [
            TitleColumn("title", label=gettext_lazy("title"), get_url=self.get_edit_url, sort_key="title"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("version", label=pgettext_lazy("agreement", "version")),
            Column(
                "starts_on",
                label=gettext_lazy("first day"),
                accessor=lambda template: date_format(template.starts_on),
                sort_key="starts_on",
            ),
            Column("ends_on", label=gettext_lazy("last day"), accessor=last_day),
            Column("used", label=gettext_lazy("agreements"), sort_key="used"),
        ]


class AgreementTemplateCreate(SavedByAction, CreateView):
    def save_instance(self) -> AgreementTemplate:
        organisation = self.form.cleaned_data["organisation"]
        return save_agreement_template(
            actor=self.request.user, organisation=organisation, **self.form.values()
        )

    def get_success_url(self) -> str:
        return reverse("agreement_templates:index")


class AgreementTemplateEdit(SavedByAction, ScopedEditView):
    """An edit of a template that agreements rest on becomes its next version; they keep the one they have."""

    def save_instance(self) -> AgreementTemplate:
        return save_agreement_template(
            actor=self.request.user,
            organisation=self.object.organisation,
            template=self.object,
            **self.form.values(),
        )

    def get_success_url(self) -> str:
        return reverse("agreement_templates:index")


class AgreementTemplateViewSet(KeptViewSet):
    model = AgreementTemplate
    name = "agreement_templates"
    icon = "doc-full"
    menu_label = gettext_lazy("Agreement templates")
    index_view_class = AgreementTemplateIndex
    add_view_class = AgreementTemplateCreate
    edit_view_class = AgreementTemplateEdit
    search_fields = ("title",)
    list_per_page = 50
    menu_item_class = ReaderMenuItem

    def get_form_class(self, for_update: bool = False) -> type:
        return ChangeAgreementTemplateForm if for_update else AgreementTemplateForm
