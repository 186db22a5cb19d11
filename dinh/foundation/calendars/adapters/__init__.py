"""What comes from outside: the statutory days off."""
