"""The signing keys in the Wagtail admin, for whoever runs the system: what signs, since when, and rotating it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import desk_crumbs
from core.access.scope import scope_of
from core.states import IllegalMove
from credentials.keys.actions import make_key, rotate_key, withdraw_key
from credentials.keys.files import has_private
from credentials.keys.forms import WithdrawForm
from credentials.keys.models import SigningKey
from credentials.keys.queries import trail_of_keys
from credentials.keys.states import Purpose

SHOWN = 50  # acts


def crumbs(*last: tuple[str, str]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("keys:index"), _("Signing keys")), *last)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All keys by purpose, whether their private half is in its place, and everything that was done to keys."""
    if not request.user.has_perm("credentials.view_signingkey"):
        raise Http404
    rows = list(SigningKey.objects.visible_to(request.user))
    used = {row.purpose for row in rows if row.state == "active"}
    context = {
        "rows": [(row, has_private(row)) for row in rows],
        "unmade": [purpose for purpose in Purpose if purpose not in used],
        "trail": trail_of_keys()[:SHOWN],
        "header_title": _("Signing keys"),
        "header_icon": "key",
        "breadcrumbs_items": desk_crumbs(("", _("Signing keys"))),
    }
    return render(request, "credentials/keys/admin/index.html", context)


def _key(request: HttpRequest, pk: int) -> SigningKey:
    key = get_object_or_404(SigningKey.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("credentials.rotate_signingkey", key):
        raise Http404
    return key


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """The first key of a purpose."""
    if not request.user.has_perm("credentials.rotate_signingkey"):
        raise Http404
    purpose = request.POST.get("purpose", "")
    if purpose not in Purpose.values:
        raise Http404
    try:
        make_key(purpose=purpose, actor=request.user)
    except ValueError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The key is made. Back up the folder of keys now."))
    return redirect("keys:index")


@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire the key in use; what it signed stays good."""
    key = _key(request, pk)
    try:
        rotate_key(key=key, actor=request.user)
    except IllegalMove:
        messages.warning(request, _("This key was ended in the meantime. Nothing was changed now."))
    else:
        messages.success(request, _("A new key signs from now on. Back up the folder of keys now."))
    return redirect("keys:index")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a key that others may have got hold of."""
    key = _key(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_key(key=key, reason=form.cleaned_data["reason"], actor=request.user)
        except IllegalMove:
            messages.warning(request, _("This key was ended in the meantime. Nothing was changed now."))
        else:
            messages.success(request, _("The key is withdrawn: a signature made with it proves nothing now."))
        return redirect("keys:index")
    title = _("Withdraw the key")
    context = {
        "key": key,
        "form": form,
        "header_title": title,
        "header_icon": "key",
        "breadcrumbs_items": crumbs(("", title)),
    }
    return render(request, "credentials/keys/admin/withdraw.html", context)


class SystemMenuItem(MenuItem):
    """For whoever runs the system."""

    def is_shown(self, request: HttpRequest) -> bool:
        return scope_of(request.user).everything


class KeyViewSet(ViewSet):
    """Under /admin/signing-keys/, in the menu of settings."""

    name = "keys"
    url_prefix = "signing-keys"
    icon = "key"
    menu_label = gettext_lazy("Signing keys")
    menu_order = 920
    menu_hook = "register_settings_menu_item"
    menu_item_class = SystemMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("make/", make, name="make"),
            path("<int:pk>/rotate/", rotate, name="rotate"),
            path("<int:pk>/withdraw/", withdraw, name="withdraw"),
        ]
