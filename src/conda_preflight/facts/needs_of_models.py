"""What libraries for language models load by themselves; each row has the page that says so."""

from __future__ import annotations

from conda_preflight.facts.dynamic_need import DynamicNeed

_TRANSFORMERS = "https://huggingface.co/docs/transformers/main/en"
_LOADS = ("from_pretrained", "from_config")

_SLOW = """
    Albert Barthez Bartpho BertGeneration BigBird Camembert CodeLlama Cpm DebertaV2 FNet
    Gemma GPTSw3 LayoutXLM Llama M2M100 Marian MBart MBart50 MLuke MT5 Nllb Pegasus PLBart Reformer
    RemBert SeamlessM4T Siglip Speech2Text SpeechT5 T5 Udop XGLM XLMProphetNet XLMRoberta XLNet
"""
_SLOW_CLASSES = tuple(
    name
    for word in _SLOW.split()
    for name in (
        f"transformers.{word}Tokenizer.from_pretrained",
        f"transformers.{word}Tokenizer",
    )
)

LANGUAGE_MODELS = (
    DynamicNeed(
        "slow-tokenizer",
        ("sentencepiece",),
        "this tokenizer of transformers reads its vocabulary with sentencepiece",
        f"{_TRANSFORMERS}/main_classes/tokenizer",
        calls=_SLOW_CLASSES,
        below=("transformers", "5"),
    ),
    DynamicNeed(
        "use-fast-false",
        ("sentencepiece",),
        "the slow tokenizers of Llama, T5, XLM-R and others need sentencepiece",
        f"{_TRANSFORMERS}/fast_tokenizers",
        methods=("from_pretrained",),
        module="transformers",
        keyword="use_fast",
        values=("False",),
        firm=False,
        below=("transformers", "5"),
    ),
    DynamicNeed(
        "bitsandbytes",
        ("bitsandbytes",),
        "transformers quantizes to 8 and 4 bits with bitsandbytes",
        f"{_TRANSFORMERS}/quantization/bitsandbytes",
        calls=("transformers.BitsAndBytesConfig", "diffusers.BitsAndBytesConfig"),
    ),
    *(
        DynamicNeed(
            f"load-in-{bits}bit",
            ("bitsandbytes",),
            "transformers quantizes to 8 and 4 bits with bitsandbytes",
            f"{_TRANSFORMERS}/quantization/bitsandbytes",
            methods=_LOADS,
            module="transformers",
            keyword=f"load_in_{bits}bit",
            values=("True",),
        )
        for bits in (8, 4)
    ),
    DynamicNeed(
        "bitsandbytes-optimizer",
        ("bitsandbytes",),
        "this optimizer of the Trainer is one of bitsandbytes",
        f"{_TRANSFORMERS}/optimizers",
        calls=("transformers.TrainingArguments", "transformers.Seq2SeqTrainingArguments"),
        keyword="optim",
        values=(
            *("adamw_bnb_8bit", "adamw_8bit", "paged_adamw_32bit", "paged_adamw_8bit", "lion_8bit"),
            *("lion_32bit", "paged_lion_8bit", "paged_lion_32bit", "rmsprop_bnb", "ademamix"),
        ),
    ),
    DynamicNeed(
        "device-map",
        ("accelerate",),
        "transformers and diffusers place a model with `device_map` by accelerate",
        f"{_TRANSFORMERS}/models#big-model-inference",
        methods=_LOADS,
        module="transformers",
        keyword="device_map",
    ),
    DynamicNeed(
        "pipeline-device-map",
        ("accelerate",),
        "a pipeline places a model with `device_map` by accelerate",
        f"{_TRANSFORMERS}/pipeline_tutorial",
        calls=("transformers.pipeline",),
        keyword="device_map",
    ),
    DynamicNeed(
        "low-cpu-memory",
        ("accelerate",),
        "transformers loads with `low_cpu_mem_usage` by accelerate",
        f"{_TRANSFORMERS}/models#big-model-inference",
        methods=("from_pretrained",),
        module="transformers",
        keyword="low_cpu_mem_usage",
        values=("True",),
        firm=False,
        below=("transformers", "4.50"),
    ),
    DynamicNeed(
        "trainer",
        ("accelerate",),
        "the Trainer of transformers runs PyTorch by accelerate",
        f"{_TRANSFORMERS}/main_classes/trainer",
        calls=(
            *("transformers.TrainingArguments", "transformers.Seq2SeqTrainingArguments"),
            *("transformers.Trainer", "transformers.Seq2SeqTrainer"),
        ),
        since=("transformers", "4.31"),
    ),
    DynamicNeed(
        "flash-attention",
        ("flash-attn", "kernels"),
        'attention of the kind "flash_attention_2" is that of flash-attn',
        f"{_TRANSFORMERS}/attention_interface",
        methods=_LOADS,
        module="transformers",
        keyword="attn_implementation",
        values=("flash_attention_2",),
    ),
    DynamicNeed(
        "use-flash-attention",
        ("flash-attn",),
        "transformers takes flash attention from flash-attn",
        f"{_TRANSFORMERS}/perf_infer_gpu_one",
        methods=_LOADS,
        module="transformers",
        keyword="use_flash_attention_2",
        values=("True",),
    ),
    DynamicNeed(
        "xformers-attention",
        ("xformers",),
        "diffusers takes memory-efficient attention from xformers",
        "https://huggingface.co/docs/diffusers/optimization/xformers",
        methods=("enable_xformers_memory_efficient_attention",),
        module="diffusers",
    ),
    DynamicNeed(
        "deepspeed-arguments",
        ("deepspeed",),
        "the Trainer hands a DeepSpeed configuration to deepspeed",
        f"{_TRANSFORMERS}/deepspeed",
        calls=("transformers.TrainingArguments", "transformers.Seq2SeqTrainingArguments"),
        keyword="deepspeed",
    ),
    *(
        DynamicNeed(
            f"report-to-{name}",
            projects,
            f"the Trainer reports to {name} by its package",
            f"{_TRANSFORMERS}/main_classes/callback",
            calls=("transformers.TrainingArguments", "transformers.Seq2SeqTrainingArguments"),
            keyword="report_to",
            values=(name,),
        )
        for name, projects in (
            ("wandb", ("wandb",)),
            ("tensorboard", ("tensorboard", "tensorboardx", "tensorboard-data-server")),
            ("mlflow", ("mlflow", "mlflow-skinny")),
            ("comet_ml", ("comet-ml",)),
            ("clearml", ("clearml",)),
            ("neptune", ("neptune", "neptune-client")),
        )
    ),
    DynamicNeed(
        "diffusers-text-encoder",
        ("transformers",),
        "this pipeline of diffusers encodes text with transformers",
        "https://huggingface.co/docs/diffusers/installation",
        calls=(
            "diffusers.StableDiffusionPipeline.from_pretrained",
            "diffusers.StableDiffusionXLPipeline.from_pretrained",
            "diffusers.StableDiffusion3Pipeline.from_pretrained",
            "diffusers.FluxPipeline.from_pretrained",
        ),
    ),
)
"""Rows about transformers, diffusers and their like."""
