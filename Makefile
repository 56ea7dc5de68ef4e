# `make` alone lists the targets. Everything needs cargo; `check` uses cargo-deny as well where it is installed.
.DEFAULT_GOAL := help
CARGO ?= cargo
# Tests wait more than they compute.
export RUST_TEST_THREADS ?= 6

.PHONY: help demo build test test-all check sbom generate image wheel npm stackstorm sandbox bench bench-instructions bench-keep

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

demo: ## Contain a compromised user against the sandbox; VERBOSE=1 shows requests and envelopes
	@$(CARGO) build --quiet --locked --bins
	@$(CARGO) run --quiet --locked --example demo

# The program that is packed (built first, unless it is given), for this machine or for TARGET; and where packages go.
BINARY ?= target/$(if $(TARGET),$(TARGET)/)release/zoom-runner
OUT ?= target/packages
BUILD_FIRST = $(if $(filter file,$(origin BINARY)),$(MAKE) build)

build: ## Build the binary that ships, target/release/zoom-runner (or for TARGET=...)
	$(CARGO) build --locked --release $(if $(TARGET),--target $(TARGET))
	@ls -l $(BINARY)
	@# `cargo bench` builds the program by its own profile, in the same place.
	@mkdir -p target/bench && cp $(BINARY) target/bench/zoom-runner

test: ## Run all tests, also after a failure
	$(CARGO) test --locked --no-fail-fast

test-all: ## Run those tests too that need GNU parallel, pyspark, Java, jq, npm, and of PyPI kubernetes-validate and mcp
	$(CARGO) test --locked --no-fail-fast -- --include-ignored

check: ## Check format, lints, documentation, licenses; `make test` checks the generated files
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
	@if command -v cargo-deny >/dev/null 2>&1; then $(CARGO) deny --locked --offline check licenses bans sources; \
	  else echo "cargo-deny is not installed: licences and bans were not checked (cargo install --locked cargo-deny)"; fi

sbom: ## Write the bill of materials of the binary that ships, CycloneDX, to target/release/zoom-runner.cdx.json
	@command -v cargo-cyclonedx >/dev/null 2>&1 || \
	  { echo "cargo-cyclonedx is not installed: cargo install --locked cargo-cyclonedx" >&2; exit 1; }
	$(CARGO) cyclonedx --quiet --format json --spec-version 1.5 --no-build-deps \
	  --override-filename zoom-runner.cdx
	@mkdir -p target/release && mv zoom-runner.cdx.json target/release/ && ls -l target/release/zoom-runner.cdx.json

generate: ## Write schemas/, manifest/, docs/actions.md and the documents' tables from the types
	$(CARGO) run --quiet --locked -- generate .

image: ## Build the image that the platform runs, zoom-runner:VERSION
	docker build --platform linux/amd64 \
	  --tag zoom-runner:$$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1) .

wheel: ## Pack the program into a wheel, for pip, pipx and uvx
	$(BUILD_FIRST)
	python3 packaging/pypi/build_wheel.py --binary $(BINARY) --out $(OUT) $(if $(WHEEL_PLATFORM),--platform $(WHEEL_PLATFORM))

npm: ## Pack the program into npm tarballs, for npm and npx
	$(BUILD_FIRST)
	node packaging/npm/pack.js $(BINARY) $(OUT) $(NPM_PLATFORM)

stackstorm: ## Pack the StackStorm pack into a tarball
	@mkdir -p $(OUT) && rm -rf $(OUT)/zoom_runner && cp -R packaging/stackstorm $(OUT)/zoom_runner
	tar -C $(OUT) -czf $(OUT)/zoom-runner-stackstorm.tar.gz zoom_runner

sandbox: ## Run the sandbox as a server on port 8080
	$(CARGO) run --quiet --locked -- sandbox --port 8080 --log

bench: build ## Measure what ships beside curl and Python: target/bench/report.md and chart.svg
	$(CARGO) bench --locked --bench numbers

bench-instructions: build ## Count instructions with valgrind; more than 3 % above tests/bench/instructions.json fails
	$(CARGO) bench --locked --bench numbers -- --instructions

bench-keep: ## Put the last report, chart and counts and the table into docs/benchmarks.md and tests/bench/
	$(CARGO) bench --locked --bench numbers -- --keep
