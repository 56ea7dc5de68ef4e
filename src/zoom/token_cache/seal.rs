//! Encrypts a stored token under a key that only holders of the client secret can make.
//!
//! Sealed: `zrt1`, 32 bytes of salt, the content under ChaCha20-Poly1305, 16 bytes of tag. The encryption key is
//! HKDF-SHA256 of the client secret with that salt; the salt is drawn anew each time, so no key is used for two contents
//! and the nonce may stand still. The associated data is the mark and the id, so that what was sealed for one account
//! does not open for another.

use super::entry::{self, Kept};
use crate::protocol::resource::Resource;
use crate::protocol::secret::Secret;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{hkdf, hmac};

/// The mark and the version of the form.
const MARK: &[u8; 4] = b"zrt1";
const SALT: usize = 32;
/// The purpose of the derived key.
const PURPOSE: &[u8] = b"zoom-runner token cache, encryption";

/// Names one shared token: (token URL, account, client, secret), in an order and form that cannot be confused.
pub type Id = [u8; 32];

/// The key that seals and opens the token of one resource.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    id: Id,
    secret: &'a Secret<String>,
}

impl<'a> Key<'a> {
    /// The key for the token of `resource`.
    #[must_use]
    pub fn of(resource: &'a Resource) -> Self {
        let secret = &resource.client_secret;

        // Keyed with the secret, so that the id tells a stranger nothing, not even by guessing accounts.
        let mut hash = hmac::Context::with_key(&hmac::Key::new(
            hmac::HMAC_SHA256,
            secret.reveal().as_bytes(),
        ));
        for part in [
            "zoom-runner token cache, id",
            &resource.token_url,
            &resource.account_id,
            &resource.client_id,
        ] {
            hash.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }

        let mut id = [0; 32];
        id.iter_mut()
            .zip(hash.sign().as_ref())
            .for_each(|(to, from)| *to = *from);

        Self { id, secret }
    }

    /// Names the token; reveals nothing.
    #[must_use]
    pub const fn id(&self) -> &Id {
        &self.id
    }

    /// The id as a file's name: 64 hexadecimal digits.
    #[must_use]
    pub fn name(&self) -> String {
        let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
        self.id
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect()
    }

    /// Encrypts; nothing when the system has no randomness, or a time cannot be written.
    #[must_use]
    pub fn seal(&self, kept: &Kept) -> Option<Vec<u8>> {
        let mut salt = [0; SALT];
        SystemRandom::new().fill(&mut salt).ok()?;
        let mut content = kept.encode()?;
        let (nonce, aad) = self.binding();
        self.cipher(&salt)?
            .seal_in_place_append_tag(nonce, aad, &mut content)
            .ok()?;

        Some([MARK.as_slice(), &salt, &content].concat())
    }

    /// Decrypts, in place; nothing for what was not sealed with this key, whatever the bytes.
    #[must_use]
    pub fn open(&self, sealed: &mut [u8]) -> Option<Kept> {
        let (mark, rest) = sealed.split_at_mut_checked(MARK.len())?;
        let (salt, content) = rest.split_at_mut_checked(SALT)?;
        if mark != MARK {
            return None;
        }
        let (nonce, aad) = self.binding();
        entry::decode(self.cipher(salt)?.open_in_place(nonce, aad, content).ok()?)
    }

    fn cipher(&self, salt: &[u8]) -> Option<LessSafeKey> {
        let root =
            hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(self.secret.reveal().as_bytes());
        let key = root.expand(&[PURPOSE], &CHACHA20_POLY1305).ok()?;
        Some(LessSafeKey::new(UnboundKey::from(key)))
    }

    fn binding(&self) -> (Nonce, Aad<Vec<u8>>) {
        let aad = Aad::from([MARK.as_slice(), &self.id].concat());
        (Nonce::assume_unique_for_key([0; NONCE_LEN]), aad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::resource;
    use crate::zoom::token::Token;
    use proptest::prelude::*;
    use serde_json::json;
    use std::time::{Duration, UNIX_EPOCH};

    fn resource(change: &[(&str, &str)]) -> Resource {
        let mut fields =
            json!({"client_id": "id", "client_secret": "secret", "account_id": "account"});
        for (name, value) in change {
            fields[name] = json!(value);
        }
        resource::check(fields.as_object().unwrap().clone()).unwrap()
    }

    fn token() -> Kept {
        let minted_at = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let token = Token {
            secret: Secret::new("abc".to_owned()),
            scope: Some("x y".to_owned()),
            expires_at: minted_at,
        };
        Kept { token, minted_at }
    }

    #[test]
    fn what_was_sealed_opens_and_never_looks_the_same_twice() {
        let resource = resource(&[]);
        let key = Key::of(&resource);
        let (mut one, two) = (key.seal(&token()).unwrap(), key.seal(&token()).unwrap());
        assert_ne!(one[4..36], two[4..36]);
        assert_ne!(one[36..], two[36..]);
        assert_eq!(
            key.open(&mut one).unwrap().token.secret,
            token().token.secret
        );
    }

    #[test]
    fn only_the_same_url_account_client_and_secret_have_the_same_name_and_open_it() {
        let ours = resource(&[]);
        let sealed = Key::of(&ours).seal(&token()).unwrap();
        for change in [
            ("token_url", "https://zoomgov.com"),
            ("account_id", "other"),
            ("client_id", "other"),
            ("client_secret", "Secret"),
        ] {
            let theirs = resource(&[change]);
            assert_ne!(Key::of(&theirs).name(), Key::of(&ours).name());
            assert!(
                Key::of(&theirs).open(&mut sealed.clone()).is_none(),
                "{change:?}"
            );
        }
        let shifted = (
            resource(&[("account_id", "a"), ("client_id", "bc")]),
            resource(&[("account_id", "ab"), ("client_id", "c")]),
        );
        assert_ne!(Key::of(&shifted.0).id(), Key::of(&shifted.1).id());
        let same = resource(&[
            ("label", "Other"),
            ("api_url", "https://api-eu.zoom.us"),
            ("timeout", "3"),
        ]);
        assert!(Key::of(&same).open(&mut sealed.clone()).is_some());
    }

    #[test]
    fn the_same_secret_does_not_open_what_was_sealed_for_another_account() {
        let (ours, theirs) = (resource(&[]), resource(&[("account_id", "other")]));
        assert!(
            Key::of(&theirs)
                .open(&mut Key::of(&ours).seal(&token()).unwrap())
                .is_none()
        );
    }

    #[test]
    fn a_changed_bit_or_a_missing_byte_anywhere_is_noticed() {
        let resource = resource(&[]);
        let key = Key::of(&resource);
        let sealed = key.seal(&token()).unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(key.open(&mut changed).is_none(), "byte {place}");
            assert!(
                key.open(&mut sealed[..place].to_vec()).is_none(),
                "cut at {place}"
            );
        }
        assert!(key.open(&mut [sealed, vec![0]].concat()).is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_make_opening_fail_loudly(mut bytes: Vec<u8>) {
            let resource = resource(&[]);
            prop_assert!(Key::of(&resource).open(&mut bytes).is_none());
            let mut marked = [b"zrt1".as_slice(), &bytes].concat();
            prop_assert!(Key::of(&resource).open(&mut marked).is_none());
        }
    }
}
