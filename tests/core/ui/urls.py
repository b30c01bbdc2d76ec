"""The addresses that the frame of every page links to, and nothing behind them."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from core.ui import views


@login_not_required
def place(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a place")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault")


@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("The cohort is full.")


@login_not_required
def form_target(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


@login_not_required
def busy(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


core_urls = [
    path("elder/", views.elder, name="elder"),
    path("components/", views.components, name="components"),
    path("notices/", place, name="notices"),
    path("profile/", place, name="profile"),
]
urlpatterns = [
    path("", place, name="home"),
    path("search/", place, name="search"),
    path("login/", place, name="account_login"),
    path("signup/", place, name="account_signup"),
    path("logout/", place, name="account_logout"),
    path("dashboard/", place, name="dashboard"),
    path("verify/", place, name="verify"),
    path("language/", views.set_language, name="set_language"),
    path("broken/", broken),
    path("closed/", closed),
    path("form/", form_target),
    path("busy/", busy),
    path("verify/form/save/", views.elder),
    path("", include((core_urls, "core"))),
]
handler400 = "core.ui.views.bad_request"
handler403 = "core.ui.views.permission_denied"
handler404 = "core.ui.views.page_not_found"
handler500 = "core.ui.views.server_error"
