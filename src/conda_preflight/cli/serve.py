"""``conda-preflight serve``: the dashboard and its API over a ledger."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.errors import UsageError

if TYPE_CHECKING:
    from conda_preflight.web.visitors import Door, Network

_LOOPBACK = ("127.0.0.1/32", "::1/128")
_NAMES = ("localhost", "127.0.0.1", "[::1]")
_MISSING = "Install it: pip install 'conda-preflight[serve]'."
_MIB = 1024 * 1024


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="0: a free one."
)
@click.option("--ledger", metavar="URL", default="", help="Which ledger.")
@click.option("--token-file", metavar="FILE", default="", help="Who may read and post.")
@click.option("--proxy-user-header", metavar="NAME", default="", help="Who signed in at a proxy.")
@repeated("--trusted-proxy", "proxies", metavar="CIDR", help="Whose header. Default: loopback.")
@repeated("--host-name", "names", metavar="NAME", help="Another name of this server.")
@click.option(
    "--max-body", metavar="MIB", type=click.IntRange(1, 256), default=16, help="Of a report."
)
@click.option("-v", "--verbose", is_flag=True, help="Each request on stderr.")
@click.pass_context
def command(
    context: click.Context,
    *,
    host: str,
    port: int,
    ledger: str,
    token_file: str,
    proxy_user_header: str,
    proxies: tuple[str, ...],
    names: tuple[str, ...],
    max_body: int,
    verbose: bool,
) -> None:
    """Show the dashboard of a ledger, and take the reports that `audit --post` sends."""
    if context.invoked_subcommand:
        return
    _require()
    door = _door(token_file, proxy_user_header, proxies)
    local = _is_loopback(host)
    if door.is_open and not local:
        hint = "Name --token-file FILE, or --proxy-user-header NAME behind a proxy that signs in."
        raise UsageError(f"At {host} everybody who reaches it could read the ledger", hint)
    hosts = (*names, *_NAMES) if local or names else ()
    _serve(_url(ledger), door, (host, port), hosts, max_body * _MIB, verbose=verbose)


def _serve(
    url: str,
    door: Door,
    address: tuple[str, int],
    hosts: Sequence[str],
    max_body: int,
    *,
    verbose: bool,
) -> None:
    import socket

    from conda_preflight.ledger.book import open_ledger
    from conda_preflight.web.serving import server
    from conda_preflight.web.site import Site, application

    open_ledger(url).close()
    app = application(Site(url, door, hosts, max_body))
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        click.echo(f"The dashboard is at http://{shown}:{bound.getsockname()[1]}/", err=True)
        server(app, *address, verbose=verbose).run(sockets=[bound])


def _require() -> None:
    try:
        import jinja2  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise UsageError(f"serve needs {error.name}", _MISSING) from None


def _url(given: str) -> str:
    from conda_preflight.cli.recording import ledger_url
    from conda_preflight.config import settings
    from conda_preflight.ledger.place import OFF

    url = ledger_url(given, settings(Path()))
    if url == OFF:
        raise UsageError("No ledger is kept here: it is off", "Name one: --ledger URL.")
    return url


def _door(token_file: str, header: str, proxies: Sequence[str]) -> Door:
    from conda_preflight.web.tokens import TokenFile, read
    from conda_preflight.web.visitors import Door

    if proxies and not header:
        raise UsageError("--trusted-proxy needs a header", "Name it: --proxy-user-header NAME.")
    if token_file:
        read(Path(token_file))
    tokens = TokenFile(Path(token_file)) if token_file else None
    return Door(tokens, header, tuple(map(_network, proxies or _LOOPBACK)))


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(f"--trusted-proxy takes addresses: {error}") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@command.group()
def token() -> None:
    """Make, list and revoke tokens; a file holds their digests alone."""


_FILE = click.option("--token-file", "file", metavar="FILE", required=True, help="The tokens.")


@token.command()
@_FILE
@click.option("--scope", type=click.Choice(["read", "post"]), required=True)
@repeated("--project", "projects", metavar="GLOB", help="Whose reports it may post.")
@click.option("--name", required=True, help="What to call it.")
def create(file: str, scope: str, projects: tuple[str, ...], name: str) -> None:
    """Make a token and show it, once."""
    from conda_preflight.web.tokens import create as made

    if (scope == "post") != bool(projects):
        told = "A token that posts is for projects" if scope == "post" else "Only post has projects"
        raise UsageError(told, "Name them with --project GLOB, once for each, for --scope post.")
    click.echo(made(Path(file), name, scope, projects))


@token.command("list")
@_FILE
def show(file: str) -> None:
    """Show what each token may do."""
    from conda_preflight.web.tokens import read
    from conda_preflight.writers.escaping import visible

    for each in read(Path(file)):
        projects = f"  {', '.join(each.projects)}" if each.projects else ""
        click.echo(visible(f"{each.name}  {each.scope}  {each.created[:10]}{projects}"))


@token.command()
@_FILE
@click.argument("name")
def revoke(file: str, name: str) -> None:
    """Take the token of this name out."""
    from conda_preflight.web.tokens import revoke as taken

    taken(Path(file), name)
