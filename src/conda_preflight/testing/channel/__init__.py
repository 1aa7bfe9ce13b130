"""Conda channels made on this machine: packages, repodata, and a server with faults."""

from conda_preflight.testing.channel.artifact import Artifact, Entry
from conda_preflight.testing.channel.artifact import write as write_artifact
from conda_preflight.testing.channel.benchmark import write_benchmark_channel
from conda_preflight.testing.channel.index import Record, index_channel, read_record
from conda_preflight.testing.channel.synthetic import (
    on_platforms,
    record,
    write_channel,
    write_installable_channel,
)

__all__ = [
    "Artifact",
    "Entry",
    "Record",
    "index_channel",
    "on_platforms",
    "read_record",
    "record",
    "write_artifact",
    "write_benchmark_channel",
    "write_channel",
    "write_installable_channel",
]
