"""The two worlds of the service, which share nothing but the people. [doc]"""

from typing import Final

PRODUCTION: Final = "production"
SANDBOX: Final = "sandbox"
