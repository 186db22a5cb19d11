"""The world outside: where contents lie (folder, s3), who scans them (clamd), the process that inspects
them, and how they arrive from a form (upload)."""
