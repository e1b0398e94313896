"""Settings of the application, read at import, like a settings module of Django."""

import os

MTURK_ENDPOINT = os.environ.get(
    "MTURK_ENDPOINT", "https://mturk-requester-sandbox.us-east-1.amazonaws.com"
)
MTURK_ACCESS_KEY = os.environ.get("MTURK_ACCESS_KEY", "set-me")
MTURK_SECRET_KEY = os.environ.get("MTURK_SECRET_KEY", "set-me")
