"""Certificate templates at the desk: written, looked at, published, and chosen for a cohort."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.models import Organisation
from core.pdf.faces import MissingGlyph
from core.states import Refused
from credentials.designs.actions import add_picture, choose_design, publish_design, save_design
from credentials.designs.document import RARE_NAMES, draw, spec_from
from credentials.designs.forms import ChoiceForm, DesignForm
from credentials.designs.models import Design
from credentials.designs.queries import choice_of, cohorts_for, desk_designs, sample, used_by, with_pictures
from lms.public import cohorts_visible_to


def crumbs(*last: tuple[str, str]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("designs:index"), _("Certificate templates")), *last)


class DesignIndex(ReadersIndex):
    """Every template in scope, newest first."""

    model = Design
    name = "designs"
    header_icon = "image"
    page_title = gettext_lazy("Certificate templates")
    search_fields = ["name"]
    add_url_name = "designs:add"
    add_item_label = gettext_lazy("Add a template")

    def get_base_queryset(self) -> QuerySet[Design]:
        return desk_designs(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("name", label=pgettext_lazy("template", "name"), url_name="designs:inspect"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation.name"),
            Column("newest", label=gettext_lazy("published version"), accessor=lambda row: row.newest or "—"),
            Column(
                "is_active",
                label=gettext_lazy("offered"),
                accessor=lambda row: _("yes") if row.is_active else _("no"),
            ),
        ]


def _places(request: HttpRequest) -> QuerySet[Organisation]:
    return Organisation.objects.filter(scope_of(request.user).q("", Role.ADMINISTRATOR)).order_by("path")


def _design(request: HttpRequest, pk: int, perm: str = "credentials.view_design") -> Design:
    design = get_object_or_404(desk_designs(request.user), pk=pk)
    if not request.user.has_perm(perm, design):
        raise Http404
    return design


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One template: how it looks with the hardest names, its versions, and what can be done with it."""
    design = _design(request, pk)
    versions = list(design.versions.select_related("published_by"))
    context = {
        "design": design,
        "versions": versions,
        "is_published": bool(versions) and versions[0].spec == design.draft,
        "names": list(enumerate(RARE_NAMES)),
        "used": used_by(design),
        "cohorts": cohorts_for(design, request.user) if versions and design.is_active else [],
        "may_change": request.user.has_perm("credentials.change_design", design),
        "header_title": design.name,
        "header_icon": "image",
        "breadcrumbs_items": crumbs(("", design.name)),
    }
    return render(request, "credentials/designs/inspect.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a template, a new one or the draft of one."""
    design = _design(request, pk, "credentials.change_design") if pk else None
    if design is None and not request.user.has_perm("credentials.add_design"):
        raise Http404
    form = DesignForm(request.POST or None, request.FILES or None, places=_places(request), design=design)
    if request.method == "POST" and form.is_valid():
        try:
            kept = _keep(request, form, design)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The draft is kept. Look at it, then publish it."))
            return redirect("designs:inspect", kept.pk)
    title = design.name if design else _("Add a template")
    context = {
        "form": form,
        "design": design,
        "seen": request.POST.get("seen") or (design.mark() if design else ""),
        "header_title": title,
        "header_icon": "image",
        "breadcrumbs_items": crumbs(("", title)),
    }
    return render(request, "credentials/designs/edit.html", context)


def _keep(request: HttpRequest, form: DesignForm, design: Design | None) -> Design:
    data = form.cleaned_data
    place = design.organisation if design else data["organisation"]
    facts = {
        "organisation": place,
        "name": data["name"],
        "is_active": data["is_active"],
        "actor": request.user,
    }
    uploads = form.uploads()
    if design is None and uploads:  # pictures belong to a template that is there
        design = save_design(design=None, spec=form.spec({}), **facts)
    pictures = (
        {name: add_picture(design=design, upload=file, actor=request.user) for name, file in uploads.items()}
        if design
        else {}
    )
    seen = request.POST.get("seen")
    return save_design(design=design, spec=form.spec(pictures), **facts, seen=seen)


@require_safe
def preview(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The draft as a PDF, with invented facts and one of the hardest names."""
    design = _design(request, pk)
    verify_url = request.build_absolute_uri(reverse("verify"))
    try:
        drawable = with_pictures(spec_from(design.draft))
        content = draw(sample(design.organisation, number, verify_url), drawable)
    except (MissingGlyph, FileNotFoundError) as fault:
        return HttpResponse(str(fault), status=409, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the draft; a second click publishes nothing more."""
    design = _design(request, pk, "credentials.change_design")
    try:
        version = publish_design(design=design, actor=request.user, seen=request.POST.get("seen"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Version %(number)d is published. It draws the certificates that are issued from now on.")
            % {"number": version.number},
        )
    return redirect("designs:inspect", design.pk)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """By which template the certificates of a cohort are drawn."""
    cohort = get_object_or_404(cohorts_visible_to(request.user), pk=cohort_id)
    if not request.user.has_perm("credentials.add_design", cohort):
        raise Http404
    chosen = choice_of(cohort.pk)
    designs = Design.objects.offered_to(cohort.organisation)
    wanted = request.GET.get("template", "")  # whoever comes from a template's page has said which
    now = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    form = ChoiceForm(
        request.POST or None,
        designs=designs,
        initial={"design": now or (chosen.design_id if chosen else None)},
    )
    if request.method == "POST" and form.is_valid():
        choose_design(cohort=cohort, design=form.cleaned_data["design"], actor=request.user)
        messages.success(request, _("Chosen. What is issued already keeps its look."))
        return redirect("issuing:cohort", cohort.pk)
    context = {
        "form": form,
        "cohort": cohort,
        "header_title": _("Certificate template"),
        "header_icon": "image",
        "breadcrumbs_items": crumbs(
            (reverse("issuing:cohort", args=[cohort.pk]), cohort.title_here), ("", _("Certificate template"))
        ),
    }
    return render(request, "credentials/designs/choose.html", context)


class DesignViewSet(ViewSet):
    """The menu item and its addresses under /admin/designs/."""

    name = "designs"
    menu_label = gettext_lazy("Certificate templates")
    icon = "image"
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *DesignIndex.urls(),
            path("add/", edit, name="add"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/edit/", edit, name="edit"),
            path("<int:pk>/publish/", publish, name="publish"),
            path("<int:pk>/preview/<int:number>/", preview, name="preview"),
            path("cohort/<int:cohort_id>/", choose, name="choose"),
        ]
