"""The door of a cohort that is open by invitation only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access.limits import limited
from lms.admissions.actions import WRONG_CODE
from lms.admissions.forms import EnterCodeForm
from lms.admissions.queries import code_found
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled

A_MINUTE = 30  # a whole station may come from one address; a code has 10^15 possibilities


@require_http_methods(["GET", "HEAD", "POST"])
@limited("invitation", A_MINUTE)
def enter_code(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Ask for the code, or take it from the address (`?code=`); the right one opens the application.

    A wrong code is told the same way whatever is wrong with it. A cohort that is not announced is there only for who
    has a code.
    """
    rows = Cohort.objects.filter(by_invitation=True, cancelled_at=None).select_related(
        "organisation", "version"
    )
    cohort = get_object_or_404(rows, pk=cohort_id)
    person = getattr(request.user, "person", None)
    if person is None:
        return redirect(f"{reverse('core:profile')}?{urlencode({'next': request.get_full_path()})}")
    typed = request.POST if request.method == "POST" else request.GET
    form = EnterCodeForm(typed if "code" in typed else None)
    if form.is_valid():
        found = code_found(cohort, form.cleaned_data["code"], person)
        if found is not None:
            request.session[session_key(cohort)] = found.code
            return redirect("lms:enrolment-apply", cohort.pk)
        form.add_error("code", _(WRONG_CODE))
    if not cohort.is_public:
        raise Http404
    context = {
        "cohort": cohort,
        "cohort_title": titled(cohort.title, cohort.title_en),
        "course_title": titled(cohort.version.title, cohort.version.title_en),
        "form": form,
    }
    return render(request, "lms/admissions/code.html", context)


def session_key(cohort: Cohort) -> str:
    """Where the session keeps the code that opened a cohort."""
    return f"invitation-{cohort.pk}"


def code_in_session(request: HttpRequest, cohort: Cohort) -> str:
    """The code with which this visitor came, when it still opens the cohort; "" otherwise."""
    person = getattr(request.user, "person", None)
    typed = str(request.session.get(session_key(cohort), ""))
    found = code_found(cohort, typed, person) if typed and person is not None else None
    return found.code if found else ""
