"""Packages in the Wagtail admin: hand one in, see what was found in it, and which versions there are."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from core.access.states import COURSE_READERS
from core.jobs.queries import sheet_of
from lms.packages.actions import hand_in_package
from lms.packages.forms import PackageForm
from lms.packages.models import Package, PackageUpload
from lms.packages.queries.results import results_of, shown_results

PER_PAGE, UPLOADS_SHOWN = 30, 10


def _frame(title: str, **more: Any) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("packages:index"), "label": _("Packages")},
    ]
    return {
        "header_title": title,
        "header_icon": "folder-open-inverse",
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
        **more,
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The packages of one's tree, and what was handed in lately."""
    if not holds(request.user, *COURSE_READERS):
        raise Http404
    rows = Package.objects.visible_to(request.user).select_related("organisation").order_by("-pk")
    uploads = PackageUpload.objects.visible_to(request.user).select_related("job", "organisation")
    context = _frame(
        _("Packages"),
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        uploads=uploads[:UPLOADS_SHOWN],
        may_add=request.user.has_perm("lms.add_package"),
    )
    return render(request, "lms/packages/admin/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Hand in an archive; a job looks at it."""
    if not request.user.has_perm("lms.add_package"):
        raise Http404
    form = PackageForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        upload = hand_in_package(
            upload=data["file"],
            organisation=data["organisation"],
            package=data["package"],
            title=data["title"],
            actor=request.user,
        )
        return redirect("packages:upload", upload.pk)
    return render(request, "lms/packages/admin/add.html", _frame(_("Hand in a package"), form=form))


def _upload(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = PackageUpload.objects.visible_to(request.user)
    upload = get_object_or_404(rows.select_related("job", "package", "version", "organisation"), pk=pk)
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    outcome = upload.outcome or {}
    said = {
        name: [one["sentence"][language] for one in outcome.get(name, ())]
        for name in ("refusals", "warnings")
    }
    job = sheet_of(upload.job) if upload.job else None
    return _frame(
        upload.name, upload=upload, outcome=outcome, job=job, is_open=bool(job and job.is_open), **said
    )


@never_cache
@require_safe
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found in an archive, or why it was not taken."""
    return render(request, "lms/packages/admin/upload.html", _upload(request, pk))


@never_cache
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that lives."""
    return render(request, "lms/packages/admin/progress.html", _upload(request, pk))


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A package and its versions."""
    package = get_object_or_404(
        Package.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    versions = list(package.versions.select_related("created_by__person").defer("manifest"))
    context = _frame(package.title, package=package, versions=versions)
    return render(request, "lms/packages/admin/detail.html", context)


@never_cache
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What people have come to in a package: score, status, time, and when they were last there."""
    rows = Package.objects.visible_to(request.user).select_related("organisation")
    package = get_object_or_404(rows, pk=pk)
    page = Paginator(results_of(package, request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = _frame(_("Results of people"), package=package, page=page, rows=shown_results(page, package))
    return render(request, "lms/packages/admin/results.html", context)


class PackageMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *COURSE_READERS)


class PackageViewSet(ViewSet):
    name = "packages"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Packages")
    menu_order = 218
    menu_item_class = PackageMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("add/", add, name="add"),
            path("handed-in/<int:pk>/", upload, name="upload"),
            path("handed-in/<int:pk>/progress/", progress, name="progress"),
            path("<int:pk>/", detail, name="detail"),
            path("<int:pk>/results/", results, name="results"),
        ]
