"""`manage.py verify_certificate FILE.pdf|CODE`: the verify page's answer as JSON, about certificates and hours statements."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from credentials.certificates.models import Certificate
from credentials.certificates.policy import CODE_LENGTH, split_typed
from credentials.certificates.queries import Answer, look_up, look_up_file, sha256_of
from credentials.certificates.states import Verdict
from credentials.statements.queries import StatementAnswer, look_up_statement, statement_of_file
from credentials.statements.states import StatementVerdict

MISUSE = "misuse"
GOOD = (Verdict.VALID.value, StatementVerdict.GENUINE.value)
_CODE_IN_FILE = re.compile(rb"code=([0-9A-Za-z-]{20,30})")
_MOST_READ = 50_000_000  # a certificate is a thousand times smaller


class Command(BaseCommand):
    help = (
        "Say as JSON what a certificate or an hours statement is worth, by its PDF file, its code or its verify "
        "address. Exit 0 valid or genuine, 1 anything else, 2 misuse."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", help="a PDF file, or the verification code")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = self._verdict(options["what"])
        self.stdout.write(json.dumps(verdict, ensure_ascii=False, indent=2))
        code = 2 if verdict["verdict"] == MISUSE else int(verdict["verdict"] not in GOOD)
        sys.exit(code)

    def _verdict(self, what: str) -> dict[str, Any]:
        path = Path(what)
        try:
            if path.is_file():
                return self._of_file(path)
            if path.is_dir():
                return _misuse("This is a folder.")
        except OSError as error:  # may not be read, or is far too long to be the name of a file
            if path.suffix.lower() == ".pdf":
                return _misuse(f"The file cannot be read: {error.strerror}.")
        if path.suffix.lower() == ".pdf":
            return _misuse("There is no such file.")
        serial, code = split_typed(what)
        if len(code) != CODE_LENGTH:
            return _misuse("This is neither a PDF file nor a code of 20 letters and digits.")
        return _answer(code, serial=serial)

    def _of_file(self, path: Path) -> dict[str, Any]:
        """By the SHA-256 of the whole file; a file that names a known code but differs in a byte was tampered with."""
        with path.open("rb") as file:
            digest = sha256_of(file)
            file.seek(0)
            claimed = _CODE_IN_FILE.search(file.read(_MOST_READ))
        if found := look_up_file(digest) or statement_of_file(digest):
            return _answer(found.code, digest=digest) | {"sha256": digest}
        if claimed is None:
            return _facts(Answer(Verdict.UNKNOWN)) | {"sha256": digest}
        facts = _answer(claimed.group(1).decode("ascii"), digest=digest) | {"sha256": digest}
        if facts["verdict"] != Verdict.UNKNOWN.value:
            facts |= {"verdict": "tampered", "verdict_of_code": facts["verdict"]}
        return facts


def _answer(code: str, *, serial: str = "", digest: str = "") -> dict[str, Any]:
    """By the code, as the verify page does: a statement if there is one, else a certificate."""
    statement = look_up_statement(code, serial=serial, digest=digest)
    if statement.statement is not None:
        return _statement_facts(statement)
    return _facts(look_up(code, serial=serial, digest=digest))


def _statement_facts(answer: StatementAnswer) -> dict[str, Any]:
    found = answer.statement
    assert found is not None
    return {
        "verdict": answer.verdict.value,
        "serial": found.serial,
        "name_masked": answer.masked_name,
        "first_on": found.first_on.isoformat(),
        "last_on": found.last_on.isoformat(),
        "hours": found.facts.get("total_hours"),
        "issuer": found.facts.get("issuer"),
        "issued_on": found.issued_on.isoformat(),
        "corrected_since": answer.corrected,
        "sha256_matches": answer.file_matches,
    }


def _misuse(why: str) -> dict[str, Any]:
    return {"verdict": MISUSE, "error": why}


def _facts(answer: Answer) -> dict[str, Any]:
    found: Certificate | None = answer.certificate
    if found is None:
        return {"verdict": answer.verdict.value}
    return {
        "verdict": answer.verdict.value,
        "serial": found.serial,
        "name_masked": answer.masked_name,
        "course": found.title,
        "hours": found.facts.get("hours"),
        "issuer": found.facts.get("issuer"),
        "issued_on": found.issued_on.isoformat(),
        "expires_on": found.expires_on.isoformat() if found.expires_on else None,
        "sha256_matches": answer.file_matches,
    }
