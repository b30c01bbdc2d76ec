"""Agreement templates in the Wagtail admin. What a pair wrote into its own agreement is nowhere here."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
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


class DatedTemplateIndex(ForReaders, IndexView):
    """The newest versions of templates that hold from a day on, at a place and below it. `of` and `used_by` are said by
    the feature: the columns of its own, and the relation that counts where a template was used."""

    default_ordering = "-starts_on"
    used_by = ""
    used_label: Any = ""
    of: tuple[Column, ...] = ()
    version_label: Any = ""

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = self.model._default_manager.visible_to(self.request.user).current()
        found: QuerySet[Any] = rows.select_related("organisation").annotate(used=Count(self.used_by))
        return found

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(title__icontains=self.search_query.strip()) if self.is_searching else queryset

    def get_edit_url(self, instance: Any) -> str | None:
        may = self.request.user.has_perm(f"supervision.change_{self.model._meta.model_name}", instance)
        return super().get_edit_url(instance) if may else None

    @cached_property
    def columns(self) -> list[Column]:
        def first_day(template: Any) -> str:
            return date_format(template.starts_on)

        def last_day(template: Any) -> str:
            return date_format(template.ends_on) if template.ends_on else ""

        return [
            TitleColumn("title", label=gettext_lazy("title"), get_url=self.get_edit_url, sort_key="title"),
            *self.of,
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("version", label=self.version_label),
            Column("starts_on", label=gettext_lazy("first day"), accessor=first_day, sort_key="starts_on"),
            Column("ends_on", label=gettext_lazy("last day"), accessor=last_day),
            Column("used", label=self.used_label, sort_key="used"),
        ]


class DatedTemplateSaving(SavedByAction):
    """A template is kept by the action `save`; an edit of one that is used already becomes its next version."""

    request: HttpRequest
    form: Any
    object: Any
    index = ""

    def save(self, **values: Any) -> Any:
        raise NotImplementedError

    def save_instance(self) -> Any:
        known = self.object if self.object is not None and self.object.pk else None
        place = known.organisation if known else self.form.cleaned_data["organisation"]
        more = {"template": known} if known else {}
        return self.save(actor=self.request.user, organisation=place, **more, **self.form.values())

    def get_success_url(self) -> str:
        return reverse(self.index)


class AgreementTemplateIndex(DatedTemplateIndex):
    used_by = "agreements"
    used_label = gettext_lazy("agreements")
    version_label = pgettext_lazy("agreement", "version")


class _Saving(DatedTemplateSaving):
    index = "agreement_templates:index"

    def save(self, **values: Any) -> AgreementTemplate:
        return save_agreement_template(**values)


class AgreementTemplateCreate(_Saving, CreateView):
    pass


class AgreementTemplateEdit(_Saving, ScopedEditView):
    pass


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
