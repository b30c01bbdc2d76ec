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
from credentials.certificates.queries import Answer, look_up
from credentials.certificates.states import Verdict
from credentials.statements.queries import StatementAnswer, look_up_statement
from credentials.statements.states import StatementVerdict
from credentials.verifying.queries import FileAnswer, judge_file
from credentials.verifying.states import FileVerdict

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
        """By the SHA-256 of the whole file, else by its signature and the code that it names, as on the verify page.

        A file that is ours but not the one that was issued is "tampered", "signed" (the signature holds, the bytes are
        others) or "withdrawn" (the key proves nothing any more); `findings` says what does not fit.
        """
        with path.open("rb") as file:
            content = file.read(_MOST_READ)
        judged = judge_file(content)
        facts = self._registered(judged, content)
        if judged.verdict not in (FileVerdict.GENUINE, FileVerdict.OLD, FileVerdict.FOREIGN):
            facts |= {"verdict": judged.verdict.value, "verdict_of_code": facts["verdict"]}
        return facts | {
            "sha256": judged.sha256,
            "file": judged.verdict.value,
            "findings": list(judged.findings),
        }

    def _registered(self, judged: FileAnswer, content: bytes) -> dict[str, Any]:
        """What is registered under the code of the file, or under the code that it names."""
        claimed = judged.paper.code if judged.paper else None
        if claimed is None and (named := _CODE_IN_FILE.search(content)):
            claimed = named.group(1).decode("ascii")
        if claimed is None:
            return _facts(Answer(Verdict.UNKNOWN))
        return _answer(claimed, digest=judged.sha256)


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
