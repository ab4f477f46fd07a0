# make help lists the targets. Nothing is installed on the machine without being asked for; what the build makes lies
# under build/ and target/.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# A JDK 25: JAVA_HOME, /usr/lib/jvm, the PATH.
export JAVA_HOME := $(shell scripts/find-jdk)
MVN := $(if $(JAVA_HOME),mvn -B -q,@echo "No JDK 25 found: install one (for example Temurin 25) or set JAVA_HOME to it." >&2; exit 1;)
# Maven 3 itself still uses sun.misc.Unsafe; its warnings say nothing about this build.
export MAVEN_OPTS += --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
RUN := build/bin/safe-fine-tune run

.PHONY: help build demo demo-smollm2 test api-test fault-test planted-bugs chart-test browser-test peft-test families-test memory-test images images-reproducible image-test cuda-image base-model figures format generate clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: ## compile everything and write the commands to build/bin
	$(MVN) package -DskipTests -Dspotless.check.skip
	@scripts/write-launchers

demo: build ## a manifest in, a measured and published model out (report in build/demo)
	$(RUN) -f examples/quickstart --clean --report build/demo

demo-smollm2: build ## the same chain on a real pre-trained model; resumes where it was stopped
	examples/smollm2/demo

# Modules that do not need each other are tested side by side: one often waits while another computes.
test: ## all unit, golden, parity and embedded-cluster tests but the long ones
	$(MVN) -T 2 package -DskipTests -Dspotless.check.skip
	@scripts/write-launchers
	$(MVN) -T 2 verify

.PHONY: long-test
long-test: build ## the unit tests that are tagged long: every bit, every step, every family
	$(MVN) verify -Dtest.tags=long -Dtest.left-out= -Dsurefire.failIfNoSpecifiedTests=false

# Maven's, such as -Dit.test=UpgradeIT.
OPTIONS ?=

api-test: ## CRDs, manifest verdicts and the operator against a real API server (builds it once, needs Go)
	test-cluster/build-tools etcd kube-apiserver
	$(MVN) verify -Papi-test -pl test-cluster -am -Dtest=none -Dit.test='*IT,!Chart*IT' -Dsurefire.failIfNoSpecifiedTests=false $(OPTIONS)

fault-test: ## the operator killed at each of its writes, and 200 resources at once, on the same API server (long)
	test-cluster/build-tools etcd kube-apiserver
	$(MVN) verify -Papi-test -Dapi-test.tags=long -pl test-cluster -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false $(OPTIONS)

planted-bugs: ## each gate seen red: bugs planted in a copy, which the tests have to find (long; ONLY="words of a name")
	scripts/planted-bugs $(ONLY)

chart-test: ## the chart: what it renders, refuses and admits; installed, upgraded, uninstalled on a real API server
	test-cluster/build-tools etcd kube-apiserver kubectl helm kubeconform
	test-cluster/monitoring-kinds
	$(MVN) verify -Papi-test -pl test-cluster -am -Dtest=none -Dit.test='Chart*IT,!ChartAdmissionConditionsIT' -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: admission-test
admission-test: ## the admission policies alone: the corpus, its p99, and each condition taken out once, which chart-test leaves out (long)
	test-cluster/build-tools etcd kube-apiserver kubectl helm
	$(MVN) verify -Papi-test -pl test-cluster -am -Dtest=none -Dit.test='ChartAdmission*IT' -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: kind cluster-test kind-down
kind: images ## a Kind cluster with fake GPUs and the operator; NODES=3 for one with two workers
	test-cluster/kind/up
	test-cluster/kind/install

cluster-test: ## the end-to-end suite on the cluster that KUBECONFIG names; on that of make kind where it names none
	test-cluster/cluster-test

kind-down: ## remove the Kind cluster, and the Docker engine where make kind started it
	test-cluster/kind/down

peft-test: build ## a published adapter in transformers and PEFT, found by its directory alone; needs Debian's python3-torch
	scripts/check-peft

.PHONY: signature-test
signature-test: build ## the published demo in our verify and in the OpenSSF's reference verifier (PyPI: model-signing); makes the demo where it is missing
	test -d build/demo/keys || $(RUN) -f examples/quickstart --clean --report build/demo
	model=$$(find build/local-cluster/quickstart -path '*/quickstart/statement.dsse.json' -printf '%h\n' | head -n 1); \
	build/bin/safe-fine-tune verify "$$model" --key build/demo/keys && scripts/check-model-signature "$$model" build/demo/keys

families-test: build ## what is published of each family in transformers and PEFT, and the kernels for GPUs, simulated; PYTHON has torch, transformers, peft (long to install)
	scripts/check-families

.PHONY: gpu-check
gpu-check: build ## the kernels on a CUDA GPU beside transformers and PEFT; PYTHON has torch, transformers, peft. Fails where there is no GPU
	scripts/gpu-check/export
	$${PYTHON:-python3} build/gpu-check/run.py build/gpu-check

memory-test: build ## a bfloat16 checkpoint of 1 GiB lies in memory once: prints the resident set beside its size (SIZE=MiB)
	scripts/check-load-memory $(SIZE)

browser-test: ## the report in a real headless Chromium, which has to be on the PATH
	$(MVN) verify -Pbrowser-test -pl trainer-image -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false

images: build ## the images of operator and trainer as archives in build/images, with digests and sizes
	@scripts/make-images

images-reproducible: ## the images of the last commit, without the class archive, built twice in two clones and compared byte by byte
	scripts/check-images-reproducible

image-test: ## what is in the images of build/images and that they run; the Dockerfiles. Starts a Docker engine where none runs
	test-cluster/kind/engine-up
	. test-cluster/kind/settings; $(MVN) verify -Pimage-test -pl images -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false
	. test-cluster/kind/settings; scripts/check-dockerfiles

cuda-image: images ## experimental, not in CI: the trainer's image for NVIDIA GPUs, and a training in it on processors (fetches 3 GB)
	test-cluster/kind/engine-up
	. test-cluster/kind/settings; scripts/check-cuda-image

base-model: build ## make the quickstart's base model and data again, from its seed
	examples/quickstart/make-base-model

figures: build ## the quickstart's arms over three seeds, as quoted in docs/LOG.md
	examples/quickstart/figures

.PHONY: trait-figures objective-figures
trait-figures: build ## the examples of two other traits over three seeds, as quoted in their READMEs
	scripts/trait-figures examples/hallucination
	scripts/trait-figures examples/identity-shift

objective-figures: build ## both objectives of vector training over three seeds, as quoted in docs/LOG.md
	scripts/objective-figures

.PHONY: evidence evidence-check attacks-check
MINUTES ?= 1000000
ONLY ?=
evidence: build ## docs/evidence.md from its grid; goes on where it was stopped (days for all; MINUTES=30, ONLY="words of a cell")
	python3 scripts/evidence --minutes $(MINUTES) --only '$(ONLY)'

evidence-check: build ## the README's claims about safety, on a few cells that are run anew (five minutes)
	python3 scripts/evidence --check --work build/evidence-check

attacks-check: build ## each attack on the default settings, run anew; fails where a Passed model leaks (nine trainings, not in CI)
	python3 scripts/evidence --check-attacks --work build/evidence-check

.PHONY: trial-figures
trial-figures: build ## what the trial of a tokenizer costs, and how it ends hostile ones, as quoted in docs/LOG.md
	scripts/tokenizer-trial-figures

.PHONY: resume-figures
resume-figures: build ## trainings killed 20 times and gone on with, as quoted in docs/checkpoints.md
	examples/quickstart/resume-figures

.PHONY: precision-figures
precision-figures: build ## what bfloat16 costs and saves on this machine's processors, as quoted in docs/LOG.md
	scripts/precision-figures

format: ## format the sources
	$(MVN) spotless:apply

generate: ## write the generated files (CRDs, API reference) anew
	scripts/generate

clean: ## remove everything that was built
	rm -rf build */target target
