"""Settings of the application, read when it starts, as Django reads its settings module."""

import os

MTURK_ENDPOINT = os.environ.get(
    "MTURK_ENDPOINT", "https://mturk-requester-sandbox.us-east-1.amazonaws.com"
)
MTURK_ACCESS_KEY = os.environ.get("MTURK_ACCESS_KEY", "set-me")
MTURK_SECRET_KEY = os.environ.get("MTURK_SECRET_KEY", "set-me")
