//! Stories that cross crates; see `it/`.
