"""The draft of a claim: what is kept of it, by itself and by hand, also on two devices at the same time."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from credentials.claims import actions
from tests.credentials.claims.acts import GOOD_ACCOUNT, at, send
from tests.factories import make_proof, make_qualification
from tests.factories.subsidies import (
    ACCOUNT,
)

pytestmark = pytest.mark.django_db


def test_what_is_right_in_the_draft_is_kept_beside_what_is_wrong(client, version, me):
    make_qualification(me, "assistant", days_ago=60)
    claim = actions.start_claim(
        person=me, version=version, benefit="certificate", key="assistant", actor=me.user
    )
    said = {"fact-work-since": "2024-01-01", "bank": "示例银行荆州支行", "account": ACCOUNT, "agrees": "on"}

    page = send(client, claim, said)

    claim.refresh_from_db()
    assert (claim.declared, claim.bank, claim.account_sealed) == (
        {"work.since": "2024-01-01"},
        "示例银行荆州支行",
        None,
    )
    assert "请逐位核对" in page.content.decode()
    answer = send(client, claim, said | {"checked": "on"})
    claim.refresh_from_db()
    assert (answer["Location"], claim.account_sealed) == (at("check", claim), ACCOUNT)
    assert ACCOUNT not in client.get(at("edit", claim)).content.decode()


def test_typing_is_kept_by_itself_until_it_is_handed_in_and_an_account_only_with_consent(client, draft):
    said = {"fact-work-since": "2024-01-01", "bank": "另一支行", "account": GOOD_ACCOUNT}
    said["stamp"] = client.get(at("edit", draft)).context["stamp"]
    answer = client.post(at("autosave", draft), said)
    draft.refresh_from_db()
    assert (answer.status_code, draft.bank, draft.account_sealed, draft.consent) == (
        200,
        "另一支行",
        None,
        None,
    )
    assert answer.content.decode() == "已保存，但以下内容尚未保存：收款账号（没有你的同意，不能保存账号）"

    said |= {"fact-work-since": "3024-01-01", "agrees": "on", "stamp": answer["Draft-Stamp"]}
    client.post(at("autosave", draft), said)
    draft.refresh_from_db()
    assert draft.declared == {
        "work.since": "2024-01-01"
    }  # a day to come is no answer: what was said before stays
    actions.hand_in(claim=draft, actor=draft.holder)
    assert client.post(at("autosave", draft), said).status_code == 409


def test_a_number_that_fails_its_check_is_not_said_to_be_saved(client, draft):
    said = {"fact-work-since": "2024-01-01", "bank": "另一支行", "agrees": "on"}
    stamp = client.get(at("edit", draft)).context["stamp"]
    for number, why in (("123", "8 至 30 位"), (ACCOUNT, "逐位核对")):
        answer = client.post(at("autosave", draft), said | {"account": number, "stamp": stamp})
        words, stamp = answer.content.decode(), answer["Draft-Stamp"]
        assert "尚未保存：" in words and "账号" in words and why in words and number not in words
    answer = client.post(at("autosave", draft), said | {"account": GOOD_ACCOUNT, "stamp": stamp})
    draft.refresh_from_db()
    assert (answer.status_code, answer.content, draft.account_sealed) == (204, b"", GOOD_ACCOUNT)


def test_a_page_that_is_behind_empties_nothing_that_another_device_has_typed(client, version, me):
    make_qualification(me, "assistant", days_ago=60)
    claim = actions.start_claim(
        person=me, version=version, benefit="certificate", key="assistant", actor=me.user
    )
    stamp = client.get(at("edit", claim)).context["stamp"]  # of both devices
    there = {"bank": "另一台设备支行", "account": GOOD_ACCOUNT, "agrees": "on", "stamp": stamp}
    answer = client.post(at("autosave", claim), there)
    assert answer.status_code == 204
    behind = {"fact-work-since": "2024-01-01", "bank": "", "stamp": stamp}

    for said in (behind, behind | {"stamp": ""}, {"fact-work-since": "2024-01-01"}):
        assert client.post(at("autosave", claim), said).status_code == 409
    page = client.post(at("edit", claim), behind)

    claim.refresh_from_db()
    assert (claim.bank, claim.account_sealed, claim.declared) == ("另一台设备支行", GOOD_ACCOUNT, {})
    assert claim.consent is not None
    text = page.content.decode()
    assert "<div data-autosave-stale>" in text and page.context["stamp"] == answer["Draft-Stamp"]
    form = page.context[
        "form"
    ]  # what was typed here, and what the other one has typed where this one is empty
    assert [form[name].value() for name in ("fact-work-since", "bank", "agrees")] == [
        "2024-01-01",
        "另一台设备支行",
        True,
    ]
    said = {name: form[name].value() for name in ("fact-work-since", "bank", "agrees")}
    sent = client.post(at("edit", claim), said | {"stamp": page.context["stamp"]})
    claim.refresh_from_db()
    assert sent["Location"] == at("check", claim) and claim.declared == {"work.since": "2024-01-01"}
    assert (claim.bank, claim.account_sealed) == ("另一台设备支行", GOOD_ACCOUNT)


def test_a_page_that_does_not_say_what_it_was_shown_overwrites_nothing(client, draft):
    before = (draft.declared, draft.bank, draft.account_sealed)

    for said in ({}, {"bank": "另一支行", "fact-work-since": "2020-01-01"}):
        page = client.post(at("edit", draft), said)
        assert page.status_code == 200 and page.context["is_stale"]

    draft.refresh_from_db()
    assert (draft.declared, draft.bank, draft.account_sealed) == before


def test_the_same_sent_again_is_not_behind(client, draft):
    """The answer was lost on its way: the page tries again with the stamp of before."""
    stamp = client.get(at("edit", draft)).context["stamp"]
    said = {"fact-work-since": "2024-02-01", "bank": "支行", "agrees": "on", "stamp": stamp}

    answers = [client.post(at("autosave", draft), said) for _try in range(2)]

    assert [one.status_code for one in answers] == [204, 204]
    assert len({one["Draft-Stamp"] for one in answers}) == 1 and stamp not in answers[0]["Draft-Stamp"]
    assert client.get(at("edit", draft)).context["stamp"] == answers[0]["Draft-Stamp"]


def test_without_a_script_what_is_typed_and_what_is_chosen_are_kept_together(client, version, me):
    make_qualification(me, "assistant", days_ago=60)
    claim = actions.start_claim(
        person=me, version=version, benefit="certificate", key="assistant", actor=me.user
    )
    typed = {"fact-work-since": "2024-01-01", "bank": "某支行", "account": GOOD_ACCOUNT}

    unagreed = send(client, claim, typed | {"stay": "1", "paper-form": make_proof(name="一.pdf")})
    claim.refresh_from_db()
    assert GOOD_ACCOUNT in unagreed.content.decode() and claim.account_sealed is None
    assert [one.file.name for one in claim.papers.current()] == ["一.pdf"]
    wrong = send(client, claim, typed | {"agrees": "on", "paper-form": SimpleUploadedFile("表.docx", b"PK")})
    claim.refresh_from_db()
    assert "PDF 或图片" in wrong.content.decode() and (claim.bank, claim.account_sealed) == (
        "某支行",
        GOOD_ACCOUNT,
    )

    answer = send(client, claim, typed | {"agrees": "on", "scan": "1"})
    assert answer["Location"] == at("edit", claim) + "#papers"
    assert send(client, claim, typed | {"agrees": "on"})["Location"] == at("check", claim)
    assert {one.slot for one in claim.papers.current()} == {"form", "certificate"}
