"""The one-stop shop towards systems outside the house."""
