"""Claims that an officer enters for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.people.models import Person
from core.states import Refused
from credentials.claims.actions import (
    add_paper,
    declare_facts,
    hand_in,
    has_own_account,
    missing_of,
    save_draft,
    start_claim,
    withdraw_claim,
)
from credentials.claims.forms import EnterForm, FillForm, field_name, file_of
from credentials.claims.models import Claim
from credentials.claims.policy import FROM_EMPLOYER, unknown_facts
from credentials.claims.queries.deciding import Asked, ask, follow_policy
from credentials.claims.queries.desk import what_of
from credentials.claims.queries.facts import titles_of
from credentials.claims.queries.offers import Offer, in_the_way, offers_of, standing_of
from credentials.claims.queries.own import years_open
from credentials.claims.states import MINE
from credentials.claims.viewsets.listing import crumbs
from credentials.policies.queries.labels import value_label
from credentials.policies.queries.reading import told
from credentials.policies.queries.words import said

CONSENT_ON_PAPER = "paper-1"  # the claimant has signed it, and the paper lies with the proof


def person_at_desk(request: HttpRequest, pk: int) -> Person:
    people = Person.objects.visible_to(request.user).select_related("employer", "user")
    person: Person = get_object_or_404(people, pk=pk)
    return person


def _keys(offer: Offer) -> list[str]:
    """What can be claimed of an offer: its level, title or year; where no year is on record, each that is open."""
    if offer.benefit.subject == "year" and offer.lacks_subject:
        return [str(year) for year in years_open(offer, timezone.localdate())]
    return [offer.decision.key]


def _offer_words(offer: Offer, key: str, titles: Mapping[str, str]) -> str:
    what = said(offer.benefit.words)
    named = f" · {titles.get(key) or value_label(key)}" if key else ""
    outcome = told(offer.decision, offer.policy).outcome_words
    return f"{said(offer.policy.name)}{pgettext('after a label', ': ')}{what}{named} · {outcome}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, person_id: int) -> HttpResponse:
    """Begin a claim for somebody of one's tree, with the proof that one was asked to."""
    person = person_at_desk(request, person_id)
    if not request.user.has_perm("credentials.enter_claim", person):
        raise Http404
    possible = [one for one in offers_of(person, timezone.localdate()) if one.is_open and not one.is_in_kind]
    standing = standing_of([person.pk])[person.pk]
    found = [one for one in possible if in_the_way(one, standing) is None]
    by_name = {
        f"{one.version.pk}|{one.benefit.name}|{key}": (one, key) for one in found for key in _keys(one)
    }
    titles = titles_of(person)
    offers = [(name, _offer_words(one, key, titles)) for name, (one, key) in by_name.items()]
    form = EnterForm(request.POST or None, request.FILES or None, offers=offers, actor=request.user)
    if request.method == "POST" and form.is_valid():
        offer, key = by_name[form.cleaned_data["offer"]]
        try:
            with transaction.atomic():
                claim = start_claim(
                    person=person,
                    version=offer.version,
                    benefit=offer.benefit.name,
                    key=key,
                    proof=file_of(form, "proof"),
                    actor=request.user,
                )
                if key != offer.decision.key and not claim.declared:
                    declare_facts(claim=claim, declared={"year.year": key}, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("claims:fill", claim.pk)
    form.hold()
    context = {
        "person": person,
        "form": form,
        "offers": offers,
        "has_claimed": len(found) < len(possible),
        **head_of(person, _("Enter a claim on their behalf")),
    }
    return render(request, "credentials/claims/desk/enter.html", context)


def head_of(person: Person, title: str) -> dict[str, Any]:
    way = (reverse("people:detail", args=[person.pk]), person.name)
    return {"header_title": title, "header_icon": "form", "breadcrumbs_items": crumbs(way, ("", title))}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in a claim that one has entered for somebody: keep it, hand it in, or withdraw it."""
    rows = Claim.objects.filter(entered_by=request.user.pk or 0)
    claim = get_object_or_404(
        rows.select_related(
            "version__subsidy__organisation", "person__employer", "authority", "employer", "proof", "consent"
        ),
        pk=pk,
    )
    if not request.user.has_perm("credentials.enter_claim", claim.person):
        raise Http404  # whoever is in charge of the person no more
    follow_policy(claim)
    if claim.state not in MINE:
        return (
            redirect("claims:inspect", claim.pk)
            if claim.claimed_on
            else redirect("claims:ledger", claim.person_id)
        )
    asked = ask(claim, timezone.localdate())
    form = _fill_form(request, claim, asked)
    if request.method == "POST":
        if "withdraw" in request.POST:
            withdraw_claim(claim=claim, actor=request.user)
            messages.success(request, _("The claim is withdrawn."))
            return redirect("people:detail", claim.person_id)
        if form.is_valid() and (answer := _keep(request, claim, form)):
            return answer
    form.hold()
    context = {
        "claim": claim,
        "form": form,
        "what": what_of(claim),
        "told": told(asked.decision, asked.policy) if asked.decision else None,
        "account_is_theirs": asked.policy.channel != "none" and not form.bank_fields,
        "missing": [] if form.is_bound else missing_of(claim, asked),  # after a mistake the form says what is
        "papers": claim.papers.current().select_related("file"),
        **head_of(claim.person, claim.serial),
    }
    return render(request, "credentials/claims/desk/fill.html", context)


def _fill_form(request: HttpRequest, claim: Claim, asked: Asked) -> FillForm:
    """Asked is what no record says, and what was typed before."""
    unknown = (
        unknown_facts(asked.policy, asked.benefit, asked.decision, asked.facts) if asked.decision else ()
    )
    passed_over = ("year.year", *FROM_EMPLOYER)  # the first is the key
    said = [path for path in claim.declared if path in asked.said]
    facts = tuple(one for one in dict.fromkeys([*said, *unknown]) if one not in passed_over)
    asks_account = asked.policy.channel != "none" and not has_own_account(claim)
    initial: dict[str, Any] = {"bank": claim.bank, "agrees": claim.consent_id is not None}
    initial |= {field_name(path): claim.declared.get(path, "") for path in facts}
    return FillForm(
        request.POST or None,
        request.FILES or None,
        facts=facts,
        policy=asked.policy,
        pays=asks_account,
        benefit=asked.benefit,
        key=claim.key,
        masked=claim.account_masked,
        initial=initial,
        actor=request.user,
    )


def _keep(request: HttpRequest, claim: Claim, form: FillForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        with transaction.atomic():
            save_draft(
                claim=claim,
                declared=form.declared(claim.declared),
                bank=data.get("bank", claim.bank),
                account=data.get("account") or None,
                agrees=bool(data.get("agrees", claim.consent_id is not None)),
                consent_version=CONSENT_ON_PAPER,
                actor=request.user,
            )
            for slot, file in form.papers():
                add_paper(claim=claim, slot=slot, file=file, actor=request.user)
        if "hand_in" in request.POST:
            hand_in(claim=claim, actor=request.user)
            messages.success(
                request, _("The claim is handed in. Whoever entered it does not decide about it.")
            )
            return redirect("claims:inspect", claim.pk)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        claim.refresh_from_db()
        return None
    messages.success(request, _("Kept."))
    return redirect("claims:fill", claim.pk)
