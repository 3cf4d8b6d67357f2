"""What the API of KPIs takes and gives, as its documentation shows it."""
