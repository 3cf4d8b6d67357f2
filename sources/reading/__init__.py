"""What a file is: its bytes, its text, its columns, and which canonical table they look like. Knows no model."""
