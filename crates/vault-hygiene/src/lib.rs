//! vault-hygiene
