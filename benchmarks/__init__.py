"""What mturk_mock costs, as ratios that are measured in one run: ``python -m benchmarks``."""
