"""Hours statements in the Wagtail admin: those of one person, and issuing another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import desk_crumbs
from core.people.models import Person
from credentials.hours.queries import holders_for
from credentials.qualifications.queries import current_period
from credentials.statements.actions import StatementRefused, issue_statement
from credentials.statements.forms import StatementForm, first_days
from credentials.statements.models import HoursStatement


@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """The statements of one person in scope; an administrator issues another."""
    people = holders_for(request.user).select_related("employer", "user")
    person = get_object_or_404(people, pk=person_id)
    may_issue = request.user.has_perm("credentials.issue_hoursstatement", person)
    form = StatementForm(request.POST or None, initial=first_days(current_period(person)))
    if request.method == "POST":
        if not may_issue:
            raise Http404
        if form.is_valid() and (answer := _issue(request, person, form)):
            return answer
    context = {
        "person": person,
        "statements": HoursStatement.objects.visible_to(request.user).filter(person=person)[:50],
        "form": form,
        "may_issue": may_issue,
        "header_title": f"{person.name} · {_('Hours statements')}",
        "header_icon": "doc-full",
        "breadcrumbs_items": desk_crumbs((reverse("hours:people"), _("Hours of people")), ("", person.name)),
    }
    return render(request, "credentials/statements/admin/person.html", context)


def _issue(request: HttpRequest, person: Person, form: StatementForm) -> HttpResponse | None:
    try:
        statement = issue_statement(person=person, actor=request.user, **form.cleaned_data)
    except StatementRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("The statement %(serial)s is ready.") % {"serial": statement.serial})
    return redirect("statements:person", person.pk)


class StatementViewSet(ViewSet):
    """Reached from the hours of people; no place in the menu of its own."""

    name = "statements"
    url_prefix = "hours-statements"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("person/<int:person_id>/", of_person, name="person")]

    def on_register(self) -> None:
        """No menu item."""
