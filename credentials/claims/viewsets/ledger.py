"""What somebody was paid, and entering or correcting what was paid before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.people.models import Person
from core.states import Refused
from credentials.claims.actions import Earlier, correct_earlier_payment, enter_earlier_payment
from credentials.claims.forms import ANY_YEAR, CorrectionForm, EarlierForm, payable
from credentials.claims.models import PaymentEntry
from credentials.claims.queries.case import payees_at_desk
from credentials.claims.queries.entered import entered_above, why_no_correction
from credentials.claims.queries.facts import facts_of, titles_of
from credentials.claims.queries.offers import newest_versions
from credentials.claims.states import EntryKind
from credentials.claims.viewsets.entering import head_of, person_at_desk
from credentials.claims.viewsets.listing import require_officer
from credentials.policies.models import PolicyVersion
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
        .select_related("claim", "authority", "person__employer")
    )
    may_enter = request.user.has_perm("credentials.enter_claim", person)
    corrected = set(PaymentEntry.objects.filter(person=person).corrected().values_list("pk", flat=True))
    earlier = [row for row in rows if row.kind == EntryKind.EARLIER and row.pk not in corrected]
    above = entered_above(earlier, request.user) if may_enter else {}
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
                why_no_correction(row, above),
            )
        )
    context = {
        "person": person,
        "rows": listed,
        "corrected": corrected,
        "total": sum(row.amount for row in rows if row.kind != EntryKind.GIVEN and row.pk not in corrected),
        "may_enter": may_enter,
        **head_of(person, _("What was paid to this person")),
    }
    return render(request, "credentials/claims/desk/ledger.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def earlier(request: HttpRequest, person_id: int) -> HttpResponse:
    """Enter what somebody was paid before, with its proof: it counts against later claims."""
    person = _person_to_enter_for(request, person_id)
    versions = _versions()
    form = EarlierForm(
        request.POST or None, request.FILES or None, choices=_choices(person, versions), actor=request.user
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                entered = _entered(form, versions)
                enter_earlier_payment(person=person, earlier=entered, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered. It counts against later claims."))
            return redirect("claims:ledger", person.pk)
    form.hold()
    context = {"person": person, "form": form, **head_of(person, _("Enter an earlier payment"))}
    return render(request, "credentials/claims/desk/earlier.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, person_id: int, pk: int) -> HttpResponse:
    """Enter an earlier payment anew in the place of a line that was entered wrongly, with the reason."""
    person = _person_to_enter_for(request, person_id)
    lines = PaymentEntry.objects.visible_to(request.user).filter(person=person, kind=EntryKind.EARLIER)
    entry = get_object_or_404(lines.standing().select_related("authority", "person__employer"), pk=pk)
    if why := why_no_correction(entry, entered_above([entry], request.user)):
        messages.warning(request, why)
        return redirect("claims:ledger", person.pk)
    versions = _versions()
    choices = _choices(person, versions)
    before = _as_entered(entry, choices, versions)
    assert entry.proof is not None  # by constraint
    form = CorrectionForm(
        request.POST or None,
        request.FILES or None,
        choices=choices,
        initial=before,
        proof=entry.proof,
        actor=request.user,
    )
    if request.method == "POST" and form.is_valid() and _is_corrected(request, form, entry, versions):
        messages.success(request, _("Corrected. The line of before stays in the ledger and counts no more."))
        return redirect("claims:ledger", person.pk)
    form.hold()
    title = _("Correct an earlier payment")
    context = {"person": person, "form": form, "entry": entry, **head_of(person, title)}
    return render(request, "credentials/claims/desk/earlier.html", context)


def _is_corrected(
    request: HttpRequest, form: CorrectionForm, entry: PaymentEntry, versions: Mapping[int, PolicyVersion]
) -> bool:
    """Enter what the form says in the place of the line; where that is refused, the form says why."""
    reason = form.cleaned_data["reason"]
    try:
        with transaction.atomic():
            entered = _entered(form, versions)
            correct_earlier_payment(entry=entry, earlier=entered, reason=reason, actor=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _person_to_enter_for(request: HttpRequest, pk: int) -> Person:
    person = person_at_desk(request, pk)
    if not request.user.has_perm("credentials.enter_claim", person):
        raise Http404
    return person


def _versions() -> dict[int, PolicyVersion]:
    return {one.subsidy.pk: one for one in newest_versions()}


def _choices(person: Person, versions: Mapping[int, PolicyVersion]) -> list[tuple[str, str]]:
    """What can have been paid to somebody, by any policy that is published."""
    known = facts_of(person, timezone.localdate())
    return [
        (f"{pk}|{benefit}|{key}", f"{said(version.policy().name)}: {words}")
        for pk, version in versions.items()
        for benefit, key, words in payable(version.policy(), known)
    ]


def _entered(form: EarlierForm, versions: Mapping[int, PolicyVersion]) -> Earlier:
    """What was filled in, for the verb; the proof is kept."""
    data = form.cleaned_data
    subsidy, benefit, _key = data["what"].split("|")
    policy = versions[int(subsidy)].subsidy
    return Earlier(
        authority=policy.organisation,
        policy=policy.code,
        benefit=benefit,
        key=form.key,
        **{name: data[name] for name in ("amount", "on", "words")},
        proof=form.kept_proof(),
    )


def _as_entered(
    entry: PaymentEntry, choices: list[tuple[str, str]], versions: Mapping[int, PolicyVersion]
) -> dict[str, Any]:
    """What stands in a line, for the form; what it was for only where that can still be chosen."""
    pk = next((pk for pk, one in versions.items() if one.subsidy.code == entry.policy), 0)
    offered = {value for value, _words in choices}
    keys = (entry.key, ANY_YEAR) if entry.key.isdecimal() else (entry.key,)
    whats = (f"{pk}|{entry.benefit}|{key}" for key in keys)
    what = next((one for one in whats if one in offered), "")
    year = entry.key if what.endswith(f"|{ANY_YEAR}") else ""
    return {"what": what, "year": year, "amount": entry.amount, "on": entry.on, "words": entry.words}
