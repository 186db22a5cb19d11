"""The screens of sign-in, by subject: sign_in, identities."""
