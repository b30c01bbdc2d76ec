"""`manage.py verify_certificate FILE.pdf|CODE`: the verify page's answer as JSON."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from credentials.certificates.models import Certificate
from credentials.certificates.policy import CODE_LENGTH, clean_code
from credentials.certificates.queries import Answer, look_up, look_up_file, sha256_of
from credentials.certificates.states import Verdict

_CODE_IN_FILE = re.compile(rb"code=([0-9A-Za-z-]{20,30})")


class Command(BaseCommand):
    help = "Say what a certificate is worth, by its PDF file or its code. Exit 0 valid, 1 anything else, 2 misuse."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", help="a PDF file, or the verification code")

    def handle(self, *args: Any, **options: Any) -> None:
        what = options["what"]
        path = Path(what)
        if path.suffix.lower() == ".pdf" or path.is_file():
            if not path.is_file():
                self.stderr.write(f"There is no file {what}.")
                sys.exit(2)
            verdict = self._of_file(path)
        elif len(clean_code(what)) == CODE_LENGTH:
            verdict = _facts(look_up(what))
        else:
            self.stderr.write("This is neither a PDF file nor a code of 20 letters and digits.")
            sys.exit(2)
        self.stdout.write(json.dumps(verdict, ensure_ascii=False, indent=2))
        sys.exit(0 if verdict["verdict"] == Verdict.VALID.value else 1)

    def _of_file(self, path: Path) -> dict[str, Any]:
        """By the SHA-256 of the whole file; a file that names a known code but differs in a byte was tampered with."""
        with path.open("rb") as file:
            digest = sha256_of(file)
        found = look_up_file(digest)
        if found:
            return _facts(look_up(found.code, digest=digest)) | {"sha256": digest}
        claimed = _CODE_IN_FILE.search(path.read_bytes()[:50_000_000])
        answer = (
            look_up(claimed.group(1).decode("ascii"), digest=digest) if claimed else Answer(Verdict.UNKNOWN)
        )
        facts = _facts(answer) | {"sha256": digest}
        if answer.certificate is not None:
            facts |= {"verdict": "tampered", "verdict_of_code": answer.verdict.value}
        return facts


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
