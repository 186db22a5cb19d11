"""Rules of the one-stop shop, pure: what a procedure may be, how its steps follow each other, which
states a dossier passes, what it costs.
"""
