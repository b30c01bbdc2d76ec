"""No two live internships of one person overlap, said to the database."""

from core.audit.guards import refusing_saved

TABLE = "credentials_internship"
STOP = "two internships of one person overlap"
OVERLAP = f"""NEW.state <> 'cancelled' AND EXISTS (
SELECT 1 FROM {TABLE} AS other WHERE other.person_id = NEW.person_id AND other.id <> COALESCE(NEW.id, -1)
AND other.state <> 'cancelled' AND other.starts_on <= NEW.ends_on AND NEW.starts_on <= other.ends_on)"""

guard, unguard = refusing_saved(TABLE, stop=STOP, condition=OVERLAP, function="credentials_internships_overlap")
