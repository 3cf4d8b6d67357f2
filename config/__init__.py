"""Composition: settings, URL roots, Celery, WSGI, the supervisor. It imports everyone; nobody imports it."""
