"""Filling a claim in: the draft, its papers, and the look at all of it before it is handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.people.models import User
from core.sheets.words import list_words
from credentials.claims.actions import (
    ClaimRefused,
    DraftChanged,
    add_paper,
    begins_anew,
    declare_facts,
    hand_in,
    missing_of,
    other_account_words,
    save_draft,
)
from credentials.claims.forms import BANK_VERSION, ClaimForm, HandInForm, PaperForm, field_name
from credentials.claims.models import Claim
from credentials.claims.queries.page import ClaimPage, Slot, asked_of, page_of, verified_scan_of
from credentials.claims.queries.stamping import stamp_of
from credentials.claims.states import MINE
from credentials.claims.views.own import own_claim


def _form_of(claim: Claim, data: QueryDict | None, asked: tuple[str, ...]) -> ClaimForm:
    policy = claim.version.policy()
    initial = {field_name(path): claim.declared.get(path) for path in asked}
    initial |= {"bank": claim.bank, "agrees": claim.consent_id is not None}
    return ClaimForm(
        data,
        facts=asked,
        jurisdiction=policy.jurisdiction,
        masked=claim.account_masked,
        pays=policy.channel != "none",
        initial=initial,
    )


def _with_saved(claim: Claim, typed: QueryDict, asked: tuple[str, ...]) -> ClaimForm:
    """What was typed on a page that is behind; what it left empty is filled with what another page has saved meanwhile."""
    data = typed.copy()
    for name, value in _form_of(claim, None, asked).initial.items():
        if value and not any(data.getlist(name)):
            data.setlist(name, value if isinstance(value, list) else ["on" if value is True else value])
    return _form_of(claim, data, asked)


def _keep(claim: Claim, form: ClaimForm, actor: User, stamp: str | None) -> str:
    """Keep what is right in the form; the stamp of what is kept. Raises DraftChanged where the page is behind."""
    form.is_valid()
    data = form.cleaned_data
    pays = "bank" in form.fields
    return save_draft(
        claim=claim,
        declared=form.declared(claim.declared),
        bank=data.get("bank", claim.bank) if pays else "",
        account=form.account_typed if pays else None,
        agrees=bool(data.get("agrees")) if pays else False,
        consent_version=BANK_VERSION,
        actor=actor,
        stamp=stamp,
    )


def _keep_papers(claim: Claim, request: HttpRequest) -> dict[str, PaperForm]:
    """Put every file that came along into its slot. Answers with those that are no paper, by their slot."""
    wrong = {}
    for name in request.FILES:
        files = MultiValueDict({"file": request.FILES.getlist(name)})
        form = PaperForm({"slot": name.removeprefix("paper-")}, files)
        if form.is_valid():
            file = keep_file(upload=form.cleaned_data["file"], actor=request.user)
            add_paper(claim=claim, slot=form.cleaned_data["slot"], file=file, actor=request.user)
        else:
            wrong[form.data["slot"]] = form
    return wrong


def _take_scan(claim: Claim, actor: Asker) -> None:
    """Raises ClaimRefused when there is none."""
    record = verified_scan_of(claim)
    if record is None or record.scan is None:
        raise ClaimRefused(_("There is no verified scan of this certificate."))
    add_paper(claim=claim, slot="certificate", file=record.scan, actor=actor)


def _with_faults(page: ClaimPage, wrong: dict[str, PaperForm]) -> list[tuple[Slot, PaperForm | None]]:
    return [(slot, wrong.get(slot.document.name)) for slot in page.slots]


def _papers_of(claim: Claim) -> str:
    return f"{reverse('credentials:claim-edit', args=[claim.pk])}#papers"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of a claim, in sections, with the papers that were chosen; what is right in it is kept even where something
    else is not. `stay` keeps it and goes on with the papers, `scan` takes the verified scan over as well. Where the draft was
    changed elsewhere since, what was typed is shown again, and kept when it is sent once more."""
    claim = own_claim(request, pk)
    if claim.state not in MINE:
        return redirect(claim)
    today = timezone.localdate()
    form = _form_of(claim, request.POST if request.method == "POST" else None, asked_of(claim, today))
    wrong: dict[str, PaperForm] = {}
    is_stale = False
    if request.method == "POST":
        try:
            is_stale = _is_behind(claim, form, request)
            wrong = _keep_papers(claim, request)
            if "scan" in request.POST:
                _take_scan(claim, request.user)
        except ClaimRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(claim)
        if not form.errors and not wrong and not is_stale:
            stays = "stay" in request.POST or "scan" in request.POST
            return redirect(_papers_of(claim)) if stays else redirect("credentials:claim-check", claim.pk)
        claim = own_claim(request, pk)
        form = _with_saved(claim, request.POST, asked_of(claim, today)) if is_stale else form
    page = page_of(claim, today)
    context = {"page": page, "claim": claim, "form": form, "papers": _with_faults(page, wrong)}
    context |= {"person": claim.person, "stamp": stamp_of(claim), "is_stale": is_stale}
    return render(request, "credentials/claims/edit.html", context)


def _is_behind(claim: Claim, form: ClaimForm, request: HttpRequest) -> bool:
    """Keep what is right in the form; True, with nothing kept, where the draft was changed since the page was shown."""
    assert isinstance(request.user, User)
    try:
        _keep(claim, form, request.user, request.POST.get("stamp", ""))
    except DraftChanged:
        return True
    return False


@require_POST
def claim_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the draft while it is being typed, and answer with its new stamp, and in words with what could not be kept. 409 where it was handed in, or changed on
    another page since this one was shown."""
    claim = own_claim(request, pk)
    assert isinstance(request.user, User)
    form = _form_of(claim, request.POST, asked_of(claim, timezone.localdate()))
    try:
        stamp = _keep(claim, form, request.user, request.POST.get("stamp", ""))
    except ClaimRefused:
        return HttpResponse(status=409)
    headers = {"Draft-Stamp": stamp}
    if not form.errors:
        return HttpResponse(status=204, headers=headers)
    words = _("Saved, but not yet: %(left)s") % {"left": list_words(form.left_out())}
    return HttpResponse(words, content_type="text/plain; charset=utf-8", headers=headers)


@require_POST
def claim_paper_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a paper into its slot, in place of the one that lay there, while the page stays open (htmx)."""
    claim = own_claim(request, pk)
    names = list_words(one.name or "" for name in request.FILES for one in request.FILES.getlist(name))
    try:
        wrong = _keep_papers(claim, request)
    except ClaimRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseClientRedirect(claim.get_absolute_url())
    told = "" if wrong or not names else _("The paper “%(name)s” is kept.") % {"name": names}
    return _render_papers(request, claim, told, wrong)


@require_POST
def claim_scan_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the scan of my verified certificate over as the paper of the claim, while the page stays open (htmx)."""
    claim = own_claim(request, pk)
    try:
        _take_scan(claim, request.user)
    except ClaimRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseClientRedirect(claim.get_absolute_url())
    return _render_papers(request, claim, _("The verified scan of your certificate is taken over."), {})


def _render_papers(
    request: HttpRequest, claim: Claim, told: str, wrong: dict[str, PaperForm]
) -> HttpResponse:
    """The papers as they lie there now, without the rest of the page: what is typed in it and not kept stays there."""
    papers = _with_faults(page_of(claim, timezone.localdate()), wrong)
    context = {"claim": claim, "papers": papers, "told": told, "is_part": True}
    return render(request, "credentials/claims/papers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_check(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it once more before it is handed in, with what is still missing."""
    claim = own_claim(request, pk)
    if claim.state not in MINE:
        return redirect(claim)
    form = HandInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            declare_facts(claim=claim, declared={"person.is_clean_declared": "yes"}, actor=request.user)
            hand_in(claim=claim, actor=request.user)
        except ClaimRefused:
            claim = own_claim(request, pk)
            missing_below = _("It could not be handed in: what is missing stands below.")
            form.add_error(None, other_account_words(claim) or missing_below)
        else:
            messages.success(request, _("Handed in. Here you see for whom it waits."))
            return redirect(claim)
    page: ClaimPage = page_of(claim, timezone.localdate())
    context = {
        "page": page,
        "claim": claim,
        "form": form,
        "missing": missing_of(claim, page.asked),
        "begins_anew": begins_anew(claim, page.asked),
    }
    return render(request, "credentials/claims/check.html", context)
