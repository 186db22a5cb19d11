"""An app that lets the first worker pause in the middle of drawing a paper, to be killed there."""
