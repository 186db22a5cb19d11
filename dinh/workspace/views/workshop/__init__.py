"""The workshop: a procedure built on screens, from nothing to publication."""
