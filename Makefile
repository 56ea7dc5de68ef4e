# `make` alone lists the targets. Everything needs cargo; `check` uses cargo-deny as well where it is installed.
.DEFAULT_GOAL := help
CARGO ?= cargo

.PHONY: help demo build test test-redis check sbom generate image sandbox bench bench-instructions bench-keep

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

demo: ## Run the nine actions and Test against the embedded Zoom, and show requests and envelopes
	@$(CARGO) build --quiet --locked --bins
	@$(CARGO) run --quiet --locked --example demo

build: ## Build the binary that ships: release, without the embedded Zoom, in target/ship
	$(CARGO) build --locked --release --no-default-features --target-dir target/ship
	@ls -l target/ship/release/zoom-runner

test: ## Run the tests: all of them, and what the binary that ships carries in a build like it
	$(CARGO) test --locked
	$(CARGO) test --locked --no-default-features --test carried --test replay

test-redis: ## Run the tests of the token cache in redis; without a redis-server on the PATH they are skipped
	$(CARGO) test --locked --features redis --test redis_cache

check: ## Format, lints, documentation, the build that ships; generated files are checked by `make test`
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	$(CARGO) clippy --locked --no-default-features --lib --bins --test carried --test replay -- -D warnings
	$(CARGO) clippy --locked --features redis --lib --bins --test redis_cache -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
	@if command -v cargo-deny >/dev/null 2>&1; then $(CARGO) deny --locked --offline check licenses bans sources; \
	  else echo "cargo-deny is not installed: licences and bans were not checked (cargo install --locked cargo-deny)"; fi

sbom: ## Write the bill of materials of the binary that ships, CycloneDX, to target/ship/zoom-runner.cdx.json
	@command -v cargo-cyclonedx >/dev/null 2>&1 || \
	  { echo "cargo-cyclonedx is not installed: cargo install --locked cargo-cyclonedx" >&2; exit 1; }
	$(CARGO) cyclonedx --quiet --format json --spec-version 1.5 --no-default-features --no-build-deps \
	  --override-filename zoom-runner.cdx
	@mkdir -p target/ship && mv zoom-runner.cdx.json target/ship/ && ls -l target/ship/zoom-runner.cdx.json

generate: ## Write schemas/, manifest/, the README's tables, and what the binary that ships carries of them
	$(CARGO) run --quiet --locked -- generate .

image: ## Build the image that the platform runs, zoom-runner:VERSION
	docker build --platform linux/amd64 \
	  --tag zoom-runner:$$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1) .

sandbox: ## Run the embedded Zoom as a server on port 8080
	$(CARGO) run --quiet --locked -- sandbox --port 8080 --log

bench: build ## Measure what ships beside curl and Python: target/bench/report.md and chart.svg
	$(CARGO) bench --locked --bench numbers

bench-instructions: build ## Count instructions with valgrind; more than 3 % above tests/bench/instructions.json fails
	$(CARGO) bench --locked --bench numbers -- --instructions

bench-keep: ## Put the last report, chart and counts into tests/bench/, and the table into README.md
	$(CARGO) bench --locked --bench numbers -- --keep
