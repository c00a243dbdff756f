//! Reading the fields of a JSON body, with the refusals that name them: `amount.value`, `urlParam.isDeepLink`.

use serde_json::{Map, Value};

use super::case::Case;
use crate::books::Money;

/// The body, if it is a JSON object.
pub(super) fn parse(body: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

/// One object of the body, and the way that led to it.
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    prefix: String,
}

impl<'a> Fields<'a> {
    pub(super) fn of(map: &'a Map<String, Value>) -> Fields<'a> {
        let prefix = String::new();
        Fields { map, prefix }
    }

    /// A field's value. `null` is as good as absent: two of DOKU's SDKs send it for what they have not (protocol 4).
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn missing(&self, name: &str) -> Case {
        Case::Missing(format!("{}{name}", self.prefix))
    }

    pub(super) fn wrong(&self, name: &str) -> Case {
        Case::Format(format!("{}{name}", self.prefix))
    }

    /// A text of at most so many characters.
    pub(super) fn text(&self, name: &str, max: usize) -> Result<Option<&'a str>, Case> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= max => Ok(Some(text)),
            Some(_) => Err(self.wrong(name)),
        }
    }

    /// A text that must be there, and not empty.
    pub(super) fn required_text(&self, name: &str, max: usize) -> Result<&'a str, Case> {
        match self.text(name, max)? {
            None => Err(self.missing(name)),
            Some("") => Err(self.wrong(name)),
            Some(text) => Ok(text),
        }
    }

    /// A text that must be one of these.
    pub(super) fn one_of(&self, name: &str, choices: &[&str]) -> Result<&'a str, Case> {
        let text = self.required_text(name, usize::MAX)?;
        if choices.contains(&text) { Ok(text) } else { Err(self.wrong(name)) }
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, Case> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => self.within(name, value).map(Some),
        }
    }

    pub(super) fn required_object(&self, name: &str) -> Result<Fields<'a>, Case> {
        self.object(name)?.ok_or_else(|| self.missing(name))
    }

    /// The fields of an object, or of each object in a list that is not empty.
    pub(super) fn objects(&self, name: &str) -> Result<Vec<Fields<'a>>, Case> {
        match self.value(name) {
            None => Err(self.missing(name)),
            Some(Value::Array(items)) if !items.is_empty() => {
                items.iter().map(|item| self.within(name, item)).collect()
            }
            Some(value) => Ok(vec![self.within(name, value)?]),
        }
    }

    /// `{"value": "10000.00", "currency": "IDR"}`
    pub(super) fn amount(&self, name: &str) -> Result<Money, Case> {
        let amount = self.required_object(name)?;
        let text = amount.required_text("value", usize::MAX)?;
        let money = Money::parse(text).ok_or_else(|| amount.wrong("value"))?;
        amount.one_of("currency", &["IDR"])?;
        Ok(money)
    }

    fn within(&self, name: &str, value: &'a Value) -> Result<Fields<'a>, Case> {
        match value {
            Value::Object(map) => Ok(Fields { map, prefix: format!("{}{name}.", self.prefix) }),
            _ => Err(self.wrong(name)),
        }
    }
}
