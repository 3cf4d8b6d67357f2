"""Who: clients, people, memberships, roles, markets, tokens, audit, and the door that all of them pass."""
