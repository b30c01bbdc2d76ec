"""Local functions in the Wagtail admin: which there are, one more from a day on, and until when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds
from core.access.states import READERS, Role
from supervision.functions.actions import FunctionRefused, add_function, end_function
from supervision.functions.forms import EndForm, FunctionForm
from supervision.functions.models import LocalFunction
from supervision.functions.states import Function


class FunctionIndex(ReadersIndex):
    """The functions of one's tree, and those of the places above it, which hold there too."""

    name = "supervision_functions"
    model = LocalFunction
    page_title = gettext_lazy("Functions of supervision")
    header_icon = "list-ul"
    default_ordering = "organisation"

    def get_base_queryset(self) -> QuerySet[LocalFunction]:
        return LocalFunction.objects.visible_to(self.request.user).select_related("organisation")

    def order_queryset(self, queryset: Any) -> Any:
        return queryset.order_by("organisation__path", "name", "-starts_on")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not holds(self.request.user, Role.ADMINISTRATOR):
            return []
        url = reverse("supervision_functions:add")
        return [HeaderButton(label=gettext_lazy("Add a function"), url=url, icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        def until(row: LocalFunction) -> str:
            return date_format(row.ends_on) if row.ends_on else _("until further notice")

        return [
            TitleColumn(
                "name",
                label=pgettext_lazy("function", "name"),
                get_url=lambda row: reverse("supervision_functions:detail", args=[row.pk]),
            ),
            Column("organisation", label=gettext_lazy("organisation")),
            Column("starts_on", label=gettext_lazy("from"), accessor=lambda row: date_format(row.starts_on)),
            Column("ends_on", label=gettext_lazy("until"), accessor=until),
            Column("source", label=pgettext_lazy("norm", "source")),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """One more function for a place."""
    if not holds(request.user, Role.ADMINISTRATOR):
        raise Http404
    form = FunctionForm(request.POST or None, user=request.user, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            add_function(actor=request.user, **form.cleaned_data)
        except FunctionRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("The function is added. The forms offer it from its first day on."))
            return redirect("supervision_functions:index")
    context = {"form": form, "always": [str(each.label) for each in Function], **_head(_("Add a function"))}
    return render(request, "supervision/functions/admin/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One function: since when, by which source; an administrator of its place says until when."""
    if not holds(request.user, *READERS):
        raise Http404
    rows = LocalFunction.objects.visible_to(request.user).select_related("organisation")
    function = get_object_or_404(rows, pk=pk)
    may = request.user.has_perm("supervision.change_localfunction", function)
    if request.method == "POST" and not may:
        raise Http404
    over = function.ends_on is not None and function.ends_on < timezone.localdate()
    form = None
    if may and not (over and request.method != "POST"):
        form = EndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            end_function(function=function, actor=request.user, **form.cleaned_data)
        except FunctionRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("The last day is set. Records that have the function keep it."))
            return redirect("supervision_functions:index")
    context = {"function": function, "form": form, **_head(function.name)}
    return render(request, "supervision/functions/admin/form.html", context)


def _head(title: str) -> dict[str, object]:
    return desk_head(title, "list-ul", "supervision_functions:index", _("Functions of supervision"))


class FunctionViewSet(ViewSet):
    name = "supervision_functions"
    url_prefix = "supervision-functions"
    icon = "list-ul"
    menu_label = gettext_lazy("Functions of supervision")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *FunctionIndex.urls(),
            path("add/", add, name="add"),
            path("<int:pk>/", detail, name="detail"),
        ]
