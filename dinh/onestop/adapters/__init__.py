"""What the one-stop shop asks of systems outside."""
