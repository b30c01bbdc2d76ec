"""Registration periods in the Wagtail admin."""

from __future__ import annotations

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from core.audit.models import AuditEntry
from core.people.queries import is_let_in_by
from core.states import IllegalMove
from credentials.qualifications.actions import PeriodRefused, return_period, verify_period
from credentials.qualifications.forms import ReturnForm
from credentials.qualifications.models import QualificationLevel, RegistrationPeriod
from credentials.qualifications.queries import desk_periods, to_verify
from credentials.qualifications.states import PeriodState


class PeriodFilterSet(WagtailFilterSet):
    # Not a box to tick: one that is not ticked says "no", and would stand there as a filter that is on.
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("waiting for me"), method="for_me", choices=[("on", gettext_lazy("yes"))]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=PeriodState.choices)
    level = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("qualification", "level"),
        queryset=lambda request: QualificationLevel.objects.all(),
    )

    class Meta:
        model = RegistrationPeriod
        fields = ["waiting", "state", "level"]

    def for_me(
        self, queryset: QuerySet[RegistrationPeriod], name: str, value: str
    ) -> QuerySet[RegistrationPeriod]:
        return queryset.filter(pk__in=to_verify(self.request.user).values("pk")) if value else queryset


class PeriodIndex(ReadersIndex):
    """Every period in scope, the newest declaration first."""

    model = RegistrationPeriod
    name = "periods"
    page_title = gettext_lazy("Registration periods")
    header_icon = "date"
    filterset_class = PeriodFilterSet
    search_fields = ["person__name", "person__name_search", "number"]

    def get_base_queryset(self) -> QuerySet[RegistrationPeriod]:
        return desk_periods(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person", label=gettext_lazy("person"), accessor="person.name", url_name="periods:inspect"
            ),
            Column("employer", label=gettext_lazy("employer"), accessor="person.employer"),
            Column("level", label=pgettext_lazy("qualification", "level"), accessor="level.name_here"),
            Column("starts_on", label=gettext_lazy("first day"), sort_key="starts_on"),
            Column("ends_on", label=gettext_lazy("last day"), sort_key="ends_on"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state == PeriodState.DECLARED,
            ),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One period: verify it (`verify`), or return it with a reason."""
    if not holds(request.user, *READERS):
        raise Http404
    period = get_object_or_404(desk_periods(request.user), pk=pk)
    may = request.user.has_perm("credentials.verify_registrationperiod", period)
    form = ReturnForm(request.POST if "return" in request.POST else None)
    if request.method == "POST":
        if not may:
            raise Http404
        if answer := _decide(request, period, form):
            return answer
    open_ = period.state in (PeriodState.DECLARED, PeriodState.VERIFIED)
    context = {
        "period": period,
        "form": form,
        "may_verify": may and period.state == PeriodState.DECLARED,
        "may_return": may and open_,
        "is_bound": open_ and not may and is_let_in_by(request.user, period.person),
        "may_pack": open_ and request.user.has_perm("credentials.make_renewalpack", period),
        "packs": list(period.packs.all()),
        "today": timezone.localdate(),
        "trail": AuditEntry.objects.trail_of(period),
        "header_title": f"{period.person.name} · {period.level}",
        "header_icon": "date",
        "breadcrumbs_items": desk_crumbs(
            (reverse("periods:index"), _("Registration periods")), ("", period.person.name)
        ),
    }
    return render(request, "credentials/qualifications/admin/inspect.html", context)


def _decide(request: HttpRequest, period: RegistrationPeriod, form: ReturnForm) -> HttpResponse | None:
    try:
        if "return" in request.POST:
            if not form.is_valid():
                return None
            return_period(period=period, reason=form.cleaned_data["reason"], actor=request.user)
            messages.success(request, _("The period is returned, and the person has been told why."))
        else:
            verify_period(period=period, actor=request.user)
            messages.success(request, _("The period is verified."))
    except IllegalMove:
        messages.warning(request, _("This period was decided in the meantime. Nothing was changed now."))
    except PeriodRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("periods:inspect", period.pk)


class PeriodViewSet(ViewSet):
    name = "periods"
    url_prefix = "registration-periods"
    icon = "date"
    menu_label = gettext_lazy("Registration periods")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *PeriodIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
        ]
