//! The functions that `include/bayar.h` declares, read from its text.

use crate::tool::repository;

pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) result: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) comment: String,
}

pub(crate) struct Parameter {
    pub(crate) kind: String,
    pub(crate) name: String,
}

impl Function {
    /// A function that can fail has `error` as its last parameter.
    pub(crate) fn can_fail(&self) -> bool {
        self.parameters.last().is_some_and(|last| last.name == "error" && last.kind.ends_with("**"))
    }
}

impl Parameter {
    pub(crate) fn is_pointer(&self) -> bool {
        self.kind.ends_with('*')
    }

    pub(crate) fn is_text(&self) -> bool {
        self.kind == "const char *"
    }

    pub(crate) fn is_output(&self) -> bool {
        self.kind.ends_with("**")
    }

    /// `text` of `struct bayar_text *`, with or without `const`, and of an output of that type.
    pub(crate) fn thing(&self) -> &str {
        let name = self.kind.trim_start_matches("const ").trim_start_matches("struct bayar_");
        name.trim_end_matches(['*', ' '])
    }
}

/// All of them, in the order of the header.
pub(crate) fn functions() -> Vec<Function> {
    let header = std::fs::read_to_string(repository("include/bayar.h")).unwrap();
    let functions: Vec<Function> = read(&header);
    // The reader must not overlook one that is written in another way.
    let calling_conventions = header.matches("BAYAR_CALL bayar_").count();
    assert_eq!(functions.len(), calling_conventions, "declarations that this test cannot read");
    assert!(!functions.is_empty());
    functions
}

fn read(header: &str) -> Vec<Function> {
    header
        .split("BAYAR_API ")
        .skip(1)
        .zip(header.split("BAYAR_API "))
        .filter_map(|(after, before)| {
            let declaration = after.split_once(';')?.0.split_whitespace().collect::<Vec<_>>().join(" ");
            let (result, rest) = declaration.split_once("BAYAR_CALL ")?;
            let (name, parameters) = rest.strip_suffix(')')?.split_once('(')?;
            let parameters = parameters.split(", ").filter(|text| *text != "void").map(parameter).collect();
            let comment = before.trim_end().strip_suffix("*/").and_then(|text| text.rsplit_once("/**"));
            let comment = comment.map(|(_, text)| text.split_whitespace().filter(|word| *word != "*"));
            let comment = comment.map(|words| words.collect::<Vec<_>>().join(" ")).unwrap_or_default();
            Some(Function { name: name.to_owned(), result: result.trim().to_owned(), parameters, comment })
        })
        .collect()
}

fn parameter(text: &str) -> Parameter {
    let name_at = text.rfind([' ', '*']).unwrap() + 1;
    Parameter { kind: text[..name_at].trim().to_owned(), name: text[name_at..].to_owned() }
}

#[test]
fn a_declaration_is_read_with_its_comment_and_parameters() {
    let header = "/** Older. */\nBAYAR_API void BAYAR_CALL bayar_old(void);\n\n/**\n * Makes *one*:\n * new.\n */\n\
                  BAYAR_API int32_t BAYAR_CALL bayar_x_new(\n    const char *name,\n    struct bayar_x **x);\n";
    let read = read(header);
    let [old, new] = read.as_slice() else { panic!("{} functions", read.len()) };
    assert_eq!((old.name.as_str(), old.parameters.len(), old.comment.as_str()), ("bayar_old", 0, "Older."));
    assert_eq!((new.name.as_str(), new.result.as_str()), ("bayar_x_new", "int32_t"));
    assert_eq!(new.comment, "Makes *one*: new.");
    assert_eq!(new.parameters[0].kind, "const char *");
    assert_eq!((new.parameters[1].thing(), new.parameters[1].name.as_str()), ("x", "x"));
}
