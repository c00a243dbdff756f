//! Unguessable names: access tokens and the ids of checkout pages.

use std::fmt::Write;
use std::io;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

pub(crate) struct Random {
    source: SystemRandom,
}

impl Random {
    pub(crate) fn new() -> Random {
        Random { source: SystemRandom::new() }
    }

    /// An access token: opaque, which is all that a client may know about it (protocol 2).
    pub(crate) fn token(&self) -> io::Result<String> {
        Ok(BASE64_URL_SAFE_NO_PAD.encode(self.bytes::<96>()?))
    }

    /// 32 hexadecimal digits.
    pub(crate) fn id(&self) -> io::Result<String> {
        let mut id = String::with_capacity(32);
        for byte in self.bytes::<16>()? {
            let _ = write!(id, "{byte:02x}");
        }
        Ok(id)
    }

    fn bytes<const N: usize>(&self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.source.fill(&mut bytes).map_err(|_| io::Error::other("this machine has no random numbers to give"))?;
        Ok(bytes)
    }
}
