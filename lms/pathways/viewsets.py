"""Pathways in the Wagtail admin: make, change, close, and see who stands where."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.scope import holds
from core.access.states import COURSE_READERS
from core.people.models import Person
from core.states import Refused
from lms.pathways import actions
from lms.pathways.forms import AddPersonForm, CourseFormSet, PathwayForm, known_courses, wanted_of
from lms.pathways.models import Pathway, PathwayEnrolment
from lms.pathways.queries import desk_pathways, progress_of_all
from lms.pathways.states import PathwayState

PER_PAGE, PEOPLE_SHOWN = 50, 20


class PathwayIndex(IndexView):
    """The pathways of one's tree."""

    model = Pathway
    any_permission_required = ["view"]
    page_title = gettext_lazy("Pathways")
    header_icon = "list-ol"
    index_url_name = "pathways:index"
    index_results_url_name = "pathways:index_results"
    default_ordering = "title"
    search_fields = ["title", "title_en", "organisation__name"]
    search_backend_name = None
    paginate_by = 30

    def get_base_queryset(self) -> QuerySet[Any]:
        return desk_pathways(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("lms.add_pathway"):
            return []
        return [HeaderButton(label=_("New pathway"), url=reverse("pathways:add"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title", label=gettext_lazy("title"), accessor="title_here", sort_key="title", get_url=lambda row: reverse("pathways:people", args=[row.pk])
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation.name"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor=_state_words,
                primary=lambda row: row.is_public and row.closed_at is None,
            ),
            Column("on_it", label=PathwayState.RUNNING.label, accessor="on_it", sort_key="on_it"),
            Column("completed", label=PathwayState.COMPLETED.label, accessor="completed", sort_key="completed"),
            Column("expired", label=PathwayState.EXPIRED.label, accessor="expired", sort_key="expired"),
        ]  # fmt: skip


def _state_words(row: Pathway) -> str:
    if row.closed_at is not None:
        return _("Closed to joiners")
    return _("Open to everybody") if row.is_public else _("By the organisation")


def _pathway(request: HttpRequest, pk: int, *, to_change: bool = False) -> Pathway:
    rows = Pathway.objects.visible_to(request.user).select_related("organisation")
    pathway = get_object_or_404(rows, pk=pk)
    if to_change and not request.user.has_perm("lms.change_pathway", pathway):
        raise Http404
    return pathway


def _frame(title: str, pathway: Pathway | None = None) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("pathways:index"), "label": _("Pathways")},
    ]
    if pathway is not None:
        crumbs.append({"url": reverse("pathways:people", args=[pathway.pk]), "label": pathway.title_here})
    return {
        "pathway": pathway,
        "header_title": title,
        "header_icon": "list-ol",
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
    }


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new pathway."""
    if not request.user.has_perm("lms.add_pathway"):
        raise Http404
    form = PathwayForm(request.POST or None, user=request.user)
    lines = CourseFormSet(request.POST or None, prefix="course", form_kwargs={"courses": known_courses()})
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            pathway = actions.make_pathway(courses=wanted_of(lines), actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The pathway is made."))
            return redirect("pathways:people", pathway.pk)
    context = _frame(_("New pathway")) | {"form": form, "lines": lines}
    return render(request, "lms/pathways/admin/pathway.html", context)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a pathway, for those who join from now on."""
    pathway = _pathway(request, pk, to_change=True)
    form = PathwayForm(request.POST or None, instance=Pathway.objects.get(pk=pk), user=request.user)
    now = [
        {"course": row.course_id, "group": row.group, "days": row.days, "position": number}
        for number, row in enumerate(pathway.courses.all(), start=1)
    ]
    lines = CourseFormSet(
        request.POST or None, prefix="course", initial=now, form_kwargs={"courses": known_courses()}
    )
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            actions.change_pathway(
                pathway=pathway, courses=wanted_of(lines), actor=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. It holds for those who join from now on."))
            return redirect("pathways:people", pathway.pk)
    context = _frame(_("Change the pathway"), pathway) | {"form": form, "lines": lines}
    return render(request, "lms/pathways/admin/pathway.html", context)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody joins any more; who is on it goes on."""
    pathway = _pathway(request, pk, to_change=True)
    if actions.close_pathway(pathway=pathway, actor=request.user):
        messages.success(request, _("The pathway is closed to joiners. Who is on it goes on."))
    else:
        messages.info(request, _("This pathway was closed before."))
    return redirect("pathways:people", pathway.pk)


@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands where: by state, with what is done and what is overdue."""
    pathway = _pathway(request, pk)
    everybody = PathwayEnrolment.objects.filter(pathway=pathway)
    counts = dict(everybody.order_by().values_list("state").annotate(number=Count("pk")))
    state = request.GET.get("state", "")
    rows = everybody.filter(state=state) if state in PathwayState.values else everybody
    rows = rows.select_related("person__employer", "pathway").order_by("person__pinyin", "-round", "pk")
    pages = Paginator(rows, PER_PAGE)
    pages.count = counts.get(state, 0) if state in PathwayState.values else sum(counts.values())
    page = pages.get_page(request.GET.get("page"))
    context = _frame(pathway.title_here, pathway) | {
        "page": page,
        "rows": progress_of_all(list(page.object_list)),
        "state": state if state in PathwayState.values else "",
        "chips": [(each.value, each.label, counts.get(each.value, 0)) for each in PathwayState],
        "total": sum(counts.values()),
        "runs_it": request.user.has_perm("lms.change_pathway", pathway),
        "form": AddPersonForm(),
        "state_words": _state_words(pathway),
        "courses": pathway.courses.select_related("course"),
    }
    return render(request, "lms/pathways/admin/people.html", context)


@require_POST
def put_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody of one's organisations on the pathway; of several with the name one is chosen first."""
    pathway = _pathway(request, pk, to_change=True)
    form = AddPersonForm(request.POST)
    within = Person.objects.visible_to(request.user).filter(user__is_active=True)
    chosen = request.POST.get("person", "")
    if chosen.isdecimal() and len(chosen) < 19:
        found = list(within.filter(pk=int(chosen)))
    elif form.is_valid():
        found = list(
            within.named(form.cleaned_data["name"])
            .select_related("employer")
            .order_by("pinyin", "pk")[:PEOPLE_SHOWN]
        )
    else:
        found = []
    if len(found) > 1:
        context = _frame(_("Who is it?"), pathway) | {"found": found}
        return render(request, "lms/pathways/admin/which.html", context)
    if not found:
        messages.warning(request, _("Nobody in your organisations is called so."))
        return redirect("pathways:people", pathway.pk)
    try:
        actions.join_pathway(pathway=pathway, person=found[0], actor=request.user)
    except Refused as refusal:
        messages.warning(request, _("%(a)s: %(b)s") % {"a": found[0].name, "b": refusal})
    else:
        messages.success(request, _("%(name)s is on the pathway now.") % {"name": found[0].name})
    return redirect("pathways:people", pathway.pk)


class PathwayMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *COURSE_READERS)


class PathwayViewSet(ViewSet):
    name = "pathways"
    icon = "list-ol"
    menu_label = gettext_lazy("Pathways")
    menu_order = 215
    menu_item_class = PathwayMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", PathwayIndex.as_view(), name="index"),
            path("results/", PathwayIndex.as_view(results_only=True), name="index_results"),
            path("add/", add, name="add"),
            path("<int:pk>/", people, name="people"),
            path("<int:pk>/change/", change, name="change"),
            path("<int:pk>/close/", close, name="close"),
            path("<int:pk>/put-on/", put_on, name="put_on"),
        ]
