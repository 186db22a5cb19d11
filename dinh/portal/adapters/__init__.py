"""What the portal needs of libraries: text with marks made into safe HTML."""
