//! vault-ui
