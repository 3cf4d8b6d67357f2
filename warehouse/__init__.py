"""The one source: a lake for each client, behind one engine seam. No models of its own; it knows no screen."""
