"""Who customers are: the room in which identities, segments and audiences will live."""
