"""Conda channels made on this machine: packages, repodata, and a server with faults."""

from conda_preflight.testing.channel.artifact import Artifact, Entry
from conda_preflight.testing.channel.artifact import write as write_artifact
from conda_preflight.testing.channel.benchmark import write_benchmark_channel
from conda_preflight.testing.channel.faults import Fault
from conda_preflight.testing.channel.index import Record, index_channel, read_record
from conda_preflight.testing.channel.real import (
    cached_channel,
    download_wheels,
    write_real_channel,
)
from conda_preflight.testing.channel.server import Request, Server
from conda_preflight.testing.channel.simple_index import SimpleIndex
from conda_preflight.testing.channel.synthetic import (
    on_platforms,
    record,
    write_channel,
    write_installable_channel,
)
from conda_preflight.testing.channel.wheel import write_wheel
from conda_preflight.testing.channel.wheels import make_sdist, make_wheel

__all__ = [
    "Artifact",
    "Entry",
    "Fault",
    "Record",
    "Request",
    "Server",
    "SimpleIndex",
    "cached_channel",
    "download_wheels",
    "index_channel",
    "make_sdist",
    "make_wheel",
    "on_platforms",
    "read_record",
    "record",
    "write_artifact",
    "write_benchmark_channel",
    "write_channel",
    "write_installable_channel",
    "write_real_channel",
    "write_wheel",
]
