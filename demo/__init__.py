"""The sample client: a deterministic story told as vendors' files and loaded the way a person's files are."""
