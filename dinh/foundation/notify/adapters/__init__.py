"""The ways out: smtp (any mail server), sms (the port of a gateway), sample (where messages end when a
sample province has neither)."""
