"""What the write path needs of the world outside its tables: the doorbell of the database, the seal's key."""
