//! What the fixtures must cover.
