"""Small programs for whoever maintains the portal; none is needed to run it."""
