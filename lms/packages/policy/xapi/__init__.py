"""What cmi5 and xAPI 1.0.3 ask of a store of statements and of a course that launches units. Plain data in, decisions out."""
