//! Which servers may be asked at all.

/// Whether a request may go to this origin: by TLS, or in clear to this very computer.
pub(crate) fn is_sendable(server: &str) -> bool {
    if let Some(rest) = server.strip_prefix("http://") {
        let host = rest.strip_prefix('[').map_or_else(|| rest.split(':').next(), |inside| inside.split(']').next());
        return matches!(host, Some("localhost" | "127.0.0.1" | "::1"));
    }
    server.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_asked_in_clear() {
        for server in ["https://sync.example.org", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:80"] {
            assert!(is_sendable(server), "{server}");
        }
        for server in ["http://sync.example.org", "http://localhost.example.org", "http://127.0.0.1.example.org", "http://[2001:db8::1]", "ws://localhost", ""] {
            assert!(!is_sendable(server), "{server}");
        }
    }
}
