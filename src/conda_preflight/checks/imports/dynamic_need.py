"""imports/dynamic-need."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.importing.sources import Sources
from conda_preflight.report import Problem, Severity


@check("imports/dynamic-need", Severity.ERROR)
def dynamic_need(project: Project, sources: Sources) -> Iterator[Problem]:
    """The code asks a library for something that needs a package which is not there.

    Nothing imports it, so nothing shows it before that line is reached: `load_in_8bit=True`
    needs bitsandbytes, `device_map=` accelerate, `attn_implementation="flash_attention_2"`
    flash-attn, a slow tokenizer sentencepiece, `pandas.read_parquet` pyarrow or fastparquet.
    An error where the lock or the environment does not have it; a warning inside of functions,
    and where only the manifest is known; a note in tests and examples, and where the library
    can go without or may find it outside of the environment (a C compiler for
    `torch.compile`, nvcc for DeepSpeed).

    ## Fails

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, pytorch=2.4, transformers=4.44]
    ```

    ```python serve.py
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained("our/model", device_map="auto")
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, pandas]
    ```

    ```python train.py
    import pandas as pd

    def rows(path):
        return pd.read_parquet(path)
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, transformers=4.44]
    ```

    ```python train.py
    from transformers import LlamaTokenizer

    tokenizer = LlamaTokenizer.from_pretrained("our/model")
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, pytorch, transformers=4.44, accelerate, pandas, fastparquet]
    ```

    ```python serve.py
    import pandas as pd
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained("our/model", device_map="auto", load_in_8bit=False)
    table = pd.read_parquet("table.parquet")
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, transformers=5.0]
    ```

    ```python train.py
    from transformers import LlamaTokenizer

    tokenizer = LlamaTokenizer.from_pretrained("our/model")
    ```

    ## Fix

    Write the package that is named among the dependencies of the manifest.
    """
    from conda_preflight.importing import needs as judge
    from conda_preflight.importing.imported import imported_by

    yield from judge.needs(imported_by(project, sources))
