# The commands people type. Each sets up what it needs: Python >= 3.11, make and a package registry
# are enough.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
ENV ?= dev
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
UV_VERSION := 0.13.9
INSTALLED := $(VENV)/.installed
REQUIREMENTS := requirements/dev.txt
# Environments of their own, for what does not go together with the rest.
AUTHORING := .local/authoring
FINETUNE := .local/finetune
LAYERS := $(wildcard layers/*/requirements.txt)
# These decide what an installation holds as much as the requirements do.
INSTALLERS := cdk/layers.py local_cloud/prepare.py

# Our folders (cdk, functions, local_cloud, ...) are imported from here.
export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/platform/python
export UV_PYTHON_DOWNLOADS := never
# Compiled modules halve every start of MLflow, moto and a training job; some images forbid them.
export PYTHONDONTWRITEBYTECODE :=
# What the commands import most: compiled once, here, rather than in the first minutes of a demo.
HEAVY_PACKAGES := alembic botocore boto3 fastapi flask jsii mlflow moto numpy onnx onnxmltools pandas \
    pyarrow pydantic skl2onnx sklearn sqlalchemy starlette uvicorn xgboost

.PHONY: help install authoring demo test test-finetune up down synth deploy lint format bench peers lock clean

help:  ## Say what there is.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

install: $(INSTALLED)  ## Set up the virtual environment, the layers and the local runtimes.

$(INSTALLED): $(REQUIREMENTS) $(LAYERS) $(INSTALLERS) pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip sync --quiet --python $(VENV) $(REQUIREMENTS)
	$(BIN)/uv pip install --quiet --python $(VENV) --no-deps --no-build-isolation --editable .
	$(PY) -m cdk.layers
	$(PY) -m local_cloud prepare
	cd $(VENV)/lib/python3.*/site-packages && ../../../bin/python -m compileall -q -j 0 $(HEAVY_PACKAGES) >/dev/null
	touch $@

demo: install synth  ## Every model on the local cloud, one through its whole life, in 6 minutes; FAULTS=1 disturbs the logs.
	$(PY) -m benchmarks.demo $(if $(FAULTS),--faults)

test: install  ## Run all tests.
	$(PY) -m pytest --numprocesses logical --no-loadscope-reorder

test-finetune: $(FINETUNE)/.installed  ## Run the tests that fine-tune an encoder, with torch in an environment of its own.
	$(FINETUNE)/bin/python -m pytest tests/unit/models/selfmate/test_fine_tuning.py

# It sees what .venv holds, and adds torch. By pip: where a wheel for the CPU is offered beside the
# registry's, uv takes the registry's with its gigabytes for the GPU.
$(FINETUNE)/.installed: $(INSTALLED) requirements/finetune.txt
	$(PYTHON) -m venv --clear $(FINETUNE)
	$(PY) -c "import sysconfig; print(sysconfig.get_path('purelib'))" \
	    >$$(echo $(FINETUNE)/lib/python3.*/site-packages)/platform.pth
	$(FINETUNE)/bin/python -m pip install --quiet --disable-pip-version-check \
	    --constraint requirements/finetune.txt torch
	touch $@

authoring: $(AUTHORING)/.installed  ## Set up the environment of the `sagemaker` SDK, for `mlops tune`.

$(AUTHORING)/.installed: $(INSTALLED) requirements/authoring.txt
	$(PYTHON) -m venv --clear $(AUTHORING)
	$(BIN)/uv pip sync --quiet --python $(AUTHORING) requirements/authoring.txt
	$(BIN)/uv pip install --quiet --python $(AUTHORING) --no-deps --editable .
	touch $@

up: install synth  ## Start the local cloud and leave it running.
	$(BIN)/mlops up

down:  ## Stop the local cloud.
	$(BIN)/mlops down

synth: install  ## Write the CloudFormation templates of ENV to cdk.out.
	CDK_VALIDATION=false $(PY) -m cdk.app -c environment=$(ENV)

deploy: install  ## Deploy ENV to the AWS account that the credentials belong to (needs Docker).
	$(PY) -m cdk.cli deploy --all --context environment=$(ENV)

lint: install  ## Check style, types, architecture and templates.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/codespell
	$(PY) -m cdk.lint

format: install  ## Format the code and mend what can be mended.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install  ## Measure serving on the cloud that `make up` started, once a model is trained there.
	$(PY) -m benchmarks.serving.cloud --endpoint-file .local/cloud.json

peers: install  ## Measure our container host beside MLflow's, MLServer, LitServe and BentoML; installs these apart.
	$(PY) -m benchmarks.serving

COMPILE := $(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --python-version 3.11
lock: install  ## Pin the dependencies anew; no host and no path is recorded.
	$(COMPILE) --group dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) --group authoring pyproject.toml -o requirements/authoring.txt
	$(COMPILE) --group training --group assistant --group demo pyproject.toml -c requirements/dev.txt -o training_jobs/requirements.txt
	$(COMPILE) --group training --group assistant --group demo --group finetune pyproject.toml -c training_jobs/requirements.txt -o requirements/finetune.txt
	$(COMPILE) --group host pyproject.toml -c requirements/dev.txt -o cdk/images/model_host/requirements.txt
	$(COMPILE) --group pyproject.toml:tracking -c requirements/dev.txt -o cdk/images/tracking/requirements.txt
	for layer in onnx_runtime powertools arrow tokenizers; do \
	    $(COMPILE) layers/$$layer/requirements.in -c requirements/dev.txt -o layers/$$layer/requirements.txt; \
	done
	cd benchmarks/serving/peers && for peer in mlflow mlserver litserve bentoml; do \
	    $(CURDIR)/$(COMPILE) --override overrides.in $$peer.in -o $$peer.txt; \
	done

clean:  ## Remove what was built; the virtual environment stays.
	rm -rf .build .local cdk.out $(INSTALLED)
