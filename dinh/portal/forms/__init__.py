"""What is typed on the portal's screens, read and checked."""
