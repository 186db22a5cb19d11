"""What every room stands on: signing, notify, files, calendars, directory, actions, ui."""
