"""No score between a panel member and a nominee with a conflict of interest, said to the database."""

from core.audit.guards import refusing_saved

TABLE = "credentials_panelscore"
STOP = "a conflict of interest lies between this member and this nominee"
CONFLICT = """EXISTS (
SELECT 1 FROM credentials_panelconflict AS c WHERE c.member_id = NEW.member_id AND c.nomination_id = NEW.nomination_id)"""

guard, unguard = refusing_saved(TABLE, stop=STOP, condition=CONFLICT, function="credentials_no_conflict")
