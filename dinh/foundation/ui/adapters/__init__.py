"""Where the face meets its tools: the template engine, the icon set, the typesetter."""
