"""What mturk_mock costs, as ratios measured side by side: ``python -m benchmarks``."""
