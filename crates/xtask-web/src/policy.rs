//! What the page may do, and how long its files may be kept: one table for the page itself, for `cargo xtask serve` and for `nt2-server`, which
//! compiles this file too.

/// Hexadecimal digits of a hash in a name: 64 bits, which no two files of ours share by chance.
pub(crate) const NAME_HASH_LEN: usize = 16;

/// Scripts, workers and styles from our own origin and nothing inline; requests to the person's servers only over TLS.
const RULES: [&str; 11] = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "connect-src 'self' https:",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "manifest-src 'self'",
    // A download is an answer of the service worker to a hidden frame.
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
];

/// The policy as the page carries it, for hosts that send no headers.
pub(crate) fn in_page() -> String {
    RULES.join("; ")
}

/// Headers of every answer. `frame-ancestors` is not understood within a page.
pub(crate) fn headers() -> Vec<(&'static str, String)> {
    let fixed = [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
        ),
    ];
    let policy = ("content-security-policy", format!("{}; frame-ancestors 'none'", in_page()));
    fixed.into_iter().map(|(name, value)| (name, value.to_owned())).chain([policy]).collect()
}

/// How long an answer may be kept: a name that carries its hash never means anything else.
pub(crate) fn caching(path: &str) -> &'static str {
    if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// `name-0123456789abcdef.ext`
fn is_hashed(path: &str) -> bool {
    let Some((stem, _)) = path.rsplit_once('.') else { return false };
    let Some((_, hash)) = stem.rsplit_once('-') else { return false };
    hash.len() == NAME_HASH_LEN && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_good() {
        assert!(caching("/nt2_bg-0123456789abcdef.wasm").contains("immutable"));
        for path in ["/", "/index.html", "/sw.js", "/config.json", "/icon-512.png", "/nt2-0123456789abcdeg.js", "/0123456789abcdef"] {
            assert_eq!(caching(path), "no-cache", "{path}");
        }
    }

    #[test]
    fn the_page_allows_no_inline_code_and_no_plain_requests() {
        let policy = in_page();
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains("http:") && !policy.contains('*')
        );
    }
}
