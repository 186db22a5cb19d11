"""Pure parts of the face: formats, identity, forms as data, charts."""
