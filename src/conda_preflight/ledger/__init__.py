"""The ledger: what was found, when, by whom and of what, in records that are chained by digest.

``book`` opens one (``open_ledger``) and is all that others need: a ``Ledger`` takes ``Record``
values and answers questions in plain values. The records and the contents that they name are
the truth; the other tables say the same in a form that is quick to ask, and ``verify`` compares
both.
"""

from __future__ import annotations
