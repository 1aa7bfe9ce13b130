"""An API server of a small cluster, on loopback: objects of the shape that a real one sends.

It knows who may do what by the roles that are given to it, checks each job by the schema of
Kubernetes, gives lists in pages, and lets pods become what a node is said to make of them. By hand:
``python -m tests.fleet.fake_cluster FOLDER`` serves answers from files named as their nodes.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml
from kubernetes_validate import ValidationError, validate

TOKEN = "a-token-of-the-tests"  # noqa: S105  (it opens nothing)
NOW = "2026-11-24T12:00:00Z"
READY = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is ready"}
LOST = {
    "type": "Ready",
    "status": "Unknown",
    "reason": "NodeStatusUnknown",
    "message": "Kubelet stopped posting node status.",
}


def node(name, labels=None, ready=READY):
    return {
        "metadata": {
            "name": name,
            "uid": f"uid-{name}",
            "labels": {"kubernetes.io/hostname": name, **(labels or {})},
        },
        "spec": {"podCIDR": "10.42.0.0/24"},
        "status": {
            "conditions": [{"type": "MemoryPressure", "status": "False"}, ready],
            "nodeInfo": {"kernelVersion": "5.15.0", "kubeletVersion": "v1.33.1"},
        },
    }


def waiting(reason, message=""):
    return {"state": {"waiting": {"reason": reason, "message": message}}}


def ended(code, reason="Error", message=""):
    told = {"exitCode": code, "reason": reason, "message": message, "finishedAt": NOW}
    return {"state": {"terminated": told}}


class World:
    """The cluster: ``nodes`` by name, and ``becomes``, what a node makes of the job given to it.

    A value of ``becomes`` is a list of (status of the job, status of its pod or None), one for each
    look at the pods, of which the last stays. ``logs`` are by node, ``faults`` (method, resource,
    answer) are given once each before anything else.
    """

    def __init__(self, nodes, rules=None, version="1.33"):
        self.nodes = {each["metadata"]["name"]: each for each in nodes}
        self.rules, self.version = rules, version
        self.becomes, self.logs, self.faults = {}, {}, []
        self.jobs, self.looks, self.asked, self.deleted = {}, Counter(), [], []
        self.accounts = {"conda-preflight-fleet"}
        self.namespaces = {"conda-preflight-fleet"}
        self.pages = {}
        self.lock = threading.Lock()

    def may(self, verb, group, resource):
        return self.rules is None or any(
            group in rule["apiGroups"] and resource in rule["resources"] and verb in rule["verbs"]
            for rule in self.rules
        )

    def step(self, job):
        steps = self.becomes.get(node_of(job), [ANSWERED])
        return steps[min(self.looks[job["metadata"]["name"]], len(steps) - 1)]

    def job(self, job):
        status, _ = self.step(job)
        return {**job, "status": {"startTime": NOW, **status}}

    def pod(self, job):
        template, (_, status) = job["spec"]["template"], self.step(job)
        self.looks[job["metadata"]["name"]] += 1
        if status is None or template["spec"]["serviceAccountName"] not in self.accounts:
            return None
        name = f"{job['metadata']['name']}-x7k2p"
        about = {**template["metadata"], "name": name, "creationTimestamp": NOW}
        about["namespace"] = job["metadata"]["namespace"]
        spec = {**template["spec"], "nodeName": node_of(job)}
        return {"metadata": about, "spec": spec, "status": status}


def pod_status(phase, container=None, **more):
    containers = [{"name": "ask", **container}] if container else []
    return {"phase": phase, "containerStatuses": containers, **more}


def failed(reason, message=""):
    told = {"type": "Failed", "status": "True", "reason": reason, "message": message}
    return {"failed": 1, "conditions": [told]}


COMPLETE = {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}
ACTIVE = {"active": 1}
PENDING = (ACTIVE, pod_status("Pending", waiting("ContainerCreating")))
RUNNING = (ACTIVE, pod_status("Running", {"state": {"running": {"startedAt": NOW}}}))
ANSWERED = (COMPLETE, pod_status("Succeeded", ended(0, "Completed")))
GIVEN_UP = failed("BackoffLimitExceeded", "Job has reached the specified backoff limit")


def unplaced(message):
    told = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    return (ACTIVE, pod_status("Pending", conditions=[{**told, "message": message}]))


def node_of(job):
    affinity = job["spec"]["template"]["spec"]["affinity"]["nodeAffinity"]
    terms = affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    (field,) = terms[0]["matchFields"]
    assert (field["key"], field["operator"]) == ("metadata.name", "In")
    return field["values"][0]


def fits(selector, labels):
    wanted = [each.partition("=") for each in selector.split(",") if each]
    return all(labels.get(k) == v if equals else k in labels for k, equals, v in wanted)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.answer("list")

    def do_POST(self):
        self.answer("create")

    def do_DELETE(self):
        self.answer("delete")

    def answer(self, verb):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size) if size else b""
        url = urlsplit(self.path)
        group, space, resource, name = place(url.path)
        verb = "get" if verb == "list" and name else verb
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        world = self.server.world
        with world.lock:
            world.asked.append((verb, group, resource))
            for fault in world.faults:
                if fault[:2] == (self.command, resource):
                    world.faults.remove(fault)
                    fault[2](self)
                    return
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.status(401, "Unauthorized", "Unauthorized")
            elif not world.may(verb, group, resource):
                why = f'{resource} is forbidden: User "dev" cannot {verb} resource "{resource}"'
                self.status(403, "Forbidden", f'{why} in API group "{group}"')
            else:
                self.known(world, verb, resource, (space, name, query, body))

    def known(self, world, verb, resource, asked):
        space, name, query, body = asked
        if (verb, resource) == ("create", "jobs"):
            self.create(world, space, json.loads(body))
        elif (verb, resource) == ("delete", "jobs"):
            if world.jobs.pop(name, None) is None:
                self.status(404, "NotFound", f'jobs.batch "{name}" not found')
            else:
                world.deleted.append(name)
                self.json(200, {"kind": "Status", "apiVersion": "v1", "status": "Success"})
        elif resource == "pods/log":
            self.log(world, name)
        else:
            found = {
                "nodes": lambda: list(world.nodes.values()),
                "jobs": lambda: [world.job(job) for job in world.jobs.values()],
                "pods": lambda: [pod for job in world.jobs.values() if (pod := world.pod(job))],
            }[resource]
            if not query.get("continue"):
                world.pages[resource] = found()
            self.page(resource, world.pages[resource], query)

    def create(self, world, space, job):
        own = job["metadata"]["name"]
        if space not in world.namespaces:
            self.status(404, "NotFound", f'namespaces "{space}" not found')
        elif own in world.jobs:
            self.status(409, "AlreadyExists", f'jobs.batch "{own}" already exists')
        else:
            try:
                validate(job, world.version, strict=True)
            except ValidationError as error:
                self.status(422, "Invalid", f'Job.batch "{own}" is invalid: {error.message}')
                return
            world.jobs[own] = job
            self.json(201, job)

    def page(self, resource, items, query):
        chosen = query.get("labelSelector", "")
        rows = [each for each in items if fits(chosen, each["metadata"].get("labels", {}))]
        start, limit = int(query.get("continue", 0)), int(query.get("limit", 0)) or len(rows)
        limit = min(limit, self.server.page) if query.get("limit") else limit
        about = {"resourceVersion": "4711"}
        if start + limit < len(rows):
            about["continue"] = str(start + limit)
        kind = {"nodes": "NodeList", "jobs": "JobList", "pods": "PodList"}[resource]
        version = "batch/v1" if resource == "jobs" else "v1"
        told = {"kind": kind, "apiVersion": version, "metadata": about}
        self.json(200, {**told, "items": rows[start : start + limit]})

    def log(self, world, pod):
        job = world.jobs[pod.rpartition("-")[0]]
        told = world.logs.get(node_of(job), "")
        if callable(told):
            told(self)
            return
        data = told.encode() if isinstance(told, str) else told
        self.send(200, data, "text/plain")

    def json(self, code, value, headers=()):
        self.send(code, json.dumps(value).encode(), "application/json", headers)

    def status(self, code, reason, message, headers=()):
        told = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code}
        self.json(code, {**told, "reason": reason, "message": message}, headers)

    def send(self, code, data, kind, headers=()):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for key, value in headers:
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)


def place(path):
    """Group, namespace, resource with its part, and name of a path of the API."""
    parts = path.strip("/").split("/")
    group, rest = ("", parts[2:]) if parts[0] == "api" else (parts[1], parts[3:])
    space = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        space, rest = rest[1], rest[2:]
    name = rest[1] if len(rest) > 1 else ""
    return group, space, "/".join([rest[0], *rest[2:]]), name


class Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away before the end is none of the server's faults."""


class Server:
    """The world at a port of loopback, and the kubeconfig that leads there."""

    def __init__(self, world, folder, page=2):
        self.http = Listening(("127.0.0.1", 0), Handler)
        self.http.world, self.http.page = world, page
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        self.kubeconfig = folder / "kubeconfig"
        self.kubeconfig.write_text(yaml.safe_dump(self.config()))

    def config(self):
        host = f"http://127.0.0.1:{self.http.server_address[1]}"
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "tests",
            "clusters": [{"name": "c", "cluster": {"server": host}}],
            "users": [{"name": "dev", "user": {"token": TOKEN}}],
            "contexts": [{"name": "tests", "context": {"cluster": "c", "user": "dev"}}],
        }

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def main(folder):
    files = {file.stem: file for file in sorted(Path(folder).glob("*.log"))}
    world = World([node(name) for name in files])
    world.logs = {name: file.read_bytes() for name, file in files.items()}
    world.becomes = {name: [PENDING, RUNNING, ANSWERED] for name in files}
    server = Server(world, Path(folder))
    sys.stdout.write(f"{server.kubeconfig}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
