//! The shared vectors for C programs, which have no JSON: each case as `NAME LENGTH`, the bytes, a line break, and `end`.

use serde_json::Value;

use crate::tool::repository;

pub(crate) fn vectors(name: &str) -> Value {
    let text = std::fs::read_to_string(repository(format!("tests/vectors/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn cases(vectors: &Value) -> &[Value] {
    let cases = vectors["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    cases
}

/// One case; objects are flattened: `request.amount`.
pub(crate) fn write_case(stream: &mut Vec<u8>, case: &Value) {
    write_members(stream, "", case);
    stream.extend_from_slice(b"end\n");
}

fn write_members(stream: &mut Vec<u8>, prefix: &str, object: &Value) {
    for (name, value) in object.as_object().unwrap() {
        let text = match value {
            Value::Object(_) => {
                write_members(stream, &format!("{prefix}{name}."), value);
                continue;
            }
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        stream.extend_from_slice(format!("{prefix}{name} {}\n{text}\n", text.len()).as_bytes());
    }
}
