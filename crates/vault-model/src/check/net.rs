//! E-mail and web addresses, telephone numbers.

use url::{Host, Url};

use super::Warning;

/// What is wrong with an e-mail address. Only what no address can be: the rest is for its server to say.
pub fn email(text: &str) -> Option<Warning> {
    let good = text.trim().rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && !local.contains(char::is_whitespace)
            && domain.contains('.')
            && matches!(Host::parse(domain), Ok(Host::Domain(name)) if !name.starts_with('.') && !name.ends_with('.') && !name.contains(".."))
    });
    (!good).then_some(Warning::Email)
}

/// What is wrong with a web address. `example.org` without a scheme is fine.
pub fn url(text: &str) -> Option<Warning> {
    match parse(text) {
        None => Some(Warning::Url),
        Some(url) if text.trim().starts_with("http://") && !is_local(&url) => Some(Warning::UrlPlainHttp),
        Some(_) => None,
    }
}

/// The host of a web address, lower case, without `www.`; empty if it has none.
pub fn host(text: &str) -> String {
    if let Some(host) = plain_host(text) {
        return host.strip_prefix("www.").unwrap_or(host).to_owned();
    }
    let url = parse(text);
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// The host of an address of the most usual form, which needs no parser: `https://`, a name of small letters, digits, dots and single hyphens
/// that does not end in a number, and then nothing or a path. `None` says nothing about the address.
fn plain_host(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://")?;
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    let last = host.rsplit('.').next()?;
    let is_name = last.starts_with(|sign: char| sign.is_ascii_lowercase()) && !host.starts_with(['.', '-']);
    let is_usual = !host.contains("..") && !host.contains("--") && !host.contains("-.") && !host.contains(".-") && !host.ends_with('-');
    // White space is left to the parser, which trims it or refuses it.
    let has_space = text.contains(char::is_whitespace);
    (host.bytes().all(is_plain) && is_name && is_usual && !has_space).then_some(host)
}

/// What is wrong with a telephone number: it has other signs than numbers have, or too few or too many digits (E.164 allows 15).
pub fn phone(text: &str) -> Option<Warning> {
    // An extension after a word or sign is not part of the number.
    let number = text.trim().split(['x', 'e', ',', ';', '#', '*']).next().unwrap_or_default();
    let n_digits = number.chars().filter(char::is_ascii_digit).count();
    let good = (3..=15).contains(&n_digits)
        && number.chars().all(|sign| sign.is_ascii_digit() || sign.is_whitespace() || "+-()/.".contains(sign) || sign == '\u{2011}');
    (!good).then_some(Warning::Phone)
}

/// The address with `https://` where no scheme is given.
fn parse(text: &str) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
    url.ok().filter(|url| url.has_host())
}

/// Whether an address never leaves the building: numbers, `localhost`, names without a dot, `.local`, `.home.arpa`, `.internal`.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            !name.contains('.') || [".local", ".home.arpa", ".internal", ".lan", ".box"].iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(address)) => address.is_private() || address.is_loopback() || address.is_link_local(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_plain_host_is_what_the_parser_finds(text in "(https://)?(www\\.)?[a-c0-9.x-]{0,12}(n--a|\\.0x1f|\\.example)?(/[ -~]{0,5})?") {
            if let Some(host) = plain_host(&text) {
                let url = parse(&text);
                proptest::prop_assert_eq!(url.as_ref().and_then(Url::host_str), Some(host));
            }
        }
    }

    #[test]
    fn the_usual_address_needs_no_parser() {
        assert_eq!(plain_host("https://harbour-bank.example/login?next=%2F"), Some("harbour-bank.example"));
        for other in [
            "https://1.2.3.4",
            "https://a.example:80",
            "https://a@b.example",
            "https://xn--a.example",
            "http://a.example",
            "https://a.example.",
        ] {
            assert_eq!(plain_host(other), None, "{other}");
        }
    }

    #[test]
    fn plausible_mail_addresses_pass() {
        for good in ["mara.lind@example.org", "a+b@sub.example.co.uk", "jörg@müller.example"] {
            assert_eq!(email(good), None, "{good}");
        }
        for bad in ["mara", "@example.org", "mara@", "mara@localhost", "ma ra@example.org", "mara@example..org"] {
            assert_eq!(email(bad), Some(Warning::Email), "{bad}");
        }
    }

    #[test]
    fn web_addresses_pass_with_and_without_scheme() {
        for good in ["https://example.org/login?x=1", "example.org", "http://192.168.1.1", "http://fritz.box", "androidapp://com.example"] {
            assert_eq!(url(good), None, "{good}");
        }
        assert_eq!(url("http://example.org"), Some(Warning::UrlPlainHttp));
        for bad in ["", "not an address", "https://"] {
            assert_eq!(url(bad), Some(Warning::Url), "{bad}");
        }
    }

    #[test]
    fn the_host_is_what_remains_of_an_address_in_a_list() {
        assert_eq!(host("https://WWW.Example.org:8443/a"), "example.org");
        assert_eq!(host("github.com/login"), "github.com");
        assert_eq!(host("nothing at all"), "");
    }

    #[test]
    fn telephone_numbers_pass_in_the_usual_forms() {
        for good in ["+49 (0)89 1234-567", "110", "(073)7371212", "+1 555 010 0100 ext. 12"] {
            assert_eq!(phone(good), None, "{good}");
        }
        for bad in ["12", "call me", "1234567890123456"] {
            assert_eq!(phone(bad), Some(Warning::Phone), "{bad}");
        }
    }
}
