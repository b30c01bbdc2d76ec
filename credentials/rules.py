"""Who may do what in credentials: the whole permission table."""

import rules

from core.access.predicates import holds_role, is_person
from core.access.states import READERS, Role

manages = holds_role(Role.ADMINISTRATOR)
reads = holds_role(*READERS)
own = is_person()

for perm, predicate in {
    "credentials.view_certificate": reads | own,
    # Issued by the completion or for a whole cohort; never on one's own behalf.
    "credentials.add_certificate": manages,
    "credentials.issue_certificate": manages & ~own,
    "credentials.revoke_certificate": manages & ~own,
    "credentials.replace_certificate": manages & ~own,
    "credentials.view_hoursentry": reads | own,
    "credentials.correct_hoursentry": manages & ~own,
    "credentials.view_pendingissue": reads,
    "credentials.issue_pending": manages,
}.items():
    rules.add_perm(perm, predicate)
