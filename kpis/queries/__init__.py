"""Reads of KPIs: board values, market in-depth, targets, rates. Each names its Scope; none writes."""
