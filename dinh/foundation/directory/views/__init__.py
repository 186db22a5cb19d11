"""Screens of the administrators, by subject; and of everyone who is told of a change of rights."""
