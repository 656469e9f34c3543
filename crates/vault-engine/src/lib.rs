//! vault-engine
