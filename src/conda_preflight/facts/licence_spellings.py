"""How people write licences that the SPDX list knows by another text.

The rows of ``tables/licence_spellings.csv`` have their source each: the licence's page in the SPDX
list, or PEP 639's mapping of classifiers. Where the words leave open which of several licences is
meant ("BSD"), the expression is a ``LicenseRef-``, so that nothing is claimed that nobody said.
"""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import table

_COMMON = """
0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0-only
GPL-3.0-or-later HPND ISC LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only
LGPL-3.0-or-later MIT MPL-2.0 NCSA OFL-1.1 PSF-2.0 Python-2.0 TCL Unlicense Zlib curl
"""
COMMON = {name.lower(): name for name in _COMMON.split()}
"""Identifiers that most packages have, for which no library needs to be asked.

Source: https://spdx.org/licenses/.
"""


@cache
def spellings() -> dict[str, str]:
    """SPDX expressions by the text in lower case; raises ValueError for a row without a source."""
    return {row["spelling"]: row["expression"] for row in table("licence_spellings")}
