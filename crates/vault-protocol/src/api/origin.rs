//! Which server a signature is for.

use super::bounds::MAX_ORIGIN_BYTES;

/// Scheme, host and port of a server (RFC 6454), in the one form that is signed: lower case, and without the scheme's own port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// The origin of an address such as `https://Sync.Example.org:443/anything`. A client takes it from the address that it connects to, never
    /// from what a server says: else one server could hand a login on to another (MS25).
    ///
    /// `None` unless the scheme is `http` or `https`, the host is plain ASCII (an international name in its `xn--` form) and there is no
    /// user name.
    pub fn of_address(address: &str) -> Option<Self> {
        let address = address.to_ascii_lowercase();
        let (scheme, rest) = address.split_once("://")?;
        let own_port = match scheme {
            "https" => "443",
            "http" => "80",
            _ => return None,
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        let (host, port) = split_port(authority)?;
        let origin = match port {
            Some(port) if port != own_port => format!("{scheme}://{host}:{port}"),
            Some(_) | None => format!("{scheme}://{host}"),
        };
        (origin.len() <= MAX_ORIGIN_BYTES).then_some(Self(origin))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nobody on the way reads what is sent there: by TLS, or in clear to this very computer.
    pub fn is_confidential(&self) -> bool {
        let Some(authority) = self.0.strip_prefix("http://") else { return true };
        let host = split_port(authority).map(|(host, _)| host);
        matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
    }

    /// Reads an origin that is already in its one form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::of_address(text).filter(|origin| origin.0 == text)
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Host and port; a host is a name, an IPv4 address or an IPv6 address in brackets.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (inside, after) = rest.split_once(']')?;
            let fits = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
            let port = if after.is_empty() { None } else { Some(after.strip_prefix(':')?) };
            (authority.get(..inside.len() + 2).filter(|_| fits)?, port)
        }
        None => {
            let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
            let fits = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
            (Some(host).filter(|_| fits)?, port)
        }
    };
    let port_fits =
        port.is_none_or(|port| !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok());
    port_fits.then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: Option<&str>) {
        assert_eq!(Origin::of_address(address).as_ref().map(Origin::as_str), expected, "{address}");
    }

    #[test]
    fn an_address_has_one_origin_however_it_is_written() {
        check("https://sync.example.org", Some("https://sync.example.org"));
        check("HTTPS://Sync.Example.ORG:443/nt2/?x#y", Some("https://sync.example.org"));
        check("http://127.0.0.1:80", Some("http://127.0.0.1"));
        check("http://localhost:8443/", Some("http://localhost:8443"));
        check("https://[2001:DB8::1]:8443/a", Some("https://[2001:db8::1]:8443"));
    }

    #[test]
    fn what_is_no_plain_server_has_no_origin() {
        for address in [
            "",
            "sync.example.org",
            "ftp://example.org",
            "https://",
            "https:///path",
            "https://me@example.org",
            "https://exa mple.org",
            "https://example.org:",
            "https://example.org:0443",
            "https://example.org:65536",
            "https://example.org:x",
            "https://ünicode.org",
            "https://[::1",
            "https://[]",
            "https://[::1]x",
            "https://a\\b",
        ] {
            check(address, None);
        }
        check(&format!("https://{}.org", "a".repeat(MAX_ORIGIN_BYTES)), None);
    }

    #[test]
    fn only_this_computer_is_spoken_to_in_clear() {
        for good in ["https://sync.example.org", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:9"] {
            assert!(Origin::parse(good).is_some_and(|origin| origin.is_confidential()), "{good}");
        }
        for bad in ["http://sync.example.org", "http://localhost.example.org", "http://127.0.0.1.example.org:80", "http://[2001:db8::1]"] {
            assert!(Origin::of_address(bad).is_some_and(|origin| !origin.is_confidential()), "{bad}");
        }
    }

    #[test]
    fn only_the_one_form_is_read_back() {
        assert!(Origin::parse("https://example.org").is_some());
        assert!(Origin::parse("https://example.org/").is_none() && Origin::parse("https://Example.org").is_none());
    }
}
