"""Speed and scale, each beside something measured in the same run. `manage.py bench NAME [--json]`."""
