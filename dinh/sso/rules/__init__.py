"""Rules of sign-in over plain values, by subject: sign_in, identities."""
