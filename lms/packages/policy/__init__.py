"""What a package may be, and what is in it: archives, names, manifests. Knows no database and writes nothing."""
