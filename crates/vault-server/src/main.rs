//! The blind sync server.

fn main() {}
