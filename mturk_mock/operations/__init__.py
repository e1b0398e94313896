"""The API, one small function for each operation, loaded when one of its module is called."""

from mturk_mock.operations.registry import Call, answer

__all__ = ["Call", "answer"]
