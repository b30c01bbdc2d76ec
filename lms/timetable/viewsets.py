"""The timetable of one cohort in the Wagtail admin: plan, change, repeat and cancel classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.timetable import actions
from lms.timetable.forms import CancelClassForm, ClassForm, RepeatForm
from lms.timetable.models import CalendarFeed, ClassSession
from lms.timetable.policy import Draft
from lms.timetable.queries import (
    by_day,
    conflicts_of,
    copies_of,
    holidays_ahead,
    key_of,
    past,
    rows_for,
    upcoming,
)

PER_PAGE = 40


def _cohort(request: HttpRequest, cohort_id: int, *, to_plan: bool = False) -> Cohort:
    rows = Cohort.objects.visible_to(request.user).select_related(
        "organisation", "course", "version", "calendar_feed"
    )
    cohort = get_object_or_404(rows, pk=cohort_id)
    if to_plan and not request.user.has_perm("lms.change_cohort", cohort):
        raise Http404
    return cohort


def _class(request: HttpRequest, pk: int) -> ClassSession:
    rows = ClassSession.objects.visible_to(request.user).select_related(
        "cohort__organisation", "cohort__course", "cohort__version", "instructor"
    )
    session = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("lms.change_classsession", session):
        raise Http404
    return session


def _back(cohort: Cohort, session: ClassSession | None = None) -> HttpResponse:
    mark = f"#class-{session.pk}" if session else ""
    return redirect(f"{reverse('timetable:cohort', args=[cohort.pk])}{mark}")


def _frame(cohort: Cohort, *labels: str) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "header_title": labels[-1],
        "header_icon": "calendar",
        "breadcrumbs_items": crumbs(cohort, *labels),
    }


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The classes of the cohort by day, with what is in their way; those that are over on a page of their own."""
    shown = _cohort(request, cohort_id)
    everything = ClassSession.objects.filter(cohort=shown).select_related(
        "cohort__organisation", "instructor"
    )
    is_past = request.GET.get("show") == "past"
    rows: QuerySet[ClassSession] = past(everything) if is_past else upcoming(everything)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    standing = [row for row in page.object_list if row.cancelled_at is None and row.ends_at > timezone.now()]
    conflicts: dict[int | None, list[Any]] = {}
    for each in conflicts_of([row.slot for row in standing], request.user, shown):
        conflicts.setdefault(each.slot.id, []).append(each)
    days = by_day(rows_for(page.object_list, request.user, at_desk=True))
    context = _frame(shown, _("Timetable")) | {
        "page": page,
        "is_past": is_past,
        "days": [(day, [(row, conflicts.get(row.session.pk, [])) for row in group]) for day, group in days],
        "clashing": len(conflicts),
        "runs_it": request.user.has_perm("lms.change_cohort", shown) and shown.cancelled_at is None,
        "address": _address(request, shown),
    }
    return render(request, "lms/timetable/admin/cohort.html", context)


def _address(request: HttpRequest, cohort: Cohort) -> str:
    """The secret address of the cohort's calendar, for whoever may know it; "" while there is none."""
    feed: CalendarFeed | None = getattr(cohort, "calendar_feed", None)
    if feed is None or not request.user.has_perm("lms.view_calendarfeed", feed):
        return ""
    return request.build_absolute_uri(reverse("lms:timetable-feed", args=[feed.token]))


Save = Callable[[Draft, str], list[ClassSession]]


def _saved(request: HttpRequest, form: ClassForm, save: Save, context: dict[str, Any]) -> HttpResponse:
    """Save what the form says; what is in the way is shown, and can be accepted where it can be."""
    status = 200
    if request.method == "POST" and form.is_valid() and form.draft is not None:
        try:
            sessions = save(form.draft, form.cleaned_data["accepted"])
        except actions.InTheWay as found:
            context |= {"conflicts": found.conflicts, "key": found.key}
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("“%(title)s” is in the timetable.") % {"title": sessions[0].title_here}
            )
            return _back(context["cohort"], sessions[0])
    return render(request, "lms/timetable/admin/class.html", context | {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """A new class; the form begins with what the last one had."""
    shown = _cohort(request, cohort_id, to_plan=True)
    last = (
        ClassSession.objects.filter(cohort=shown).select_related("instructor").order_by("-starts_at").first()
    )
    initial = ClassForm.initial_of(last) | {"title": "", "title_en": "", "day": None} if last else {}
    initial.pop("sequence", None)
    form = ClassForm(request.POST or None, initial=initial, cohort=shown, user=request.user, session=last)

    def save(draft: Draft, accepted: str) -> list[ClassSession]:
        return actions.plan_class(cohort=shown, drafts=[draft], actor=request.user, accepted=accepted)

    return _saved(request, form, save, _frame(shown, _("Plan a class")))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one class; whom that sends elsewhere is told."""
    session = _class(request, pk)
    form = ClassForm(
        request.POST or None,
        initial=ClassForm.initial_of(session),
        cohort=session.cohort,
        user=request.user,
        session=session,
    )

    def save(draft: Draft, accepted: str) -> list[ClassSession]:
        sequence = form.cleaned_data["sequence"]
        changed = actions.change_class(
            klass=session, draft=draft, actor=request.user, accepted=accepted, sequence=sequence
        )
        return [changed]

    return _saved(request, form, save, _frame(session.cohort, _("Change the class")) | {"session": session})


@require_http_methods(["GET", "POST"])
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """The same class every week: first the days are shown with what is in their way, then they are planned."""
    session = _class(request, pk)
    if session.cancelled_at is not None:
        messages.info(
            request, _("This class is cancelled, so it is not repeated. Repeat one that takes place.")
        )
        return _back(session.cohort, session)
    form = RepeatForm(request.POST or None, initial={"skipped": holidays_ahead(session)})
    context = _frame(session.cohort, _("Repeat every week")) | {"session": session, "form": form}
    if request.method == "POST" and form.is_valid():
        drafts = copies_of(session, form.cleaned_data["times"], form.cleaned_data["skipped"])
        seen = " ".join(f"{draft.starts_at:%Y%m%d}" for draft in drafts)
        if request.POST.get("seen", "") == seen:
            try:
                planned = actions.plan_class(
                    cohort=session.cohort,
                    drafts=drafts,
                    actor=request.user,
                    accepted=form.cleaned_data["accepted"],
                )
            except actions.InTheWay as found:
                context |= {"conflicts": found.conflicts, "key": found.key}
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                text = ngettext("%(n)s class was planned.", "%(n)s classes were planned.", len(planned))
                messages.success(request, text % {"n": len(planned)})
                return _back(session.cohort, planned[0])
        else:
            slots = [draft.slot(session.cohort_id) for draft in drafts]
            conflicts = conflicts_of(slots, request.user, session.cohort)
            if conflicts:
                context |= {"conflicts": conflicts, "key": key_of(conflicts)}
        context |= {"drafts": drafts, "seen": seen}
    return render(request, "lms/timetable/admin/repeat.html", context)


def _told(done: actions.Cancelled, is_over: bool) -> str:
    if is_over:
        return _("Noted: the class was not held. It counts for nobody.")
    if not done.told:
        return _("The class is cancelled. There was nobody to be told.")
    text = ngettext(
        "The class is cancelled, and %(n)s person has been told.",
        "The class is cancelled, and %(n)s people have been told.",
        done.told,
    )
    return text % {"n": done.told}


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one class does not take place, or was not held, and why."""
    session = _class(request, pk)
    is_over = session.ends_at <= timezone.now()
    form = CancelClassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.cancel_class(klass=session, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if done is None:
                messages.info(request, _("This class was cancelled before."))
            else:
                messages.success(request, _told(done, is_over))
            return _back(session.cohort, session)
    title = _("The class was not held") if is_over else _("Cancel the class")
    context = _frame(session.cohort, title) | {
        "session": session,
        "is_over": is_over,
        "form": form,
        "affected": session.cohort.enrolments.learning().count(),
    }
    return render(request, "lms/timetable/admin/cancel.html", context)


@require_POST
def calendar(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Make the secret address of the cohort's calendar, or a new one in its place."""
    shown = _cohort(request, cohort_id, to_plan=True)
    actions.renew_feed(actor=request.user, cohort=shown)
    messages.success(
        request, _("The calendar has a new address. One that was given out before no longer works.")
    )
    return redirect(f"{reverse('timetable:cohort', args=[shown.pk])}#calendar")


class TimetableViewSet(ViewSet):
    name = "timetable"
    icon = "calendar"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("<int:cohort_id>/add/", add, name="add"),
            path("<int:cohort_id>/calendar/", calendar, name="calendar"),
            path("class/<int:pk>/", change, name="change"),
            path("class/<int:pk>/repeat/", repeat, name="repeat"),
            path("class/<int:pk>/cancel/", cancel, name="cancel"),
        ]
