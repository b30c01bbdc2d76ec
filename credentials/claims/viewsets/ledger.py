"""What somebody was paid, and entering what was paid before."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.attachments.actions import keep_file
from core.states import Refused
from credentials.claims.actions import enter_earlier_payment
from credentials.claims.models import PaymentEntry
from credentials.claims.queries.case import payees_at_desk
from credentials.claims.queries.facts import facts_of, titles_of
from credentials.claims.queries.offers import newest_versions
from credentials.claims.states import EntryKind
from credentials.claims.viewsets.entering import head_of, person_at_desk
from credentials.claims.viewsets.entry_forms import EarlierForm, payable
from credentials.claims.viewsets.listing import require_officer
from credentials.policies.queries.labels import value_label
from credentials.policies.queries.words import said


@never_cache
@require_safe
def ledger(request: HttpRequest, person_id: int) -> HttpResponse:
    """What was paid to somebody, by which policy and for what: for whoever reads the person, or a claim of theirs."""
    require_officer(request.user)
    person = get_object_or_404(payees_at_desk(request.user), pk=person_id)
    rows = (
        PaymentEntry.objects.visible_to(request.user)
        .filter(person=person)
        .select_related("claim", "authority")
    )
    titles = titles_of(person)
    names = {one.subsidy.code: one.policy() for one in newest_versions()}
    listed = []
    for row in rows:
        policy = names.get(row.policy)
        benefit = policy.benefit(row.benefit) if policy else None
        what = said(benefit.words) if benefit else row.benefit
        listed.append(
            (
                row,
                said(policy.name) if policy else row.policy,
                what,
                titles.get(row.key) or value_label(row.key),
            )
        )
    context = {
        "person": person,
        "rows": listed,
        "total": sum(row.amount for row in rows if row.kind != EntryKind.GIVEN),
        "may_enter": request.user.has_perm("credentials.enter_claim", person),
        **head_of(person, _("What was paid to this person")),
    }
    return render(request, "credentials/claims/desk/ledger.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def earlier(request: HttpRequest, person_id: int) -> HttpResponse:
    """Enter what somebody was paid before, with its proof: it counts against later claims."""
    person = person_at_desk(request, person_id)
    if not request.user.has_perm("credentials.enter_claim", person):
        raise Http404
    versions = {one.subsidy.pk: one for one in newest_versions()}
    known = facts_of(person, timezone.localdate())
    choices = [
        (f"{pk}|{benefit}|{key}", f"{said(version.policy().name)}: {words}")
        for pk, version in versions.items()
        for benefit, key, words in payable(version.policy(), known)
    ]
    form = EarlierForm(request.POST or None, request.FILES or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        subsidy, benefit, _key = data["what"].split("|")
        version = versions[int(subsidy)]
        try:
            with transaction.atomic():
                enter_earlier_payment(
                    person=person,
                    authority=version.subsidy.organisation,
                    policy=version.subsidy.code,
                    benefit=benefit,
                    key=form.key,
                    amount=data["amount"],
                    on=data["on"],
                    words=data["words"],
                    proof=keep_file(upload=data["proof"], actor=request.user),
                    actor=request.user,
                )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered. It counts against later claims."))
            return redirect("claims:ledger", person.pk)
    context = {"person": person, "form": form, **head_of(person, _("Enter an earlier payment"))}
    return render(request, "credentials/claims/desk/earlier.html", context)
