"""Planning an internship at the desk, and changing what is planned."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.people.models import Person
from credentials.internships import actions
from credentials.internships.forms import PlanForm
from credentials.internships.queries import desk_internships, may_change
from credentials.internships.viewsets.listing import crumbs, require_reader


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Plan an internship for somebody in one's tree."""
    people = Person.objects.visible_to(request.user).select_related("employer", "user")
    person = get_object_or_404(people, pk=person_id)
    if not request.user.has_perm("credentials.propose_internship", person):
        raise Http404
    form = PlanForm(request.POST or None, user=request.user, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.propose_internship(person=person, plan=form.plan, actor=request.user)
        except actions.InternshipRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(
                request, _("Planned; the student has been told, and is asked for the school’s paper.")
            )
            return redirect("internships:inspect", row.pk)
    context = {
        "person": person,
        "form": form,
        "lede": _(
            "The student hands in the school’s paper, you place them, and their supervisor signs at the end."
        ),
        "submit": _("Plan the internship"),
        "header_title": _("Plan an internship"),
        "header_icon": "user",
        "breadcrumbs_items": crumbs(person.name),
    }
    return render(request, "credentials/qualifications/admin/about_person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is planned, before it begins."""
    require_reader(request)
    row = get_object_or_404(desk_internships(request.user), pk=pk)
    if not request.user.has_perm("credentials.decide_internship", row) or not may_change(row):
        raise Http404
    form = PlanForm(request.POST or None, user=request.user, person=row.person, internship=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_internship(internship=row, plan=form.plan, actor=request.user)
        except actions.InternshipRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Changed, and whom it concerns has been told."))
            return redirect("internships:inspect", row.pk)
    context = {
        "person": row.person,
        "form": form,
        "lede": _("What the school has confirmed is confirmed anew when it changes."),
        "submit": _("Keep the change"),
        "header_title": _("Change a planned internship"),
        "header_icon": "user",
        "breadcrumbs_items": crumbs(row.person.name),
    }
    return render(request, "credentials/qualifications/admin/about_person.html", context)
