"""Who may do what in core: the whole permission table."""

from typing import Any

import rules

from core.access.predicates import (
    has_organisation,
    holds_anywhere,
    holds_role,
    is_person,
    is_user,
    leads_a_tree,
)
from core.access.states import DESK, READERS, Role
from core.imports.models import AUTHORED

manages_employee = holds_role(Role.ADMINISTRATOR, at="employer")
reads_employee = holds_role(*READERS, at="employer")
administers = holds_role(Role.ADMINISTRATOR)
reads = holds_role(*READERS)
itself = is_person("")


@rules.predicate
def is_authored(_user: Any, sheet: Any = None) -> bool:
    """Whether the file is of a kind that instructors send as well."""
    return getattr(sheet, "kind", None) in AUTHORED


sent_as_author = is_user("created_by") & is_authored & holds_role(Role.INSTRUCTOR)

for perm, predicate in {
    # The Wagtail admin, and the pages and files an author writes with (Wagtail's groups say which pages).
    "wagtailadmin.access_admin": holds_role(*DESK),
    # People
    "core.view_person": reads_employee | itself,
    "core.change_person": manages_employee,
    # Where somebody says that they work: an administrator over that organisation, never the person.
    "core.confirm_employer": holds_role(Role.ADMINISTRATOR, at="declared_employer") & ~itself,
    "core.reveal_id": manages_employee & ~itself,
    # Organisations: whoever holds a role knows their tree. Nothing is ever deleted or moved.
    "core.view_organisation": holds_role(at=""),
    "core.add_organisation": holds_role(Role.ADMINISTRATOR, at=""),
    "core.change_organisation": holds_role(Role.ADMINISTRATOR, at=""),
    # Roles: given and ended within one's own tree, and never to oneself
    "core.view_roleassignment": reads | is_user("user"),
    "core.add_roleassignment": administers & ~is_user("user"),
    "core.change_roleassignment": administers & ~is_user("user"),
    # The list of service fields is one for all trees: it is kept by those who lead one
    "core.view_servicefield": leads_a_tree,
    "core.add_servicefield": leads_a_tree,
    "core.change_servicefield": leads_a_tree,
    # So are the public holidays; whoever audits or pays reads by which days a term was reckoned.
    "core.view_holiday": leads_a_tree | holds_anywhere(Role.AUDITOR, Role.FINANCE),
    "core.add_holiday": leads_a_tree,
    "core.change_holiday": leads_a_tree,
    # Audit and jobs
    "core.view_auditentry": reads,
    "core.view_job": reads | (is_user("created_by") & ~has_organisation),
    "core.change_job": administers | (is_user("created_by") & ~has_organisation),
    # Tables of people; and files of questions, which instructors send too and then see for themselves.
    "core.view_sheetimport": reads | sent_as_author,
    "core.add_sheetimport": administers,
    "core.change_sheetimport": administers | sent_as_author,
    # Those of people hold whole numbers.
    "core.take_wrong_rows": (administers & is_user("created_by")) | sent_as_author,
    # Notices
    "core.view_notice": is_user("user"),
}.items():
    rules.add_perm(perm, predicate)
