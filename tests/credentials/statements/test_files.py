"""The file of a statement: the same bytes whenever it is asked for."""

import hashlib

from django.core.files.storage import storages

from credentials.models import HoursEntry
from credentials.statements.document import render
from credentials.statements.files import printed
from tests.credentials.statements.conftest import content_of, issued


def test_its_file_is_what_was_issued_and_names_its_code(entry, cast):
    statement = issued(cast)
    content = content_of(statement)
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == statement.sha256
    assert statement.code_grouped.encode() in content
    assert statement.serial.startswith("XS-")
    assert statement.facts["total_hours"] == "2"
    assert content.startswith(render(printed(statement.facts))), "what was drawn, and a signature after it"


def test_a_lost_file_is_made_again_and_a_spoilt_one_is_never_handed_out(entry, cast):
    statement = issued(cast)
    content = content_of(statement)
    storages["private"].delete(statement.file)
    assert content_of(statement) == content


def test_two_thousand_entries_make_many_pages(entry, cast):
    fields = {
        name: getattr(entry, name) for name in ("person", "organisation", "kind", "occurred_on", "rule")
    }
    rows = [
        HoursEntry(**fields, title=f"第{number}次：" + "长标题" * 12, minutes=45, source=f"test:{number}")
        for number in range(400)
    ]
    HoursEntry.objects.bulk_create(rows)
    statement = issued(cast)
    assert len(statement.facts["lines"]) == 401
    assert content_of(statement).count(b"/Type /Page\n") > 5
