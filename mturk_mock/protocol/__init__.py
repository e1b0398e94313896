"""The wire: JSON 1.1 by botocore's service model. Nothing here knows a rule of MTurk."""
