"""The two environments of the service, which share only the workers. [doc]"""

from typing import Final

PRODUCTION: Final = "production"
SANDBOX: Final = "sandbox"
