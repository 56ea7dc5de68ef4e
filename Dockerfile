# The image that the platform runs: bash, the roots of the public certificate authorities, and zoom-runner.
#
#   make image, or: docker build --platform linux/amd64 --tag zoom-runner:0.1.0 .
#
# The platform starts a container per action, with bash, and hands over the line `exec /usr/local/bin/zoom-runner oif ...`.
# So there is no ENTRYPOINT, which would come between, and no USER: whichever the host chooses will do.

FROM rust:1.89.0-slim-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY examples examples
COPY tests/bench tests/bench
RUN cargo build --locked --release --bin zoom-runner

FROM debian:12.11-slim
LABEL org.opencontainers.image.title="zoom-runner" \
      org.opencontainers.image.description="Runs one Zoom action for a SOAR platform" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
RUN apt-get update \
 && apt-get install --yes --no-install-recommends bash ca-certificates \
 && rm -rf /var/lib/apt/lists/*
# Readable and executable by any user.
COPY --from=build --chmod=0755 /build/target/release/zoom-runner /usr/local/bin/zoom-runner
# Started once as the platform starts it: by bash, and as a user without rights.
RUN bash -c 'exec /usr/local/bin/zoom-runner --version' \
 && setpriv --reuid=65534 --regid=65534 --clear-groups /usr/local/bin/zoom-runner actions
CMD ["/usr/local/bin/zoom-runner", "--help"]
