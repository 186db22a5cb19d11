"""The verbs' machinery, by subject: write (the decorator), events, outbox, seal."""
