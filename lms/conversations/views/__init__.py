"""A cohort's conversations on the site, for its members."""
