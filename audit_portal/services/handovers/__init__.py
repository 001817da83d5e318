"""People who are replaced: the client's own, and the leads of vendors."""
