"""A connection to a cluster: which, as whom, and how patiently, as a kubeconfig says.

Requests are tried again as urllib3 does it, creation included, since a job has its name from here
and cannot be made twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import urllib3
from kubernetes.client import ApiClient, Configuration
from kubernetes.config import ConfigException, load_incluster_config, load_kube_config

from conda_preflight.errors import UsageError
from conda_preflight.fleet.kubernetes_api import Cluster, short

_LONGEST_WAIT = 30.0
_BUSY = (429, 500, 502, 503, 504)
_OTHER = "Name another by --kubeconfig and --context. See: kubectl config get-contexts."


class _Retry(urllib3.Retry):
    """A server that asks to be left alone for long is asked again a bit sooner."""

    def get_retry_after(self, response: Any) -> float | None:  # noqa: ANN401
        found = super().get_retry_after(response)
        return found if found is None else min(found, _LONGEST_WAIT)


@contextmanager
def connected(kubeconfig: str, context: str) -> Iterator[Cluster]:
    """The cluster of a kubeconfig and a context of it, both empty for the usual ones.

    In a pod without a kubeconfig it is the pod's own cluster. Raises UsageError.
    """
    with TemporaryDirectory(prefix="conda-preflight-") as folder:
        chosen = _configuration(kubeconfig, context, folder)
        chosen.retries = _Retry(
            total=4,
            backoff_factor=0.3,
            status_forcelist=_BUSY,
            allowed_methods=None,
            raise_on_status=False,
        )
        with ApiClient(chosen) as client:
            yield Cluster(client)


def _configuration(kubeconfig: str, context: str, folder: str) -> Any:  # noqa: ANN401
    """Where and as whom to ask; keys of a kubeconfig lie in ``folder`` while they are needed."""
    if kubeconfig and not Path(kubeconfig).is_file():
        raise UsageError(f"There is no kubeconfig {kubeconfig}")
    chosen = Configuration()
    more: dict[str, Any] = {"persist_config": False, "temp_file_path": folder}
    try:
        load_kube_config(kubeconfig or None, context or None, chosen, **more)
    except ConfigException as error:
        if kubeconfig or context or not _of_pod(chosen):
            raise UsageError(f"No cluster is known here: {short(error)}", _OTHER) from None
    except Exception as error:  # noqa: BLE001  (a kubeconfig holds anything, and so do its plugins)
        why = f"{type(error).__name__}: {short(error)}"
        raise UsageError(f"The kubeconfig cannot be used: {why}") from None
    return chosen


def _of_pod(chosen: Any) -> bool:  # noqa: ANN401
    """Whether this is a pod with an account, whose cluster is then the one."""
    try:
        load_incluster_config(chosen)
    except ConfigException:
        return False
    return True
