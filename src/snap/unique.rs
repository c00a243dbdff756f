//! JSON in which no object has a member twice. Two readers of such a text may each see another member, and so another
//! amount than was signed for.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// Whether `json` is one complete JSON text without a repeated member at any depth.
pub(crate) fn has_unique_members(json: &[u8]) -> bool {
    serde_json::from_slice::<Unique>(json).is_ok()
}

struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Walk)
    }
}

struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a member is repeated"));
            }
            map.next_value::<Unique>()?;
        }
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Unique, A::Error> {
        while list.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }
}

#[cfg(test)]
mod tests {
    use super::has_unique_members;

    #[test]
    fn a_member_that_is_repeated_is_found_at_any_depth() {
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"b":{"c":[{"d":1,"d":2}]}}"#,
            r#"[{"a":{}},{"a":{},"a":{}}]"#,
            // The same name, once written with an escape.
            r#"{"amount":1,"\u0061mount":2}"#,
        ] {
            assert!(!has_unique_members(twice.as_bytes()), "{twice}");
        }
        for once in [r#"{"a":{"a":{"a":[]}}}"#, r#"[{"a":1},{"a":1}]"#, "1", "null", r#"{"a":1.5,"A":-2,"b":1e400}"#] {
            assert!(has_unique_members(once.as_bytes()), "{once}");
        }
        for broken in ["", "{", r#"{"a":1}}"#, r#"{"a":1} x"#] {
            assert!(!has_unique_members(broken.as_bytes()), "{broken}");
        }
    }
}
