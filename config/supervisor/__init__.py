"""`make run`: PostgreSQL, Valkey, worker, beat and web under one process. Standard library only, so it stays small."""
