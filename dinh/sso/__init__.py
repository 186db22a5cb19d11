"""Sign-in: who is at the other end of a request. Owns accounts, sessions, throttling of guesses, the
record of sign-ins, links to identities of the national portal, and what a person typed when a session
ended under a half-filled form.

Words: account, session, acting position, sign-in record, throttle, step-up, password link,
kept form, linked identity, trip.
Used by: every room that has screens, through ``request.by``. Must never: decide what a person may do
(the directory does), hold data about people (the directory does), or keep a secret in clear.

Session rows, last-seen moments, throttle counters, kept forms and trips are technical state and are written
without audit. Signing in, failing to, ending sessions, choosing a position, changing a password,
sending a link for a forgotten one and setting a new one by it, linking an identity and taking it apart,
opening an account by one are verbs.
"""
