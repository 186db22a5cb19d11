"""Files: what people upload and what the house makes. Owns the files' descriptions, the store of their
contents (a folder or any S3), and every check that a content must pass before it is kept.

Words: file (one given thing with its name), content (bytes, known by their SHA-256), store, policy (what
a use allows), inspection (is it what it says), scan (is it infected), bound (some room's row refers to
it), orphan (a file nobody refers to), fault (a kept content that is missing or changed).
Used by: every room that takes, makes or shows files. Must never: offer a route of its own, decide who may
read a file (the thing it belongs to does), change a content, or show HTML and SVG to a browser.
"""
