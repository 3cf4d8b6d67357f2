"""What is measured: KPI definitions over measures, targets, exchange rates, the HQ board and the market in-depth."""
