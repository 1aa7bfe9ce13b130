"""Rules for images and workloads at their edges, on texts as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.documents import Dockerfile, Workload
from conda_preflight.grammar.gpu_amount import asks_gpu, gpus, is_gpu
from conda_preflight.grammar.image_name import base_images
from conda_preflight.grammar.secret_value import holds_secret, is_weak
from conda_preflight.grammar.url import redact
from conda_preflight.intake import read_content
from conda_preflight.project import open_project
from conda_preflight.report import Status, Verdict
from conda_preflight.testing import write_files

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: chat}\nspec:\n"


def pod(container: str, spec: str = "") -> str:
    return f"{POD}{spec}  containers:\n    - {{name: server, {container}}}\n"


def report_of(tmp_path, files, *rules):
    write_files(files, tmp_path)
    settings = Settings(select=rules)
    return audit(open_project(tmp_path, settings), settings, date(2026, 11, 24))


def told(tmp_path, files, rule):
    report = report_of(tmp_path, files, rule)
    return [(f.severity.value, f.problem.message) for f in report.findings]


def only(text: str, kind: type, name: str = "pod.yaml"):
    (found,) = (doc for doc in read_content(name, text.encode()) if isinstance(doc, kind))
    return found


@pytest.mark.parametrize(
    ("image", "severity"),
    [
        ("image: chat", "error"),
        ("image: 'registry.example.org:5000/nlp/chat'", "error"),
        ("image: 'a/chat:latest'", "error"),
        ("image: 'a/chat:latest', imagePullPolicy: Never", "warning"),
        ("image: 'a/chat:1.2'", "warning"),
        ("image: 'a/chat:latest@sha256:0123'", None),
        ("image: '${IMAGE}'", None),
        ("image: 'a/chat:$(TAG)'", None),
        ("image: 'a/chat:IMAGE_TAG'", None),
        ("image: IMAGE_PLACEHOLDER", None),
        ("image: 'a/<name>:1'", None),
        ("image: '{{workflow.parameters.image}}'", None),
    ],
)
def test_images_of_workloads(tmp_path, image, severity):
    found = told(tmp_path, {"pod.yaml": pod(image)}, "image/floating-image")
    assert [weight for weight, _ in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("limits: {nvidia.com/gpu: 1}, requests: {nvidia.com/gpu: '1'}", False),
        ("requests: {nvidia.com/gpu: 1}", True),
        ("requests: {amd.com/gpu: 1}, limits: {amd.com/gpu: 2}", True),
        ("limits: {nvidia.com/gpu: 500m}", True),
        ("limits: {nvidia.com/gpu: 1.5}", True),
        ("limits: {nvidia.com/gpu: 2000m}", False),
        ("limits: {nvidia.com/gpu: 1.0}", False),
        ("limits: {nvidia.com/gpu: '$(GPUS)'}, requests: {nvidia.com/gpu: 1}", False),
        ("requests: {cpu: 500m, memory: 1Gi}", False),
        ("limits: {nvidia.com/mig-1g.10gb: 1}", False),
    ],
)
def test_amounts_of_gpus(tmp_path, resources, expected):
    files = {"pod.yaml": pod(f"image: x, resources: {{{resources}}}")}
    assert bool(told(tmp_path, files, "image/invalid-gpu-amount")) is expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("nvidia.com/gpu", True),
        ("nvidia.com/gpu.shared", True),
        ("nvidia.com/mig-3g.40gb", True),
        ("gpu.intel.com/i915", True),
        ("aws.amazon.com/neuroncore", True),
        ("google.com/tpu", True),
        ("rdma/ib", False),
        ("memory", False),
        ("vpc.amazonaws.com/efa", False),
    ],
)
def test_what_is_an_accelerator(resource, expected):
    assert is_gpu(resource) is expected


def test_shares_are_not_counted_and_claims_are():
    share = only(pod("image: x, resources: {limits: {nvidia.com/gpumem: 8}}"), Workload).main[0]
    claim = only(pod("image: x, resources: {claims: [{name: gpu}]}"), Workload).main[0]
    none = only(pod("image: x, resources: {limits: {nvidia.com/gpu: 0}}"), Workload).main[0]
    assert (gpus(share), asks_gpu(share)) == (0, True)
    assert (gpus(claim), asks_gpu(claim)) == (1, True)
    assert (gpus(none), asks_gpu(none)) == (0, False)


@pytest.mark.parametrize(
    ("security", "spec", "expected"),
    [
        ("", "", "may run as root"),
        ("securityContext: {runAsUser: 0}", "", "runs as root"),
        ("securityContext: {runAsUser: 0}", "  securityContext: {runAsUser: 1000}\n", "runs as"),
        ("securityContext: {runAsUser: 1000}", "  securityContext: {runAsUser: 0}\n", ""),
        ("securityContext: {runAsNonRoot: false}", "", "may run as root"),
        ("", "  securityContext: {runAsNonRoot: true}\n", ""),
        ("", "  hostUsers: false\n", ""),
    ],
)
def test_root_in_a_pod(tmp_path, security, spec, expected):
    text = pod(f"image: x, {security}".rstrip(", "), spec)
    found = told(tmp_path, {"pod.yaml": text}, "image/runs-as-root")
    assert bool(found) is bool(expected)
    assert not expected or expected in found[0][1]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HF_TOKEN", "hf_abcdefghijklmnopqrstuvwxyz", True),
        ("OTHER", "hf_abcdefghijklmnopqrstuvwxyz", True),
        ("DATABASE_URL", "postgresql://app:hunter2hunter2@db:5432/x", True),
        ("DB_PASSWORD", "Tr0ub4dor-and-3", True),
        ("HF_TOKEN", "", False),
        ("HF_TOKEN", "$(TOKEN)", False),
        ("HF_TOKEN", "<your token>", False),
        ("HF_TOKEN", "your-token-here", False),
        ("OPENAI_API_KEY", "EMPTY", False),
        ("API_KEY", "REPLACE_ME_WITH_KEY", False),
        ("API_KEY", "sk-xxxxxxxxxxxx", False),
        ("TOKEN_FILE", "/run/secrets/token1", False),
        ("EOS_TOKEN_ID", "abcdefghijk1", False),
        ("STOP_TOKEN", "|im_end_of_it|", False),
        ("MAX_TOKENS", "100000000000", False),
        ("IMAGE_PULL_SECRET", "registry-1234", False),
    ],
)
def test_secrets_by_name_and_value(name, value, expected):
    assert holds_secret(name, value) is expected


def test_words_alone_may_be_the_name_of_a_secret(tmp_path):
    assert is_weak("hugging-face.token")
    assert not is_weak("Tr0ub4dor")
    files = {"pod.yaml": pod("image: x, env: [{name: A_SECRET, value: hugging-face}]")}
    assert [weight for weight, _ in told(tmp_path, files, "image/secret")] == ["warning"]


def test_a_secret_in_a_manifest_is_never_shown(tmp_path):
    secret = "wJalrXUtnFEMIK7MDENGbPxRfiCY"  # noqa: S105  (of nobody)
    files = {
        "a.yaml": pod(f"image: x, env: [{{name: AWS_SECRET_ACCESS_KEY, value: {secret}}}]"),
        "b.yaml": pod(f'image: x, "env": [{{"name": "MY_SECRET_KEY_2", "value": "{secret}"}}]'),
        "c.yaml": POD + "  containers:\n    - image: x\n      name: y\n      env:\n"
        f"        - name: API_KEY\n          value: {secret}\n",
    }
    report = report_of(tmp_path, files, "image/secret")
    assert len(report.findings) == 3
    shown = [text for f in report.findings for text in (f.excerpt, f.problem.message)]
    assert not [text for text in shown if secret in text]
    assert redact("{name: TOKEN_SET, value: on-and-off}").endswith("***")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('["sh", "-c", "pip install vllm && vllm serve x"]', "pip install vllm"),
        ('["bash", "-lc", "conda env update -n base -f /e.yml"]', "conda env update /e.yml"),
        ('["python", "-m", "pip", "install", "-r", "r.txt"]', "python -m pip install r.txt"),
        ('["sh", "-c", "apt-get -y update; apt-get install -y git"]', "apt-get install"),
        ('["sh", "-c", "apk add --no-cache git"]', "apk add"),
        ('["uv", "sync"]', "uv sync"),
        ('["conda", "run", "-n", "x", "pip", "install", "y"]', "conda run x pip install y"),
        ('["vllm", "serve", "--install-hint", "x"]', ""),
        ('["sh", "-c", "echo pip install vllm"]', ""),
    ],
)
def test_what_installs_at_the_start(tmp_path, command, expected):
    files = {"pod.yaml": pod(f"image: x, command: {command}")}
    found = told(tmp_path, files, "image/installs-at-start")
    assert [m.split("`")[1] for _, m in found] == ([expected] if expected else [])


def test_where_a_template_is_all_there_is_nothing_is_known(tmp_path):
    text = pod('image: "{{ .Values.image }}"')
    report = report_of(tmp_path, {"templates/pod.yaml": text}, "image")
    assert report.verdict is Verdict.UNKNOWN
    reasons = {o.reason for o in report.outcomes if o.status is Status.SKIPPED and o.subject}
    assert any("helm template" in reason for reason in reasons)
    assert not [o for o in report.outcomes if o.status is Status.PASSED]


def test_a_patch_is_judged_by_what_it_says_alone(tmp_path):
    text = POD + "  containers:\n    - {name: a, securityContext: {privileged: true}}\n"
    report = report_of(tmp_path, {"patch.yaml": text}, "image")
    assert [f.rule for f in report.findings] == ["image/privileged-container"]


def test_ray_and_the_host_bring_shared_memory(tmp_path):
    four = "image: x, resources: {limits: {nvidia.com/gpu: 4}}"
    ray = pod(four).replace("kind: Pod", "kind: RayCluster")
    files = {"ray.yaml": ray, "host.yaml": pod(four, "  hostIPC: true\n")}
    assert not told(tmp_path, files, "image/small-shared-memory")
    (found,) = told(tmp_path, {"pod.yaml": pod(four)}, "image/small-shared-memory")
    assert "4 GPUs" in found[1]


def test_an_argument_that_chooses_a_stage_is_no_base():
    text = (
        "ARG CUDA=10.2\nARG TARGET=cuda${CUDA}\nFROM debian:12 AS base\nFROM base AS cuda11.8\n"
        "FROM ${TARGET}\n"
    )
    found = only(text, Dockerfile, "Dockerfile")
    assert [image.written for image in base_images(found)] == ["debian:12"]


@pytest.mark.parametrize(
    ("source", "severity"),
    [
        (".ssh/id_ed25519", "error"),
        (".aws", "error"),
        ("kaggle.json", "error"),
        (".env", "warning"),
        ("deploy/.env.production", "warning"),
        (".npmrc", "warning"),
        ("client-private.pem", "warning"),
        ("tls/server.key", "warning"),
        ("tls/key.pem", "warning"),
        ("nodesource.gpg.key", None),
        ("pubkey.pem", None),
        (".env.example", None),
        ("ca.pem", None),
        ("environment.yml", None),
        ("--from=build /root/.netrc", None),
    ],
)
def test_files_of_secrets(tmp_path, source, severity):
    files = {"Dockerfile": f"FROM debian:12\nCOPY {source} /root/\n"}
    found = told(tmp_path, files, "image/secret-file")
    assert [weight for weight, _ in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("between", "start", "expected"),
    [
        ("", 'CMD ["python", "a.py"]', True),
        ("", "CMD python a.py", True),
        ("", 'ENTRYPOINT ["./start.sh"]', False),
        ("", 'CMD ["/opt/conda/envs/chat/bin/python", "a.py"]', False),
        ("", 'CMD ["bash"]', False),
        ("", "", False),
        ("ENV PATH=/opt/conda/envs/chat/bin:$PATH\n", 'CMD ["python", "a.py"]', False),
        ("RUN echo 'conda activate chat' >> ~/.bashrc\n", 'CMD ["python", "a.py"]', False),
        ("RUN conda activate chat\n", 'CMD ["python", "a.py"]', True),
        ("RUN source activate chat && pip install x\n", "CMD python a.py", True),
        ("RUN conda activate chat && conda env list > ~/.profile\n", "CMD python a.py", False),
        ("ENV CONDA_DEFAULT_ENV=chat\n", 'CMD ["python", "a.py"]', False),
        ("FROM debian:12\nCOPY --from=0 /x /x\n", 'CMD ["python", "a.py"]', False),
    ],
)
def test_an_environment_that_nothing_enters(tmp_path, between, start, expected):
    made = "FROM condaforge/miniforge3:24.9.2-0\nRUN conda create -n chat python=3.11\n"
    files = {"Dockerfile": f"{made}{between}{start}\n"}
    assert bool(told(tmp_path, files, "image/unused-environment")) is expected


def test_the_name_in_the_manifest_counts_and_an_unknown_one_is_not_judged(tmp_path):
    made = "FROM condaforge/miniforge3:24.9.2-0\nCOPY environment.yml .\nRUN conda env create\n"
    files = {"Dockerfile": f'{made}CMD ["python", "a.py"]\n'}
    assert not told(tmp_path, files, "image/unused-environment")
    files["environment.yml"] = "name: chat\ndependencies: [python=3.11]\n"
    (found,) = told(tmp_path, files, "image/unused-environment")
    assert found[0] == "error"
    assert "The environment chat is made here" in found[1]


@pytest.mark.parametrize(
    ("ignored", "left"),
    [
        (".pixi\n", False),
        ("/.pixi/\n", False),
        ("**/.pixi\n", False),
        (".pixi/**\n", False),
        (".*\n", False),
        ("*\n!src\n", False),
        ("*\n!.pixi\n", True),
        ("# .pixi\n", True),
        (".pixirc\n", True),
        ("", True),
    ],
)
def test_what_a_dockerignore_leaves_out(tmp_path, ignored, left):
    files = {
        "pixi.toml": '[workspace]\nname = "x"\nchannels = []\nplatforms = ["linux-64"]\n',
        "docker/Dockerfile": "FROM debian:12\nCOPY pixi.toml .\nCOPY . /app\n",
        ".dockerignore": ignored,
    }
    found = told(tmp_path, files, "image/unfiltered-context")
    assert bool(found) is left
    assert not left or ".dockerignore does not leave out .pixi" in found[0][1]


def test_the_context_of_a_dockerfile_in_a_folder_is_that_folder(tmp_path):
    workspace = '[workspace]\nname = "x"\nchannels = []\nplatforms = ["linux-64"]\n'
    files = {"pixi.toml": workspace, "app/Dockerfile": "FROM debian:12\nCOPY . /app\n"}
    assert not told(tmp_path, files, "image/unfiltered-context")
    files["app/pixi.toml"] = workspace
    assert told(tmp_path, files, "image/unfiltered-context")
    files[".dockerignore"] = "**/.pixi\n"
    assert not told(tmp_path, files, "image/unfiltered-context")


def test_a_dockerignore_of_the_dockerfile_itself_counts(tmp_path):
    files = {
        "pixi.lock": "version: 6\nenvironments: {}\npackages: []\n",
        "gpu.Dockerfile": "FROM debian:12\nADD ./ /app\n",
        "gpu.Dockerfile.dockerignore": ".pixi\n",
    }
    assert not told(tmp_path, files, "image/unfiltered-context")
    del files["gpu.Dockerfile.dockerignore"]
    (tmp_path / "gpu.Dockerfile.dockerignore").unlink()
    ((_, message),) = told(tmp_path, files, "image/unfiltered-context")
    assert "no .dockerignore leaves out .pixi" in message


CUDA = "@EXPLICIT\nhttps://conda.example.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_py311_300.conda\n"


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        (["image: a/chat"], True),
        (["image: a/chat-cpu"], False),
        (["image: 'a/chat:1-cpu', command: [python, serve.py]"], False),
        (["image: a/chat", "image: redis"], False),
        (["image: a/chat, command: [python, serve.py]", "image: redis"], True),
        (["image: vllm/vllm-openai", "image: x, resources: {limits: {amd.com/gpu: 1}}"], False),
        (["image: vllm/vllm-openai", "image: x, resources: {claims: [{name: g}]}"], False),
    ],
)
def test_workloads_of_a_gpu_environment(tmp_path, containers, expected):
    files = {f"pod{n}.yaml": pod(text) for n, text in enumerate(containers)}
    assert not told(tmp_path, files, "image/no-gpu-limit")
    files["conda-linux-64.lock"] = CUDA
    found = told(tmp_path, files, "image/no-gpu-limit")
    assert bool(found) is expected
    assert not expected or "conda-linux-64.lock holds pytorch 2.7.1" in found[0][1]


def test_a_lock_for_the_cpu_counts_before_the_name_of_the_manifest(tmp_path):
    files = {
        "pod.yaml": pod("image: a/chat"),
        "environment.yml": "name: chat_gpu\ndependencies: [python=3.11]\n",
    }
    assert told(tmp_path, files, "image/no-gpu-limit")
    files["conda-linux-64.lock"] = CUDA.replace("cuda129", "cpu_generic")
    assert not told(tmp_path, files, "image/no-gpu-limit")


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("command: [conda, run, -n, chat, python, a.py]", "chat"),
        ("command: [bash, -lc, 'conda activate chat && python a.py']", "chat"),
        ("command: [/opt/conda/envs/chat/bin/python, train.py]", "chat"),
        ("env: [{name: CONDA_DEFAULT_ENV, value: chat}]", "chat"),
        ("env: [{name: PATH, value: '/opt/conda/envs/chat/bin:/usr/bin'}]", "chat"),
        ("command: [conda, run, -n, chat_prod, python, a.py]", ""),
        ("command: [conda, run, -n, base, python, a.py]", ""),
        ("command: [conda, run, -n, $(ENV), python, a.py]", ""),
        ("command: [bash, -c, './setup_env.sh && conda run -n chat python a.py']", ""),
        ("command: [bash, -c, 'conda create -n chat python && conda run -n chat x']", ""),
    ],
)
def test_environments_that_pods_work_in(tmp_path, container, expected):
    files = {
        "pod.yaml": pod(f"image: x, {container}"),
        "environment.yml": "name: chat_prod\ndependencies: [python=3.11]\n",
    }
    found = told(tmp_path, files, "joint/unmade-environment")
    assert [(w, m.split(",")[0].split()[-1]) for w, m in found] == (
        [("warning", expected)] if expected else []
    )
