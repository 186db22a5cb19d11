"""Actions: the write path. Owns the ``@action`` decorator, the audit log and its seals, events and
their handlers, the outbox and the jobs' base.

Words: verb, actor, subject, audit entry, seal, event, handler, outbox message, channel, job.
Used by: every room that writes. Must never: know who the people or units are, or call a room above it.
"""
