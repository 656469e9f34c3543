//! What the browser does beside the vault, in a module and worker of its own: pictures out of files that may be hostile, and how strong a
//! password is. It holds no keys, no database and no window; and the page starts without what only this needs.
//!
//! Natively the first is a process (`nt2 --preview`), the second a thread of the window.

use vault_model::strength::RatingRequest;
use zeroize::Zeroizing;

/// Wipes all memory that is given back, as in the program itself.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: vault_hygiene::WipingAllocator = vault_hygiene::WipingAllocator;

/// A reply of [`vault_preview::wire`] to a request of it; empty if it is none.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn preview(request: &[u8]) -> Vec<u8> {
    vault_preview::wire::Request::parse(request).map(|request| request.answer()).unwrap_or_default()
}

/// A [`vault_model::strength::Strength`] for a [`RatingRequest`], both in postcard; empty if it is none.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn rate(request: Vec<u8>) -> Vec<u8> {
    let request = Zeroizing::new(request);
    let strength = postcard::from_bytes::<RatingRequest>(&request).ok().map(|request| request.answer());
    strength.and_then(|strength| postcard::to_allocvec(&strength).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use vault_model::{
        SecretText,
        strength::{Band, Strength},
    };

    use super::*;

    #[test]
    fn a_password_is_rated() {
        let request = RatingRequest { text: SecretText::new("password1".to_owned()), related: vec!["Mail".to_owned()] };
        let reply = rate(postcard::to_allocvec(&request).unwrap_or_default());
        assert_eq!(postcard::from_bytes::<Strength>(&reply).map(|strength| strength.band), Ok(Band::Poor));
    }

    #[test]
    fn what_is_no_request_has_an_empty_answer() {
        assert!(rate(vec![0xff; 5]).is_empty());
        assert!(preview(b"GIF89a").is_empty());
    }
}
