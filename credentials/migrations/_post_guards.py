"""No two posts of one person overlap, said to the database."""

from core.audit.guards import refusing_saved

TABLE = "credentials_postholding"
STOP = "two posts of one person overlap"
OVERLAP = f"""EXISTS (
SELECT 1 FROM {TABLE} AS other WHERE other.person_id = NEW.person_id AND other.id <> COALESCE(NEW.id, -1)
AND other.starts_on <= COALESCE(NEW.ends_on, '9999-12-31') AND NEW.starts_on <= COALESCE(other.ends_on, '9999-12-31'))"""

guard, unguard = refusing_saved(TABLE, stop=STOP, condition=OVERLAP, function="credentials_posts_overlap")
