"""Notify: what the house tells people. Owns the notices inside the house, the message templates and their
versions, what each person wants to receive, and the ways out: e-mail and SMS, through the outbox.

Words: notice (told inside the house), message (told outside it, by e-mail or SMS), template (a text with
fields, versioned), topic (what a person may turn off), preference, fate (what became of a message), sample
mailbox (where messages end when a sample province has no mail server or gateway).
Used by: every room that tells somebody something. Must never: send what is not in the outbox, put more of a
person into a message outside the house than their name, or fail the verb that it tells about.
"""
