"""What a badge says, its proofs, its token, its list and its picture; facts in, documents out."""

import datetime
import gzip
import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from core.ui.vendored import problems
from credentials.badges.document import (
    LENGTH,
    AchievementFacts,
    Addresses,
    BadgeFacts,
    add_proof,
    contexts,
    credential_of,
    digest_of,
    draw_badge,
    encode_bits,
    is_set,
    proof_holds,
    read_token,
    sign_token,
    token_holds,
)
from tests.credentials.badges import verifier
from tests.credentials.badges.conftest import OFFICIAL, follows_schema

SITE = "https://xinhuo.example"
COURSE = AchievementFacts(
    title="社会工作综合能力", title_en="Comprehensive abilities", statement="已修完全部内容。", statement_en="has completed it",
    issuer="和平区指导中心", hours="13.5", course_code="ZH-1", version="3",
)  # fmt: skip
PLACES = Addresses(
    f"{SITE}/", f"{SITE}/badges/C/", f"{SITE}/verify/C/", f"{SITE}/badges/issuers/1/", f"{SITE}/badges/achievements/d/",
    f"{SITE}/badges/achievements/d/picture.svg", f"{SITE}/badges/status/1/",
)  # fmt: skip
FACTS = BadgeFacts(
    "XH-2026-000001-C", "和平区指导中心", datetime.date(2026, 11, 26), datetime.date(2029, 11, 25), datetime.date(2026, 11, 25), 77
)  # fmt: skip
NOW = datetime.datetime(2026, 11, 26, 8, tzinfo=datetime.UTC)
CREDENTIAL = credential_of(FACTS, COURSE, PLACES)


def test_the_contexts_are_the_listed_ones_and_nothing_is_ever_fetched():
    assert problems(contexts.VENDOR) == []
    with pytest.raises(jsonld.JsonLdError, match="nothing is fetched"):
        contexts.load("https://evil.example/context")
    with pytest.raises(jsonld.JsonLdError):
        contexts.canonical({"@context": "https://evil.example/context", "id": "urn:x"})
    with pytest.raises(ValueError, match="absolute"):  # it would mean something else to every reader
        contexts.canonical({**CREDENTIAL, "type": ["VerifiableCredential", "NoSuchType"]})


def test_the_proof_of_the_standards_own_example_holds(monkeypatch):
    examples = json.loads((OFFICIAL / "w3c-examples-v2.json").read_text())
    monkeypatch.setitem(contexts._FILES, "https://www.w3.org/ns/credentials/examples/v2", "examples")
    monkeypatch.setattr(
        contexts, "_context",
        lambda url, known=contexts._context: examples if "examples" in url else known(url),
    )  # fmt: skip
    signed = json.loads((OFFICIAL / "w3c-signed-credential.json").read_text())
    pair = json.loads((OFFICIAL / "w3c-key-pair.json").read_text())
    raw = verifier.from_base58(pair["publicKeyMultibase"].removeprefix("z"))[2:]
    key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    assert proof_holds({**signed, "proof": [signed["proof"]]}, key)
    assert not proof_holds({**signed, "name": "Another", "proof": [signed["proof"]]}, key)


def test_a_badge_follows_the_official_schema_and_says_nothing_of_the_holder():
    key = ed25519.Ed25519PrivateKey.generate()
    signed = add_proof(CREDENTIAL, key=key, method=f"{PLACES.issuer}#k", created=NOW)
    assert follows_schema(signed) == []
    assert signed["validUntil"] == "2029-11-25T23:59:59+08:00"
    assert set(signed["credentialSubject"]) == {"id", "type", "achievement"}
    endless = credential_of(
        replace(FACTS, expires_on=None, achieved_on=None), replace(COURSE, title_en="", hours=""), PLACES
    )
    assert follows_schema(endless) == [] and "validUntil" not in endless
    sample = credential_of(FACTS, replace(COURSE, is_sample=True), PLACES)
    assert "样例" in sample["name"] and "不作任何证明" in sample["description"]


def test_a_proof_holds_for_its_document_and_key_alone():
    key, other = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
    signed = add_proof(CREDENTIAL, key=key, method=f"{PLACES.issuer}#k", created=NOW)
    assert proof_holds(signed, key.public_key()) and not proof_holds(signed, other.public_key())
    proof = signed["proof"][0]
    for name, wrong in {
        "name": "x", "proof": proof, "validUntil": "2099-01-01T00:00:00+08:00", "issuer": {**signed["issuer"], "name": "别处"},
    }.items():  # fmt: skip
        assert not proof_holds({**signed, name: wrong}, key.public_key())
    for wrong in ([], [proof, proof], [{**proof, "proofValue": "z1"}], [{**proof, "proofValue": 7}], [{**proof, "created": "2027-01-01T00:00:00Z"}]):  # fmt: skip
        assert not proof_holds({**signed, "proof": wrong}, key.public_key())


def test_a_token_carries_the_same_credential():
    key = ec.generate_private_key(ec.SECP256R1())
    token = sign_token(CREDENTIAL, key=key, kid=f"{SITE}/k")
    assert token_holds(token, key.public_key())
    assert not token_holds(token, ec.generate_private_key(ec.SECP256R1()).public_key())
    header, payload = read_token(token)
    assert {name: payload[name] for name in CREDENTIAL} == CREDENTIAL
    assert header == {"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": f"{SITE}/k"}
    assert (
        payload["exp"] - payload["nbf"]
        == (datetime.date(2029, 11, 26) - datetime.date(2026, 11, 26)).days * 86400 - 1
    )
    for text in ("", "a.b.c", "..", token + ".x", "é.é.é", "e30.W10.x", token.replace(".", "")):
        assert read_token(text) is None
    unsigned = token.rsplit(".", 1)[0] + "."
    assert not token_holds(unsigned, key.public_key())


@given(st.sets(st.integers(0, LENGTH - 1), max_size=40))
def test_exactly_the_marked_bits_are_set(indexes):
    encoded = encode_bits(indexes)
    assert encoded == encode_bits(sorted(indexes))
    bits = gzip.decompress(verifier.from_base64url(encoded[1:]))
    assert sum(byte.bit_count() for byte in bits) == len(indexes)
    assert all(is_set(encoded, index) for index in indexes)


def test_a_place_outside_the_list_is_refused():
    for index in (-1, LENGTH):
        with pytest.raises(IndexError):
            encode_bits([index])


@given(st.text(max_size=80), st.text(max_size=60))
def test_every_title_makes_a_picture_that_reads_as_xml(title, issuer):
    assert (
        ElementTree.fromstring(draw_badge(title=title, issuer=issuer)).tag
        == "{http://www.w3.org/2000/svg}svg"
    )


def test_a_badge_is_baked_into_its_picture():
    text = json.dumps(CREDENTIAL)
    picture = ElementTree.fromstring(draw_badge(title="课程", issuer="中心", credential=text))
    assert json.loads(picture.find("{https://purl.imsglobal.org/ob/v3p0}credential").text) == CREDENTIAL
    picture = ElementTree.fromstring(draw_badge(title="课程", issuer="中心", credential="a.b.c"))
    assert picture.find("{https://purl.imsglobal.org/ob/v3p0}credential").get("verify") == "a.b.c"


def test_no_title_ends_the_badge_in_its_picture_too_early():
    forged = {**CREDENTIAL, "name": "课程]]></openbadges:credential><script>1</script>"}
    text = json.dumps(forged, ensure_ascii=False)
    picture = ElementTree.fromstring(draw_badge(title="课程", issuer="中心", credential=text))
    assert json.loads(picture.find("{https://purl.imsglobal.org/ob/v3p0}credential").text) == forged
    assert not list(picture.iter("{http://www.w3.org/2000/svg}script"))


def test_an_achievement_is_named_by_what_it_says():
    assert digest_of(COURSE) == digest_of(replace(COURSE)) != digest_of(replace(COURSE, hours="14"))
