"""What sign-in needs from outside: the session store behind the cookie, and password hashing."""
