"""The launcher: opens a province on one machine with one command, and closes it cleanly.

It starts and watches processes and never imports Django: what needs the application runs as a child.
"""
