"""Pure rules of notifying, by subject: texts (templates and their fields), catalogue (what rooms bring),
contacts (addresses, checked and masked), fates (what became of a message, in words).
"""
