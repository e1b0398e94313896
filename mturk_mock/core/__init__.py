"""Errors, time, ids, pages and indexes: what every other room needs."""
