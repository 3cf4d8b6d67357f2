"""Writes of KPIs: targets, exchange rates, the choice of KPIs. One function a use case, each in a transaction."""
