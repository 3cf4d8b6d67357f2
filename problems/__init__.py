"""Errors as people meet them: one base, one edge. The lowest room of the house: it imports no other."""
