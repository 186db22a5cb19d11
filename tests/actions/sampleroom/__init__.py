"""A room of the tests only: jobs and a channel whose effects a test can see from another process."""
