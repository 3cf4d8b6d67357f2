"""Where data comes from: reading files, mapping their columns, importing them."""
