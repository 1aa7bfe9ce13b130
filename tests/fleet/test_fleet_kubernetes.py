"""Nodes of Kubernetes: asked by the real client of a server on loopback that acts as a cluster."""

from __future__ import annotations

import _thread
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date

import pytest
import yaml
from click.testing import CliRunner
from kubernetes_validate import validate
from tests.fleet import fake_cluster as fake

from conda_preflight.audit import audit
from conda_preflight.cli import main, run
from conda_preflight.config import Settings
from conda_preflight.fleet import log_lines
from conda_preflight.fleet.answers import Listing, NodeAnswer
from conda_preflight.fleet.collect import Request, collect
from conda_preflight.fleet.kubernetes_states import has_begun_without_pods, state
from conda_preflight.project import open_project

IMAGE = f"registry.example.org/preflight@sha256:{'a' * 64}"
VERSIONS = ("1.31", "1.33", "1.35")
FILES = {f"lib/{number}.so": f"{number:064x}" for number in range(2_000)}


@pytest.fixture(scope="module")
def answer():
    """What a node answers that has an environment; the machine is this one."""
    files = Listing(FILES, {"conda:nccl": "2.20.5 0"})
    told = collect(Request(select=("image",)))
    facts = {"driver": "550.54.15", "files": "2,000 files, aaaa", "packages": "1, bbbb"}
    return replace(told, node="a-pod", listing=files, measured={**told.measured, **facts})


def other_driver(told):
    return replace(told, measured={**told.measured, "driver": "535.104.05"})


def altered(told):
    files = {**FILES, "lib/7.so": "f" * 64}
    measured = {**told.measured, "files": "2,000 files, cccc"}
    return replace(told, measured=measured, listing=replace(told.listing, files=files))


def rules():
    """What the written roles allow."""
    things = written("--image", "")
    return [rule for each in things if each["kind"].endswith("Role") for rule in each["rules"]]


def written(*words):
    line = ["fleet", "--kubernetes", "--manifests", "--image", IMAGE, *words]
    found = CliRunner(catch_exceptions=False).invoke(main, line)
    assert found.exit_code == 0, found.output
    return list(yaml.safe_load_all(found.stdout))


@pytest.fixture
def cluster(tmp_path, capsys, answer):
    """Makes a cluster of nodes, each with an answer, and a function that runs ``fleet`` on it."""
    servers = []

    def make(*nodes, **logs):
        made = [each if isinstance(each, dict) else fake.node(each) for each in nodes]
        world = fake.World(made, rules())
        whole = log_lines.write(answer)
        world.logs = dict.fromkeys(world.nodes, whole) | logs
        servers.append(fake.Server(world, tmp_path))

        def ask(*words):
            line = ["fleet", "--kubernetes", "--kubeconfig", str(servers[-1].kubeconfig)]
            capsys.readouterr()
            code = run([*line, "--image", IMAGE, "--format", "json", *words])
            out, err = capsys.readouterr()
            return code, json.loads(out) if out else {}, err

        return world, ask

    yield make
    for server in servers:
        server.close()


def by_node(told):
    return {each["node"]: f"{each['status']}: {each['reason'] or ''}" for each in told["nodes"]}


def test_the_odd_nodes_are_named_and_one_that_was_killed(cluster, answer, tmp_path):
    world, ask = cluster("a", "b", "driver", "env", "killed")
    world.logs["driver"] = log_lines.write(other_driver(answer))
    world.logs["env"] = f"a warning\n{log_lines.write(altered(answer))}bye\n"
    killed = (fake.GIVEN_UP, fake.pod_status("Failed", fake.ended(137, "OOMKilled")))
    world.becomes = {"killed": [fake.RUNNING, killed], "a": [fake.PENDING, fake.ANSWERED]}
    file = tmp_path / "ledger.sqlite"
    code, told, _ = ask("--ledger", f"sqlite:///{file}", "--prefix", "/opt/env")
    assert (code, told["verdict"]) == (1, "NO_GO")
    outliers = {each["fact"]: each["outliers"] for each in told["differences"]}
    assert outliers == {"driver": ["driver"], "files": ["env"]}
    assert [(e["node"], e["changed"]) for e in told["environments"]] == [("env", ["lib/7.so"])]
    assert "memory, of which it may have 1Gi" in by_node(told)["killed"]
    assert {len(world.jobs), len(world.deleted)} == {0, 5}
    assert file.exists()


def test_what_is_asked_of_the_server_is_what_the_roles_allow_and_no_more(cluster):
    world, ask = cluster("a", "b", "c")
    assert ask()[0] in (0, 2)
    named = {
        (verb, group, resource)
        for rule in world.rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert set(world.asked) <= named
    assert named == {
        *((verb, "", "nodes") for verb in ("get", "list")),
        *((verb, "batch", "jobs") for verb in ("create", "delete", "get", "list")),
        *((verb, "", "pods") for verb in ("get", "list")),
        ("get", "", "pods/log"),
    }


def failed(container):
    return [(fake.GIVEN_UP, fake.pod_status("Failed", container))]


EVICTED = fake.pod_status(
    "Failed", reason="Evicted", message="The node was low on resource: memory."
)
LATE = (fake.failed("DeadlineExceeded", "Job was active longer than specified deadline"), None)
DRAINED = {"type": "DisruptionTarget", "status": "True", "message": "Taint manager: deleting"}
FATES = {
    "tainted": [fake.unplaced("0/9 nodes are available: 1 node(s) had untolerated taint {x: }.")],
    "cordoned": [fake.unplaced("0/9 nodes are available: 1 node(s) were unschedulable.")],
    "busy": [fake.unplaced("0/9 nodes are available: 1 Insufficient nvidia.com/gpu."), LATE],
    "slow": [fake.RUNNING, LATE],
    "unpulled": [
        (fake.ACTIVE, fake.pod_status("Pending", fake.waiting("ImagePullBackOff", "Back-off x")))
    ],
    "evicted": [(fake.GIVEN_UP, EVICTED)],
    "drained": [(fake.GIVEN_UP, fake.pod_status("Failed", conditions=[DRAINED]))],
    "started": failed(fake.ended(128, "StartError", "exec: conda-preflight: not found")),
    "wrong": failed(fake.ended(2)),
    "gone": [(fake.COMPLETE, None)],
}
SAID = {
    "tainted": "failed: no place for its pod: 0/9 nodes are available: 1 node(s) had untolerated",
    "cordoned": "failed: no place for its pod: 0/9 nodes are available: 1 node(s) were unsched",
    "busy": "timed out: no answer in 600 seconds; no place for its pod: 0/9 nodes are available: 1",
    "slow": "timed out: no answer in 600 seconds; it has not ended",
    "unpulled": "failed: ImagePullBackOff: Back-off x",
    "evicted": "failed: Evicted: The node was low on resource: memory",
    "drained": "failed: its pod was taken away: Taint manager: deleting",
    "started": "failed: its container does not start: exec: conda-preflight: not found",
    "wrong": "failed: it ended with exit code 2: Error: No such option: --as-log",
    "gone": "failed: its pod was removed before its log could be read",
    "unready": "failed: it is not ready: PLEG is not healthy",
    "lost": "dead: its kubelet was lost: Kubelet stopped posting node status",
    "cut": "failed: its log is cut: ",
    "forged": "failed: a part of its log is altered",
    "silent": "failed: no answer is in its log; its last line is: hello",
    "older": "failed: has conda-preflight 0.0.1, and here it is",
    "endless": "failed: its log cannot be read: The API server does not answer: it sends more than",
    "unread": "failed: its log cannot be read: Refused to read logs (400): container is waiting",
}


def test_each_node_that_cannot_be_asked_says_why(cluster, answer):
    unready = {**fake.READY, "status": "False", "message": "PLEG is not healthy."}
    nodes = [fake.node("unready", ready=unready), fake.node("lost", ready=fake.LOST)]
    whole = log_lines.write(answer)
    facts = {path: f"{digest}{path}" for path, digest in list(FILES.items())[:1_500]}
    long = log_lines.write(replace(answer, measured=facts))
    older = json.dumps({"schema": "conda-preflight/node/1", "version": "0.0.1"})
    logs = {
        "wrong": "Usage: conda-preflight\nError: No such option: --as-log\n",
        "cut": long[: long.index("\n")],
        "forged": whole.replace("eJ", "eK", 1),
        "silent": "\n\nhello\n",
        "older": older,
        "endless": b"x" * (17 * 1024 * 1024),
        "unread": lambda http: http.status(400, "BadRequest", "container is waiting to start"),
    }
    named = [name for name in SAID if name not in ("unready", "lost")]
    world, ask = cluster(*nodes, *named, "fine", **logs)
    world.becomes = dict(FATES)
    code, told, _ = ask()
    found = by_node(told)
    assert code == 2
    assert found.pop("fine") == "reached: "
    assert {name: text[: len(SAID[name])] for name, text in found.items()} == SAID
    assert len(world.deleted) == len(named) + 1


def test_a_node_that_is_lost_while_it_is_asked_is_told_as_dead(cluster):
    world, ask = cluster("a", "b")

    def lose(http):
        world.nodes["b"] = fake.node("b", ready=fake.LOST)
        http.status(503, "ServiceUnavailable", "etcd leader changed", [("Retry-After", "0")])

    world.becomes["b"] = [fake.RUNNING, LATE]
    world.faults = [("GET", "pods", lose)]
    assert by_node(ask()[1])["b"].startswith("dead: its kubelet was lost")


def refusal(code, reason, message, *headers):
    return lambda http: http.status(code, reason, message, headers)


CREATE = ("create", "batch", "jobs")
SOON = ("Retry-After", "0")


@pytest.mark.parametrize(
    ("method", "resource", "answers"),
    [
        ("GET", "nodes", [refusal(410, "Expired", "The provided continue parameter is too old")]),
        ("GET", "nodes", [refusal(429, "TooManyRequests", "slow down", SOON)] * 2),
        ("GET", "jobs", [refusal(500, "InternalError", "x")]),
        ("POST", "jobs", [refusal(429, "TooManyRequests", "slow down", SOON)]),
        ("GET", "pods/log", [refusal(503, "ServiceUnavailable", "x", SOON)]),
        ("DELETE", "jobs", [refusal(404, "NotFound", "x")]),
    ],
    ids=lambda value: "" if isinstance(value, list) else value,
)
def test_what_passes_is_waited_for(cluster, method, resource, answers):
    world, ask = cluster("a", "b", "c")
    world.faults = [(method, resource, each) for each in answers]
    _, told, err = ask()
    assert {each["status"] for each in told["nodes"]} == {"reached"}
    assert (len(told["nodes"]), err) == (3, "")


def test_a_job_whose_creation_was_answered_by_nobody_is_not_made_twice(cluster, monkeypatch):
    world, ask = cluster("a")
    kept = fake.Handler.create

    def create(http, world, space, job):
        if world.asked.count(CREATE) > 1:
            kept(http, world, space, job)
        else:
            world.jobs[job["metadata"]["name"]] = job
            http.close_connection = True  # it is made, and the connection ends before the answer

    monkeypatch.setattr(fake.Handler, "create", create)
    assert by_node(ask()[1]) == {"a": "reached: "}
    assert (world.asked.count(CREATE), len(world.deleted)) == (2, 1)


@pytest.mark.parametrize(
    ("method", "resource", "answer_", "said"),
    [
        (
            "GET",
            "nodes",
            refusal(401, "Unauthorized", "Unauthorized"),
            "Refused to list nodes (401)",
        ),
        ("GET", "nodes", refusal(403, "Forbidden", "nodes is forbidden"), "nodes is forbidden"),
        ("GET", "nodes", lambda http: http.send(200, b"<html>", "text/html"), "is no API server"),
        (
            "POST",
            "jobs",
            refusal(404, "NotFound", 'namespaces "x" not found'),
            "--manifests writes",
        ),
        ("POST", "jobs", refusal(403, "Forbidden", "violates PodSecurity"), "violates PodSecurity"),
        ("GET", "pods", refusal(403, "Forbidden", "pods is forbidden"), "pods is forbidden"),
    ],
)
def test_a_refusal_ends_it_and_nothing_is_left(cluster, method, resource, answer_, said):
    world, ask = cluster("a", "b")
    world.faults = [(method, resource, answer_)]
    code, told, err = ask()
    assert (code, told) == (2, {})
    assert said in err
    assert "Traceback" not in err
    assert world.jobs == {}


def test_answers_that_came_are_kept_when_the_server_says_no(cluster):
    world, ask = cluster("a", "b")

    def expire(http):
        world.rules = [rule for rule in world.rules if "pods" not in rule["resources"]]
        data = log_lines.write(NodeAnswer("a"))
        http.send(200, data.encode(), "text/plain")

    world.logs["a"] = expire
    world.becomes["b"] = [fake.RUNNING]
    code, told, _ = ask()
    assert code == 2
    assert by_node(told)["a"] == "reached: "
    assert by_node(told)["b"].startswith("failed: Refused to list pods (403): pods is forbidden")


def test_an_interruption_removes_the_jobs(cluster):
    world, ask = cluster("a", "b")

    def interrupt(http):
        _thread.interrupt_main()
        http.status(503, "ServiceUnavailable", "x", [("Retry-After", "0")])

    world.becomes = {"a": [fake.RUNNING], "b": [fake.RUNNING]}
    world.faults = [("GET", "pods", interrupt)]
    code, told, err = ask()
    assert (code, told, err) == (2, {}, "\nStopped.\n")
    assert (world.jobs, len(world.deleted)) == ({}, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGTERM")
def test_who_ends_the_question_twice_finds_no_jobs(cluster, tmp_path):
    world, _ = cluster("a", "b", "c")
    begun, deleted = threading.Event(), threading.Event()
    world.becomes = dict.fromkeys("abc", [fake.RUNNING] * 1_000)
    world.faults = [
        ("GET", "pods", lambda http: (begun.set(), refusal(503, "Busy", "x")(http))),
        ("DELETE", "jobs", lambda http: (deleted.set(), refusal(503, "Busy", "x")(http))),
    ]
    words = ["fleet", "--kubernetes", "--kubeconfig", str(tmp_path / "kubeconfig")]
    process = subprocess.Popen(
        [sys.executable, "-m", "conda_preflight", *words, "--image", IMAGE],
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    for each in (begun, deleted):
        assert each.wait(60)
        process.terminate()
    assert process.wait(60) == -signal.SIGTERM
    assert (world.jobs, len(world.deleted)) == ({}, 3)
    assert {file.name for file in tmp_path.iterdir()} == {"kubeconfig"}


def test_jobs_that_cannot_be_removed_are_told_and_the_answers_too(cluster):
    world, ask = cluster("a")
    world.faults = [("DELETE", "jobs", refusal(403, "Forbidden", "may not"))]
    code, told, err = ask()
    assert by_node(told) == {"a": "reached: "}
    assert code == 0 or told["verdict"] == "UNKNOWN"
    assert "1 job left, which the cluster ends in time" in err
    assert "kubectl delete jobs" in err
    _, later, _ = ask()
    assert "Jobs of other runs are there" in later["notes"][0]


def test_nodes_are_chosen_by_label_and_name(cluster):
    gpu = {"nvidia.com/gpu.present": "true"}
    world, ask = cluster(fake.node("g1", gpu), fake.node("g2", gpu), "head")
    chosen = ("--only", "nvidia.com/gpu.present=true")
    assert list(by_node(ask(*chosen)[1])) == ["g1", "g2"]
    assert list(by_node(ask(*chosen, "--node", "node/g2")[1])) == ["g2"]
    assert "There is no node head with" in ask(*chosen, "--node", "head")[2]
    assert "No node has pool=a" in ask("--only", "pool=a")[2]
    assert world.jobs == {}


EVERYTHING = [
    *("--gpus", "8", "--runtime-class", "nvidia", "--host-prefix", "/opt/envs/llm"),
    *("--tolerate", "all", "--tolerate", "nvidia.com/gpu", "--tolerate", "a=b:NoSchedule"),
    *("--select", "node,gpu", "--fail-on", "warning", "--full"),
    *("--prefix", "$CONDA_PREFIX", "/app"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("words", [[], EVERYTHING], ids=["least", "everything"])
def test_manifests_are_valid_in_each_version(words, version):
    for thing in written("--node", "node/gpu-02.example.org", *words):
        validate(thing, version, strict=True)


def test_a_pod_may_do_nothing_and_one_folder_of_the_node_is_read_alone():
    things = written("--node", "a", "--node", "b", *EVERYTHING)
    kinds = [each["kind"] for each in things]
    assert kinds == [
        "Namespace",
        "ServiceAccount",
        "ServiceAccount",
        "ClusterRole",
        "Role",
        "ClusterRoleBinding",
        "RoleBinding",
        "Job",
        "Job",
    ]
    assert {each["subjects"][0]["name"] for each in things[5:7]} == {"conda-preflight-asker"}
    assert not any(each["automountServiceAccountToken"] for each in things[1:3])
    pod = things[-1]["spec"]["template"]["spec"]
    assert not {"hostPID", "hostNetwork", "hostIPC", "nodeName"} & pod.keys()
    assert pod["automountServiceAccountToken"] is False
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    (mount,) = [each for each in container["volumeMounts"] if each["name"] == "host"]
    assert (mount["mountPath"], mount["readOnly"]) == ("/opt/envs/llm", True)
    assert container["args"][:4] == ["fleet", "--here", "--as-log", "--node=$(NODE_NAME)"]
    assert "--prefix=$$CONDA_PREFIX" in container["args"]
    assert container["args"][-2:] == ["--", "/app"]
    other = written("--node", "a", "--host-prefix", "/e")[-1]["spec"]["template"]["spec"]
    assert "--prefix=/e" in other["containers"][0]["args"]
    profile = "pod-security.kubernetes.io/enforce"
    assert things[0]["metadata"]["labels"][profile] == "privileged"
    assert written("--node", "a")[0]["metadata"]["labels"][profile] == "restricted"


def test_our_own_rules_find_nothing_in_what_is_written(tmp_path):
    file = tmp_path / "fleet.yaml"
    file.write_text(yaml.safe_dump_all(written("--node", "a")))
    report = audit(open_project(file, Settings()), Settings(), date(2026, 11, 24))
    assert [each.message for each in report.findings] == []
    assert any(each.rule == "image/runs-as-root" for each in report.outcomes)


def test_the_same_question_has_the_same_manifests_and_another_has_other_jobs():
    first, again, other = (written("--node", "a", "--prefix", each) for each in ("/x", "/x", "/y"))
    assert first == again
    assert first[-1]["metadata"]["name"] != other[-1]["metadata"]["name"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--image", "a:1"], "a:1 names no digest"),
        (["--image", IMAGE, "--namespace", "A b"], "is no name of a namespace"),
        (["--image", IMAGE, "--host-prefix", "/"], "'/' cannot be mounted"),
        (["--image", IMAGE, "--host-prefix", "/a/../etc"], "cannot be mounted"),
        (["--image", IMAGE, "--tolerate", "a b"], "'a b' is no taint"),
        (["--image", IMAGE, "--node", "A\x1b"], "is no name of a node"),
        (["--image", IMAGE, "--kubeconfig", "/no/where"], "There is no kubeconfig /no/where"),
    ],
)
def test_wrong_use_has_a_sentence(capsys, words, said):
    node = [] if "--node" in words or "--kubeconfig" in words else ["--node", "a"]
    assert run(["fleet", "--kubernetes", "--manifests", *words, *node]) == 2
    assert said in capsys.readouterr().err


def test_without_an_image_nobody_is_asked_and_what_is_needed_is_written(capsys):
    assert run(["fleet", "--kubernetes", "--prefix", "/e"]) == 2
    assert "Which image is to be run" in capsys.readouterr().err
    needed = written("--image", "")
    assert needed == written("--node", "a")[:-1]
    assert {each["kind"] for each in needed} & {"Job", "Pod"} == set()


def test_without_names_the_cluster_says_which_nodes_there_are(cluster, tmp_path):
    world, _ = cluster("a", "b", fake.node("c", {"pool": "x"}))
    config = ("--kubeconfig", str(tmp_path / "kubeconfig"))
    asked = [each for each in written(*config) if each["kind"] == "Job"]
    assert [fake.node_of(job) for job in asked] == ["a", "b", "c"]
    (job,) = [each for each in written(*config, "--only", "pool=x") if each["kind"] == "Job"]
    assert fake.node_of(job) == "c"
    assert {verb for verb, _, _ in world.asked} == {"list"}


@pytest.mark.parametrize("option", ["--image=x", "--gpus=1", "--manifests", "--tolerate=a"])
def test_options_of_a_cluster_are_for_a_cluster(capsys, option):
    assert run(["fleet", "--here", option]) == 2
    assert "says nothing with --here\n  It is for --kubernetes.\n" in capsys.readouterr().err


def test_without_the_client_it_is_said_how_to_get_it():
    code = f"""
import sys
sys.modules["kubernetes"] = sys.modules["kubernetes.client"] = None
from conda_preflight.audit import audit
from conda_preflight.cli import main, run
from conda_preflight.config import Settings
sys.exit(run(["fleet", "--kubernetes", "--image", "{IMAGE}"]))
"""
    found = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert found.returncode == 2
    assert "pip install 'conda-preflight[kubernetes]'" in found.stderr


@pytest.mark.parametrize("broken", [None, 3, "x", [], {"status": 1}, {"status": {"conditions": 1}}])
def test_objects_of_another_kind_say_nothing(broken):
    assert state(broken, [broken, {}]).status == "waiting"
    assert not has_begun_without_pods(broken, [])


def test_a_job_without_pods_has_begun():
    begun = {"status": {"startTime": fake.NOW}}
    assert has_begun_without_pods(begun, [])
    assert not has_begun_without_pods({"status": {**begun["status"], "active": 1}}, [])


def test_logs_of_many_nodes_in_one_file_are_read(tmp_path, capsys, answer):
    told = [replace(answer, node=name) for name in ("a", "b")] + [
        replace(other_driver(altered(answer)), node="c")
    ]
    lines = [log_lines.write(each).splitlines() for each in told]
    mixed = [
        f"[pod/{at}/ask] {line}" for row in zip(*lines, strict=False) for at, line in enumerate(row)
    ]
    longest = max(map(len, lines))
    rest = [line for row in lines for line in row[min(map(len, lines)) : longest]]
    (tmp_path / "all.log").write_text("\n".join([*mixed, "noise", *rest]))
    (tmp_path / "one.log").write_text(
        f"warning\n{json.dumps({'schema': 'conda-preflight/node/1'})}"
    )
    assert run(["fleet", "--answers", str(tmp_path), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {e["node"]: e["verdict"] for e in found["nodes"]}["c"] == "NO_GO"
    assert {each["node"] for each in found["nodes"]} == {"a", "b", "c", "one"}
    assert found["environments"][0]["changed"] == ["lib/7.so"]


def test_a_list_of_files_that_is_too_long_for_a_log_is_left_out(answer, monkeypatch):
    whole = log_lines.write(answer)
    assert all(len(line) < 16_000 for line in whole.splitlines())
    monkeypatch.setattr(log_lines, "MAX_LISTING", 10_000)
    short = log_lines.write(answer)
    (found,) = log_lines.read("x", short.splitlines())
    assert (found.node, found.listing) == ("a-pod", None)
    (found,) = log_lines.read("x", whole.splitlines())
    assert found.listing.files == FILES


def test_what_unpacks_to_too_much_is_refused(monkeypatch):
    bomb = log_lines.write(NodeAnswer("n", measured={"x": "0" * 200_000}))
    monkeypatch.setattr(log_lines, "MAX_BYTES", 100_000)
    (found,) = log_lines.read("n", bomb.splitlines())
    assert found.reason == "what it sent is larger than 0 MiB"
