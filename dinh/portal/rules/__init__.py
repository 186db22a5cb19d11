"""Rules of the portal, by subject; pure."""
