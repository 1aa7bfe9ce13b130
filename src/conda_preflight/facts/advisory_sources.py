"""Who writes advisories, by the beginning of their ids, and under which licence.

Sources: the table of prefixes in https://ossf.github.io/osv-schema/#id-modified-fields, and the
licence in each of the repositories named here.
"""

from __future__ import annotations

WRITERS = {
    "GHSA": "github/advisory-database",
    "PYSEC": "pypa/advisory-database",
    "PSF": "psf/advisory-database",
    "BIT": "bitnami/vulndb",
    "JLSEC": "JuliaLang/SecurityAdvisories.jl",
    "MAL": "ossf/malicious-packages",
    "OSV": "google/oss-fuzz-vulns",
    "CURL": "curl/curl-www",
}
"""The repository of each prefix, as its records are named as a source."""

LICENCES = {
    "github/advisory-database": "CC-BY-4.0",
    "pypa/advisory-database": "CC-BY-4.0",
    "psf/advisory-database": "CC-BY-4.0",
    "bitnami/vulndb": "Apache-2.0",
    "JuliaLang/SecurityAdvisories.jl": "CC-BY-4.0",
    "ossf/malicious-packages": "Apache-2.0",
    "google/oss-fuzz-vulns": "CC-BY-4.0",
    "anchore/nvd-data-overrides": "CC0-1.0",
    "cisagov/vulnrichment": "CC0-1.0",
    "Tencent/AI-Infra-Guard": "Apache-2.0",
    "curl/curl-www": "curl",
    "curl/curl-www docs/vuln.pm": "curl",
}
"""The licence of each source, as SPDX writes it; a source that is not here states none."""

OSV_BUCKET = "https://storage.googleapis.com/osv-vulnerabilities"
"""Where OSV publishes all records: https://google.github.io/osv.dev/data/."""

OSV_API = "https://api.osv.dev"
"""OSV's API: https://google.github.io/osv.dev/api/."""

EXPLOITED = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
"""CISA's Known Exploited Vulnerabilities, CC0-1.0: https://www.cisa.gov/kev."""

LIKELIHOODS = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"
"""FIRST's EPSS scores of the day, free to use with credit: https://www.first.org/epss/data_stats."""
