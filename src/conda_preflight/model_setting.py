"""The ``[model]`` table of the settings: what will run, so that its memory can be judged."""

from __future__ import annotations

from dataclasses import fields

from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.setting_values import one_text, positive, refuse_unknown

_COUNT = lazy_pattern(r"(\d{1,6}(?:\.\d{1,6})?)\s?([kmbtKMBT]?)")
_POWERS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}


@value_type
class ModelSetting:
    """A file, or a number of parameters; ``dtype`` is what the weights are loaded as.

    ``file`` is a ``.safetensors`` file, the index of several, or a folder of them;
    ``tokens`` are held at once, over all requests.
    """

    file: str = ""
    parameters: int = 0
    dtype: str = ""
    tokens: int = 0


NO_MODEL = ModelSetting()
MODEL_KEYS = tuple(field.name for field in fields(ModelSetting))


def read_model(value: object) -> ModelSetting:
    """The table; raises UsageError for unknown keys and wrong values."""
    from conda_preflight.facts.dtypes import BITS

    if not isinstance(value, dict):
        raise UsageError("model is a table", "Write [model] with file, or parameters and dtype.")
    refuse_unknown(value, MODEL_KEYS, "key of model")
    dtype = one_text(value.get("dtype", ""), "dtype of model").lower()
    if dtype and dtype not in BITS:
        raise UsageError(f"dtype of model is none of {', '.join(BITS)}: {dtype!r}")
    read = ModelSetting(
        file=one_text(value.get("file", ""), "file of model"),
        parameters=_parameters(value.get("parameters", 0)),
        dtype=dtype,
        tokens=positive(value["tokens"], "tokens of model") if "tokens" in value else 0,
    )
    if not read.file and not (read.parameters and read.dtype):
        raise UsageError(
            "model names no file, and not both parameters and dtype",
            'Write parameters = "7B" and dtype = "bf16".',
        )
    return read


def _parameters(value: object) -> int:
    if isinstance(value, str) and (found := _COUNT.fullmatch(value.strip())):
        return round(float(found[1]) * _POWERS[found[2].lower()])
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise UsageError(f'parameters of model is a number or a text such as "7B", not {value!r}')
