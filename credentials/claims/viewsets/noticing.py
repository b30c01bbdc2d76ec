"""Opening a public notice of all claims of a policy that have passed."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.scope import holds
from core.access.states import Role
from core.states import Refused
from credentials.claims.actions import claims_to_post, lines_of, mark_of, post_claims, sum_of
from credentials.claims.forms import NoticeForm
from credentials.claims.queries.desk import policies_to_post
from credentials.claims.viewsets.listing import crumbs
from credentials.policies.models import SubsidyPolicy
from credentials.policies.queries.reading import described
from credentials.policies.queries.words import said


@never_cache
@require_safe
def to_post(request: HttpRequest) -> HttpResponse:
    """The policies of one's authority under which claims wait for public notice."""
    if not holds(request.user, Role.ADMINISTRATOR):
        raise Http404
    rows = policies_to_post(request.user).annotate(number=Count("versions__claims"))
    rows = rows.select_related("organisation")
    context = {
        "rows": [(row, said(row.shown().name)) for row in rows.prefetch_related("versions").order_by("code")],
        "header_title": _("Open a public notice"),
        "header_icon": "clipboard-list",
        "breadcrumbs_items": crumbs(("", _("Open a public notice"))),
    }
    return render(request, "credentials/claims/desk/to_post.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, policy_id: int) -> HttpResponse:
    """What everybody would read, line by line; sent back, the notice is opened."""
    row = get_object_or_404(SubsidyPolicy.objects.select_related("organisation"), pk=policy_id)
    if not request.user.has_perm("credentials.post_claims", row):
        raise Http404
    claims = claims_to_post(row)
    lines = lines_of(claims)
    policy = max(
        (one.version.policy() for one in claims), key=lambda one: one.notice_days, default=row.shown()
    )
    name = said(policy.name)
    form = NoticeForm(
        request.POST or None, initial={"title": _("%(policy)s: proposed payments") % {"policy": name}}
    )
    if request.method == "POST" and form.is_valid():
        try:
            notice = post_claims(
                subsidy=row, seen=request.POST.get("seen", ""), actor=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The public notice is open. Its claims go on by themselves when it has ended.")
            )
            return redirect("public-notices:inspect", notice.pk)
    context = {
        "row": row,
        "name": name,
        "lines": lines,
        "total": sum_of(lines),
        "seen": mark_of(lines),
        "days": described(policy)["notice"],
        "form": form,
        "header_title": _("Open a public notice"),
        "header_icon": "clipboard-list",
        "breadcrumbs_items": crumbs(("", _("Open a public notice"))),
    }
    return render(request, "credentials/claims/desk/post.html", context)
