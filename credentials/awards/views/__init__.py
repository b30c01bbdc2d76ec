"""Award rounds on the site: for everybody, for nominees, and for the panel."""
