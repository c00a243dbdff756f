//! Spoiling single members of a JSON answer.

use serde_json::{Value, json};

use super::Misbehaviour;

pub(super) fn edit(what: &Misbehaviour, body: &mut Vec<u8>) {
    let Ok(mut answer) = serde_json::from_slice(body) else {
        return;
    };
    match what {
        Misbehaviour::WrongType { field } => set(&mut answer, field, |old| match old {
            Value::String(_) => json!(7),
            _ => json!("7"),
        }),
        Misbehaviour::NulIn { field } => set(&mut answer, field, |old| with_nul(old.as_str().unwrap_or_default())),
        Misbehaviour::UnknownField => set(&mut answer, "addedYesterday", |_| json!({ "by": ["DOKU", 1, null] })),
        Misbehaviour::Missing { field } => take_out(&mut answer, field),
        Misbehaviour::WrongEcho { field, value } => set(&mut answer, field, |_| json!(value)),
        Misbehaviour::Put { field, json } => {
            set(&mut answer, field, |_| serde_json::from_str(json).unwrap_or_else(|_| json!(json)));
        }
        _ => {}
    }
    *body = answer.to_string().into_bytes();
}

/// More than any client should take, and less than would take the machine down.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// Brings a JSON object to exactly this length, if it is shorter than that by a member's name at least.
pub(super) fn grow(body: &mut Vec<u8>, length: usize) {
    const OPENING: &[u8] = br#","filler":""#;
    const CLOSING: &[u8] = br#""}"#;
    let around = OPENING.len() + CLOSING.len() - 1;
    if body.pop_if(|last| *last == b'}').is_none() {
        return;
    }
    let filler = length.min(MAX_BODY).saturating_sub(body.len() + 1 + around);
    body.extend_from_slice(OPENING);
    body.resize(body.len() + filler, b'x');
    body.extend_from_slice(CLOSING);
}

fn with_nul(text: &str) -> Value {
    let (first, second) = text.split_at_checked(text.len() / 2).unwrap_or((text, ""));
    json!(format!("{first}\0{second}"))
}

/// Replaces or adds a member, if there is an object to hold it.
fn set(answer: &mut Value, field: &str, change: impl Fn(&Value) -> Value) {
    let Some((place, name)) = holder(answer, field) else {
        return;
    };
    if let Some(fields) = place.as_object_mut() {
        let new = change(fields.get(name).unwrap_or(&Value::Null));
        fields.insert(name.to_owned(), new);
    } else if let Some(old) = place.pointer_mut(&format!("/{name}")) {
        *old = change(old);
    }
}

fn take_out(answer: &mut Value, field: &str) {
    if let Some((place, name)) = holder(answer, field)
        && let Some(fields) = place.as_object_mut()
    {
        fields.remove(name);
    }
}

/// The value that holds a member, and the member's name: `transAmount` and `value` for `transAmount.value`.
fn holder<'a, 'b>(answer: &'a mut Value, field: &'b str) -> Option<(&'a mut Value, &'b str)> {
    match field.rsplit_once('.') {
        None => Some((answer, field)),
        Some((way, name)) => Some((answer.pointer_mut(&format!("/{}", way.replace('.', "/")))?, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(what: &Misbehaviour) -> String {
        let mut body = br#"{"a":"text","list":[{"b":"x"}],"o":{"c":1}}"#.to_vec();
        edit(what, &mut body);
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn members_are_found_at_every_depth() {
        let field = |name: &str| name.to_owned();
        for (what, expected) in [
            (Misbehaviour::WrongType { field: field("a") }, r#"{"a":7,"list":[{"b":"x"}],"o":{"c":1}}"#),
            (Misbehaviour::WrongType { field: field("list.0.b") }, r#"{"a":"text","list":[{"b":7}],"o":{"c":1}}"#),
            (Misbehaviour::WrongType { field: field("o") }, r#"{"a":"text","list":[{"b":"x"}],"o":"7"}"#),
            (Misbehaviour::WrongType { field: field("list.0") }, r#"{"a":"text","list":["7"],"o":{"c":1}}"#),
            (Misbehaviour::NulIn { field: field("a") }, r#"{"a":"te\u0000xt","list":[{"b":"x"}],"o":{"c":1}}"#),
            (Misbehaviour::Missing { field: field("o.c") }, r#"{"a":"text","list":[{"b":"x"}],"o":{}}"#),
            (Misbehaviour::Missing { field: field("none.c") }, r#"{"a":"text","list":[{"b":"x"}],"o":{"c":1}}"#),
            (
                Misbehaviour::Put { field: field("o"), json: "[1]".to_owned() },
                r#"{"a":"text","list":[{"b":"x"}],"o":[1]}"#,
            ),
        ] {
            assert_eq!(edited(&what), expected, "{what:?}");
        }
    }

    #[test]
    fn an_answer_grows_to_the_very_byte() {
        let mut body = br#"{"a":1}"#.to_vec();
        grow(&mut body, 100);
        assert_eq!(body.len(), 100);
        assert!(serde_json::from_slice::<Value>(&body).is_ok());
        let mut page = b"<html>".to_vec();
        grow(&mut page, 100);
        assert_eq!(page, b"<html>");
    }
}
