//! What DOKU adds tomorrow: JSON members that the caller puts beside those of the builder. They may only add (design
//! section 3), and they follow the body's own rules (P1): compact, no needless escapes, no duplicate keys.

use crate::checks::unsafe_in_json;
use crate::error::{Error, Result};
use crate::reference::describe;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Checked members, written out and ready to be appended.
#[derive(Clone)]
pub(crate) struct Extra {
    /// `,"key":value…` for the end of the body.
    top: String,
    /// The same for the end of `additionalInfo`.
    info: String,
}

const LARGEST: usize = 64 * 1024;
const DEEPEST: usize = 16;
const FIELD: &str = "extra_json";
const INFO: &str = "additionalInfo";

impl Extra {
    /// Checks and rewrites the members; `known` and, within `additionalInfo`, `known_info` are the builder's own.
    pub(crate) fn read(json: &str, known: &[&str], known_info: &[&str]) -> Result<Self> {
        if json.len() > LARGEST {
            return Err(refused("is larger than 64 KiB"));
        }
        let members: Members<'_> =
            serde_json::from_str(json).map_err(|_| refused("is not a JSON object such as {\"name\":\"value\"}"))?;
        let mut extra = Self { top: String::new(), info: String::new() };
        let (info, top): (Vec<_>, Vec<_>) = members.unique()?.into_iter().partition(|(key, _)| key == INFO);
        for (key, value) in top {
            append(&mut extra.top, known, "", &key, value)?;
        }
        for (_, value) in info {
            let members: Members<'_> = serde_json::from_str(value.get())
                .map_err(|_| refused("has an additionalInfo that is not a JSON object"))?;
            for (key, value) in members.unique()? {
                append(&mut extra.info, known_info, "additionalInfo.", &key, value)?;
            }
        }
        Ok(extra)
    }

    /// Appends the members to a body whose last member is `additionalInfo`, as both our bodies are.
    pub(crate) fn append_to(&self, mut body: Vec<u8>) -> Vec<u8> {
        debug_assert!(body.ends_with(b"}}"));
        body.truncate(body.len().saturating_sub(2));
        for part in [self.info.as_str(), "}", self.top.as_str(), "}"] {
            body.extend_from_slice(part.as_bytes());
        }
        body
    }
}

fn append(out: &mut String, known: &[&str], place: &str, key: &str, value: &RawValue) -> Result<()> {
    if known.contains(&key) {
        return Err(refused(&format!(
            "would override {place}{key}, which has a setter of its own; extras may only add"
        )));
    }
    out.push(',');
    write_text(out, key)?;
    out.push(':');
    write_value(out, value.get(), 1)
}

/// Writes a value in our own form; numbers stay as they were given.
fn write_value(out: &mut String, json: &str, depth: usize) -> Result<()> {
    let broken = |_| refused("is not valid JSON");
    if depth > DEEPEST {
        return Err(refused("is nested too deeply"));
    }
    match json.trim_start().bytes().next() {
        Some(b'"') => write_text(out, &serde_json::from_str::<String>(json).map_err(broken)?),
        Some(b'{') => {
            let members: Members<'_> = serde_json::from_str(json).map_err(broken)?;
            out.push('{');
            for (index, (key, value)) in members.unique()?.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(out, &key)?;
                out.push(':');
                write_value(out, value.get(), depth + 1)?;
            }
            out.push('}');
            Ok(())
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json).map_err(broken)?;
            out.push('[');
            for (index, value) in items.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, value.get(), depth + 1)?;
            }
            out.push(']');
            Ok(())
        }
        _ => {
            out.push_str(json.trim());
            Ok(())
        }
    }
}

fn write_text(out: &mut String, text: &str) -> Result<()> {
    if let Some(odd) = text.chars().find(|&c| unsafe_in_json(c)) {
        return Err(refused(&format!("has {} in a text", describe(odd))));
    }
    let quoted = serde_json::to_string(text).map_err(|_| refused("has a text that cannot be written"))?;
    out.push_str(&quoted);
    Ok(())
}

fn refused(why: &str) -> Error {
    Error::argument(FIELD, format!("The extra JSON {why}."))
}

/// The members of an object in their order, values untouched, duplicates kept so that they can be refused.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    fn unique(self) -> Result<Vec<(String, &'a RawValue)>> {
        let mut keys: Vec<&str> = self.0.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        let twice = keys.iter().zip(keys.iter().skip(1)).any(|(one, next)| one == next);
        if twice { Err(refused("has the same key twice")) } else { Ok(self.0) }
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Walk;
        impl<'de> Visitor<'de> for Walk {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Walk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extras_are_written_by_the_bodys_own_rules() {
        let given =
            r#" { "a" : "\u00e9\/" , "additionalInfo" : { "origin" : { "n" : 1.0e+2 } } , "b" : [ 1 , "x" ] } "#;
        let body = Extra::read(given, &["x"], &["channel"])
            .unwrap()
            .append_to(br#"{"x":1,"additionalInfo":{"channel":"C"}}"#.to_vec());
        let expected = r#"{"x":1,"additionalInfo":{"channel":"C","origin":{"n":1.0e+2}},"a":"é/","b":[1,"x"]}"#;
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }

    #[test]
    fn a_deeply_nested_value_is_refused_not_followed() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100));
        assert!(Extra::read(&deep, &[], &[]).is_err());
    }
}
