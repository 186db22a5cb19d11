"""Website: settings, root addresses, navigation, health and the launcher.

The only room that knows all others.
"""
