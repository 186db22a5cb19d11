"""Rules of signing: what signatures say and how they look; keys, and pictures of signatures and seals."""
