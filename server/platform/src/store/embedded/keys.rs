//! The keys that sign heads and purges: one that signs, and the public ones that were ever used here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dictamen_value::Message;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::disk::{make_directory, read_file, replace_file};
use super::layout::names_in;
use crate::store::digest::{from_hex, to_hex};
use crate::store::{Digest, StoreError};

/// The longest key file, in bytes.
const MAX_KEY_FILE_BYTES: u64 = 4_096;

/// Signs lines.
pub(crate) struct Signatory {
    key: SigningKey,
    name: String,
}

/// The public keys to believe, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Believed {
    keys: BTreeMap<String, VerifyingKey>,
}

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The key is not one of those that are believed.
    UnknownKey,
    /// The signature is not of this text.
    WrongSignature,
}

impl Signatory {
    /// The signing key of a data directory, made at the first opening; its public key lies beside it.
    pub(crate) fn open(directory: &Path) -> Result<Signatory, StoreError> {
        make_directory(directory)?;
        let path = directory.join("signing.pem");
        let key = match read_file(&path, MAX_KEY_FILE_BYTES)? {
            Some(bytes) => read_signing(&path, &bytes)?,
            None => make_signing(&path)?,
        };
        let signatory = Signatory { name: key_name(&key.verifying_key()), key };
        signatory.leave_public(directory)?;
        Ok(signatory)
    }

    /// The name of its public key.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Signs a text for a purpose.
    pub(crate) fn sign(&self, purpose: &str, text: &str) -> String {
        to_hex(&self.key.sign(&signed_bytes(purpose, text)).to_bytes())
    }

    fn leave_public(&self, directory: &Path) -> Result<(), StoreError> {
        let path = directory.join(format!("{}.pub.pem", self.name));
        if read_file(&path, MAX_KEY_FILE_BYTES)?.is_some() {
            return Ok(());
        }
        let pem = self.key.verifying_key().to_public_key_pem(LineEnding::LF).map_err(|_| unwritable(&path))?;
        replace_file(&path, pem.as_bytes(), 0o644)
    }
}

impl Believed {
    /// The public keys that lie in a data directory.
    pub(crate) fn beside(directory: &Path) -> Result<Believed, StoreError> {
        Believed::from_pem(&public_pems(directory)?)
    }

    /// The public keys of some PEM texts.
    pub(crate) fn from_pem(pems: &[(PathBuf, String)]) -> Result<Believed, StoreError> {
        let mut keys = BTreeMap::new();
        for (path, pem) in pems {
            let key = VerifyingKey::from_public_key_pem(pem).map_err(|_| unreadable(path))?;
            keys.insert(key_name(&key), key);
        }
        Ok(Believed { keys })
    }

    /// Checks a signature of a text for a purpose.
    pub(crate) fn check(&self, key: &str, purpose: &str, text: &str, signature: &str) -> Result<(), Doubt> {
        let key = self.keys.get(key).ok_or(Doubt::UnknownKey)?;
        let bytes = from_hex::<64>(signature).ok_or(Doubt::WrongSignature)?;
        let signature = Signature::from_bytes(&bytes);
        key.verify_strict(&signed_bytes(purpose, text), &signature).map_err(|_| Doubt::WrongSignature)
    }
}

/// The public keys that lie in a data directory, as PEM with their paths, by name.
pub(crate) fn public_pems(directory: &Path) -> Result<Vec<(PathBuf, String)>, StoreError> {
    let mut names = names_in(directory)?;
    names.retain(|name| name.ends_with(".pub.pem"));
    names.sort_unstable();
    let mut pems = Vec::new();
    for name in names {
        let path = directory.join(name);
        let bytes = read_file(&path, MAX_KEY_FILE_BYTES)?.unwrap_or_default();
        let text = String::from_utf8(bytes).map_err(|_| unreadable(&path))?;
        pems.push((path, text));
    }
    Ok(pems)
}

fn signed_bytes(purpose: &str, text: &str) -> Vec<u8> {
    [purpose.as_bytes(), b"\n", text.as_bytes()].concat()
}

/// The first 16 hexadecimal digits of the SHA-256 of a public key.
fn key_name(key: &VerifyingKey) -> String {
    to_hex(Digest::of(key.as_bytes()).0.get(..8).unwrap_or_default())
}

fn read_signing(path: &Path, bytes: &[u8]) -> Result<SigningKey, StoreError> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable(path))?;
    SigningKey::from_pkcs8_pem(text).map_err(|_| unreadable(path))
}

fn make_signing(path: &Path) -> Result<SigningKey, StoreError> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| StoreError::Io { path: path.to_owned(), cause: error.to_string() })?;
    let key = SigningKey::from_bytes(&seed);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| unwritable(path))?;
    replace_file(path, pem.as_bytes(), 0o600)?;
    Ok(key)
}

fn unreadable(path: &Path) -> StoreError {
    StoreError::Unreadable {
        path: path.to_owned(),
        cause: Message::new(
            "se esperaba una clave Ed25519 en formato PEM; restaure el archivo de una copia",
            "expected an Ed25519 key in PEM form; restore the file from a copy",
        ),
    }
}

fn unwritable(path: &Path) -> StoreError {
    let cause = Message::new("la clave no se puede escribir como PEM", "the key can't be written as PEM");
    StoreError::Unreadable { path: path.to_owned(), cause }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_signs_what_its_public_half_believes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys");
        let first = Signatory::open(&path).unwrap();
        let again = Signatory::open(&path).unwrap();
        assert_eq!(first.name(), again.name());
        let mode = std::fs::metadata(path.join("signing.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let believed = Believed::beside(&path).unwrap();
        let signature = first.sign("purpose", "text");
        assert_eq!(believed.check(first.name(), "purpose", "text", &signature), Ok(()));
        assert_eq!(believed.check(first.name(), "other", "text", &signature), Err(Doubt::WrongSignature));
        assert_eq!(believed.check(first.name(), "purpose", "texto", &signature), Err(Doubt::WrongSignature));
        assert_eq!(believed.check("0000", "purpose", "text", &signature), Err(Doubt::UnknownKey));
    }
}
