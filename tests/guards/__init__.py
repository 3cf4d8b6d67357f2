"""Rules that hold for the whole house: they walk it and say what to do when one is broken."""
