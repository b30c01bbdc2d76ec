"""Subsidy policies as dated data, and what they decide about somebody, with every reason."""
