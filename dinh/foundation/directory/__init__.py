"""Directory: who the province is. Owns units as a dated tree, people, positions, appointments, roles
and signing authority.

Words: unit, agency (a unit with its own code and seal), placement, succession, person, position (it
holds the rights), appointment (a person holds a position for a time), role, holding, scope, coverage,
signing authority, mark (TM., KT., TL., TUQ., Q.).
Used by: every room above, to know who acts, for whom, and which rows they may see.
Must never: delete a unit, a person or a position; give a right to a person instead of a position; know
what a dossier or a document is.
"""
