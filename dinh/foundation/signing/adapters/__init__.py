"""What signing stands on outside itself: PDF, keys and their stores, certificates, services, pictures."""
