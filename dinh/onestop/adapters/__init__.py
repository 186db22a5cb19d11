"""The one-stop shop towards systems and formats outside the house."""
