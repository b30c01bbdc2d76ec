"""Who may do what in core: the whole permission table."""

import rules

from core.access.predicates import holds_role, is_person
from core.access.states import DESK, READERS, Role

manages_employee = holds_role(Role.ADMINISTRATOR, at="employer")
reads_employee = holds_role(*READERS, at="employer")
itself = is_person("")

for perm, predicate in {
    # The Wagtail admin, and the pages and files an author writes with (Wagtail's groups say which pages).
    "wagtailadmin.access_admin": holds_role(*DESK),
    # People
    "core.view_person": reads_employee | itself,
    "core.add_person": holds_role(Role.ADMINISTRATOR, at="employer"),
    "core.change_person": manages_employee,
    "core.reveal_id": manages_employee,
    # Organisations and roles
    "core.view_organisation": holds_role(*READERS, at=""),
    "core.add_organisation": holds_role(Role.ADMINISTRATOR, at=""),
    "core.change_organisation": holds_role(Role.ADMINISTRATOR, at=""),
    "core.view_roleassignment": holds_role(*READERS),
    "core.add_roleassignment": holds_role(Role.ADMINISTRATOR),
    "core.change_roleassignment": holds_role(Role.ADMINISTRATOR),
    # The list of service fields is the province's
    "core.view_servicefield": holds_role(*READERS),
    "core.add_servicefield": holds_role(Role.ADMINISTRATOR),
    "core.change_servicefield": holds_role(Role.ADMINISTRATOR),
    # Audit and jobs
    "core.view_auditentry": holds_role(*READERS),
    "core.view_job": holds_role(*READERS) | is_person("created_by.person"),
}.items():
    rules.add_perm(perm, predicate)
