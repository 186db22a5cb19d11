"""What the directory reads from outside: lists in CSV and XLSX."""
