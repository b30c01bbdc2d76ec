"""Why a request of a unit is not taken, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.packages.policy.xapi.faults import Fault, NotTaken
from lms.packages.queries.summary import in_both_languages

WORDS = {
    Fault.NO_VERSION: _(
        "The request names no version of xAPI, or one that is not spoken here (“%(detail)s”): send X-Experience-API-Version: 1.0.3."
    ),
    Fault.PARAMETER: _(
        "The parameter “%(member)s” is missing, or has a value that it cannot have: “%(detail)s”."
    ),
    Fault.UNKNOWN_PARAMETER: _("The parameter “%(member)s” is not known here."),
    Fault.TYPE: _(
        "The content has a type (“%(detail)s”) that is not taken here. Statements are sent as application/json."
    ),
    Fault.NOT_JSON: _("What was sent is not JSON as it should be: %(detail)s"),
    Fault.TOO_DEEP: _("What was sent is nested too deeply."),
    Fault.CHARACTER: _("What was sent holds a character that no text can keep."),
    Fault.NUMBER: _("What was sent holds a number that cannot be kept: “%(detail)s”."),
    Fault.TOO_MANY: _("There are too many entries in what was sent; at most %(detail)s are taken."),
    Fault.MISSING: _("The entry “%(member)s” is missing."),
    Fault.UNKNOWN: _("There is no entry “%(member)s” in a statement of xAPI 1.0.3."),
    Fault.VALUE: _("“%(member)s” has a value that it cannot have: “%(detail)s”."),
    Fault.TOO_LONG: _("“%(member)s” is too long."),
    Fault.OTHER_ACTOR: _("“%(member)s” is not the person for whom the unit was launched."),
    Fault.OTHER_REGISTRATION: _("“%(member)s” is not the registration of this launch: “%(detail)s”."),
    Fault.OTHER_SESSION: _("“%(member)s” is not the session of this launch: “%(detail)s”."),
    Fault.OTHER_ACTIVITY: _("“%(member)s” is not the activity that was launched: “%(detail)s”."),
    Fault.NOT_INITIALIZED: _(
        "The first statement of a session says “initialized”; this one says “%(detail)s”."
    ),
    Fault.TERMINATED: _("The session is over: nothing comes after “terminated”, not even “%(detail)s”."),
    Fault.TWICE: _("“%(detail)s” was said before, and is said only once."),
    Fault.VERB_OF_LMS: _("Only the platform says “%(detail)s”."),
    Fault.VOIDING: _("Statements cannot be voided here."),
    Fault.MODE: _("In the mode “%(detail)s” nothing is completed, passed or failed."),
    Fault.CONTRADICTION: _("A session says “passed” or “failed”, and only one of them."),
    Fault.RESULT: _("“%(member)s” is not as cmi5 wants it with “%(detail)s”."),
    Fault.CATEGORY: _("“%(member)s” is not as cmi5 wants it: “%(detail)s”."),
    Fault.SCORE_NEEDED: _("The unit has a mark (%(detail)s): it is passed only with a scaled score."),
    Fault.BELOW_MASTERY: _("The score is below the mark (%(detail)s): the unit is not passed."),
    Fault.ABOVE_MASTERY: _("The score reaches the mark (%(detail)s): the unit is not failed."),
    Fault.FULL: _("Nothing more is kept of this unit: it has sent %(detail)s already."),
    Fault.READ_ONLY: _("“%(member)s” is kept by the platform and can only be read."),
    Fault.CLOSED: _("This session is over: the unit was ended, or opened elsewhere since."),
    Fault.NO_TOKEN: _("The token is missing, wrong or has run out. Open the unit from its lesson again."),
    Fault.CONFLICT: _("A statement with this id is there already, and says something else (“%(detail)s”)."),
    Fault.CHANGED: _("The document is not the one that the request names (If-Match, If-None-Match)."),
    Fault.NOTHING: _("There is nothing here."),
    Fault.METHOD: _("This cannot be done here."),
    Fault.TOO_LARGE: _("This is larger than is taken here (%(detail)s bytes)."),
}


def said_of(refused: NotTaken) -> dict[str, Any]:
    """The refusal with its key, its sentence in both languages, and what it is about."""
    about = {"member": refused.member, "detail": refused.detail}
    return {
        "key": refused.fault.value,
        **about,
        "sentence": in_both_languages(lambda: str(WORDS[refused.fault]) % about),
    }
