"""Benchmarks: measures what mturk_mock costs, as ratios. Run ``python -m benchmarks``."""
