//! vault-preview
