"""The dashboard and its JSON API over the ledger: pages that need no script.

``site.application`` makes the ASGI application; ``endpoints`` is the one table of the API, from
which routes and the OpenAPI document are made. Nothing is fetched from elsewhere.
"""

from __future__ import annotations
