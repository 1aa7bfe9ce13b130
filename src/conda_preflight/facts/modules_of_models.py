"""Modules for models, training and inference, and the projects of PyPI that bring them.

Sources: the files that the projects' wheels hold (``top_level.txt`` and RECORD), their
installation pages, and the import names that the conda-forge recipes test.
"""

from __future__ import annotations

MODELS = """
    absl=absl-py acme=dm-acme apex=apex|nvidia-apex autogen=pyautogen|ag2|autogen awq=autoawq
    bert=bert-tensorflow clip=openai-clip|clip|clip-anytorch composer=mosaicml
    cuda=cuda-python|cuda-bindings|cuda-core cudf=cudf|cudf-cu12|cudf-cu11
    cugraph=cugraph|cugraph-cu12 cuml=cuml|cuml-cu12|cuml-cu11
    cupy=cupy|cupy-cuda12x|cupy-cuda11x|cupy-cuda13x|cupy-cuda118
    cupy_backends=cupy|cupy-cuda12x|cupy-cuda11x cupyx=cupy|cupy-cuda12x|cupy-cuda11x|cupy-cuda13x
    decord=decord|eva-decord dgl=dgl|dgl-cu118|dgl-cu121 dspy=dspy|dspy-ai esm=fair-esm|esm
    faiss=faiss-cpu|faiss-gpu|faiss faiss.contrib=faiss-cpu|faiss-gpu fastchat=fschat
    fasttext=fasttext|fasttext-wheel flash_attn_2_cuda=flash-attn flash_attn_interface=flash-attn-3
    functorch=torch|functorch gin=gin-config groundingdino=groundingdino-py haiku=dm-haiku
    haystack=haystack-ai|farm-haystack hnswlib=hnswlib|chroma-hnswlib hydra=hydra-core
    hydra_plugins=hydra-core ignite=pytorch-ignite imblearn=imbalanced-learn kerastuner=keras-tuner
    lightning=lightning|lightning-app lightning_fabric=lightning-fabric|pytorch-lightning
    llama_cpp=llama-cpp-python llama_index=llama-index|llama-index-core
    llama_index.core=llama-index-core llama_index_instrumentation=llama-index-instrumentation
    magic=python-magic|python-magic-bin|file-magic MeCab=mecab-python3|mecab megatron=megatron-core
    mmcv=mmcv|mmcv-full|mmcv-lite mmseg=mmsegmentation nemo=nemo-toolkit
    nvidia.dali=nvidia-dali-cuda120 nvidia_smi=nvidia-ml-py3|nvidia-ml-py
    onnxruntime=onnxruntime|onnxruntime-gpu|onnxruntime-directml|onnxruntime-openvino
    onnxruntime_genai=onnxruntime-genai|onnxruntime-genai-cuda onnxsim=onnxsim|onnx-simplifier
    open_clip=open-clip-torch opencc=opencc|opencc-python-reimplemented
    OpenGL=pyopengl|pyopengl-accelerate openvino=openvino|openvino-dev optimum.habana=optimum-habana
    optimum.intel=optimum-intel optimum.neuron=optimum-neuron
    optimum.onnxruntime=optimum|optimum-onnx orbax=orbax-checkpoint ot=pot
    paddle=paddlepaddle|paddlepaddle-gpu pl_bolts=lightning-bolts pyannote.audio=pyannote-audio
    pyannote.core=pyannote-core pyannote.database=pyannote-database
    pyannote.metrics=pyannote-metrics pycocotools=pycocotools|pycocotools-windows
    pynvml=nvidia-ml-py|pynvml|nvidia-ml-py3 pyro=pyro-ppl pyroapi=pyro-api
    pytorch_grad_cam=grad-cam qlib=pyqlib rouge=rouge|py-rouge scikitplot=scikit-plot
    segment_anything=segment-anything|segment-anything-py seldon_core=seldon-core skbio=scikit-bio
    skfmm=scikit-fmm skfuzzy=scikit-fuzzy skimage=scikit-image
    sklearn=scikit-learn|scikit-learn-intelex sklearn_extra=scikit-learn-extra
    sklearnex=scikit-learn-intelex skmultilearn=scikit-multilearn skopt=scikit-optimize
    sksurv=scikit-survival skvideo=scikit-video sky=skypilot streaming=mosaicml-streaming
    surprise=scikit-surprise taming=taming-transformers|taming-transformers-rom1504
    tensorboard=tensorboard|tb-nightly
    tensorflow=tensorflow|tensorflow-cpu|tensorflow-gpu|tensorflow-macos|tensorflow-intel|tf-nightly|tensorflow-rocm
    tensorflow.keras=tensorflow|tensorflow-cpu|tensorflow-gpu|tensorflow-macos|tensorflow-intel|tf-nightly
    tensorflow_datasets=tensorflow-datasets|tfds-nightly
    tensorflow_probability=tensorflow-probability|tfp-nightly
    tensorrt=tensorrt|tensorrt-cu12|tensorrt-cu13|nvidia-tensorrt
    tensorrt_bindings=tensorrt-cu12-bindings|tensorrt-cu13-bindings tlt=nvidia-tlt
    torch=torch|pytorch-cpu torchgen=torch
    transformer_engine=transformer-engine|transformer-engine-torch tree=dm-tree
    triton=triton|pytorch-triton|triton-windows|pytorch-triton-rocm ts=torchserve TTS=tts|coqui-tts
    ultralytics=ultralytics|ultralytics-opencv-headless umap=umap-learn whisper=openai-whisper
    workflows=llama-index-workflows xgboost=xgboost|xgboost-cpu
"""
"""``module=project|project``; where several bring the same module, the usual one comes first."""
