"""What every paper that we issue must stand: read by poppler, qpdf, zbar and pyHanko, as others read it."""

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from asn1crypto import pem, x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from credentials.certificates.document import render as certificate
from credentials.keys.policy import new_private_key, self_signed
from credentials.signatures.files import sign_pdf
from credentials.signatures.policy import inspect_signatures, read_signature, sign_digest
from credentials.statements.document import render as statement
from tests.core.pdf.reading import fonts_of, picture_of, run_tool, text_of
from tests.credentials.certificates.test_document import FACTS as CERTIFICATE
from tests.credentials.statements.test_document import FACTS as STATEMENT

NOW = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)
KEY = new_private_key("pdf")
PEM = self_signed(KEY, name="Xinhuo document signing", owner="薪火", now=NOW)
NAMES = ("欧阳晓明", "陈𬭎", "䶮堃㛃𬭎", "阿卜杜热合曼·买买提托合提·艾合买提江")
PAPERS = {
    "certificate": lambda name: (certificate(replace(CERTIFICATE, name=name, watermark=None)), CERTIFICATE),
    "statement": lambda name: (statement(replace(STATEMENT, name=name)), STATEMENT),
}


def signed(content: bytes) -> bytes:
    return sign_pdf(content, key=KEY, certificate=PEM, at=NOW)


@pytest.mark.parametrize("kind", PAPERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_signed_paper_is_sound_valid_readable_and_leads_to_its_page(kind, name, tmp_path):
    drawn, facts = PAPERS[kind](name)
    pdf = signed(drawn)
    assert pdf.startswith(drawn)
    assert signed(drawn) == pdf, "the same bytes again"
    told = run_tool(pdf, tmp_path, "pdfsig", "-nocert", "{}")
    for words in (
        "Signature is Valid.",
        "Total document signed",
        "ETSI.CAdES.detached",
        "SHA-256",
        "Nov 26 2026",
    ):
        assert words in told
    assert "No syntax" in run_tool(pdf, tmp_path, "qpdf", "--check", "{}")
    fonts = fonts_of(pdf, tmp_path)
    assert fonts
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in fonts)
    text = text_of(pdf, tmp_path)
    assert name in "".join(text.split())
    assert "印章" not in text + told
    picture = picture_of(pdf, tmp_path, 75)
    assert facts.verify_url in run_tool(b"", tmp_path, "zbarimg", "-q", "--raw", str(picture))


def test_an_independent_reader_finds_a_certification_that_allows_no_change():
    pdf = signed(PAPERS["certificate"]("欧阳晓明")[0])
    found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    root = x509.Certificate.load(pem.unarmor(PEM.encode())[2])
    context = ValidationContext(trust_roots=[root], moment=NOW + dt.timedelta(hours=1), allow_fetching=False)
    with ThreadPoolExecutor(1) as apart:  # it runs a loop of its own, and a browser's may be running here
        status = apart.submit(validate_pdf_signature, found, signer_validation_context=context).result()
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert found.docmdp_level.name == "NO_CHANGES"
    assert status.coverage.name == "ENTIRE_FILE"


@given(st.binary(max_size=3000))
def test_no_bytes_are_a_signature_and_none_break_the_reader(junk):
    assert read_signature(junk) is None
    inspect_signatures(b"%PDF-/Contents <" + junk.hex().encode() + b"> /ByteRange [0 1 2 3]")


@given(st.data())
def test_a_signature_with_any_other_byte_says_something_else_or_nothing(data):
    whole = sign_digest(b"\x07" * 32, KEY, PEM)
    place = data.draw(st.integers(0, len(whole) - 1))
    other = bytearray(whole)
    other[place] ^= data.draw(st.integers(1, 255))
    before, after = read_signature(whole), read_signature(bytes(other))
    assert before.digest == b"\x07" * 32
    assert after is None or (after.digest == before.digest), (
        "what is signed cannot be moved to another document"
    )


def test_a_signature_by_somebody_elses_key_names_that_key():
    theirs = ec.generate_private_key(ec.SECP256R1())
    pem_of_theirs = self_signed(theirs, name="Xinhuo document signing", owner="薪火", now=NOW)
    drawn = PAPERS["certificate"]("欧阳晓明")[0]
    found = inspect_signatures(sign_pdf(drawn, key=theirs, certificate=pem_of_theirs, at=NOW))
    ours = inspect_signatures(signed(drawn))
    assert found[0].is_intact and ours[0].is_intact
    assert found[0].fingerprint != ours[0].fingerprint
