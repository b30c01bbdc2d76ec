"""The verbs of a cohort's conversations."""
