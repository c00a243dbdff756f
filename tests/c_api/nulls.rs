//! P7: NULL in any place, and text that is no UTF-8, is an error code and never a crash. The program is made from the
//! header, so that a new function cannot be forgotten.

use bayar_sandbox::{Customer, Options};
use std::fmt::Write;

use crate::declarations::{Function, Parameter, functions};
use crate::desk::Desk;
use crate::finished::How;

/// Parameters that may be NULL, as their comments say.
const MAY_BE_NULL: [(&str, &str); 2] = [("bayar_token_request_sign", "passphrase"), ("bayar_client_records", "value")];

#[test]
fn null_or_broken_text_in_any_place_is_an_error_code() {
    try_every_place(How::Plain, false);
}

#[test]
fn null_or_broken_text_in_any_place_is_an_error_code_under_valgrind() {
    try_every_place(How::UnderValgrind, false);
}

#[test]
fn an_output_that_is_null_is_named_like_every_other_parameter() {
    try_every_place(How::Plain, true);
}

pub(crate) fn try_every_place(how: How, outputs_by_name: bool) {
    let customer = Customer::Approves { after_ms: 0 };
    let mut desk = Desk::open(Options { customer, ..Options::default() });
    desk.prepare(how);
    let source = desk.workshop.write("nulls.c", source(&functions(), outputs_by_name));
    let program = desk.workshop.test_program_at(&source);
    desk.run(how, &program, &[], None).succeeded();
    let counts = desk.sandbox.counts();
    assert_eq!((counts.payments_made, counts.refunds_made), (1, 1), "the objects to try with, and nothing else");
}

fn source(functions: &[Function], outputs_by_name: bool) -> String {
    let mut text = String::from("#include \"check.h\"\n#include \"fixtures.h\"\n\nstatic struct fixtures have;\n");
    for function in functions {
        write!(text, "\nstatic void try_{}(void)\n{{\n", function.name).unwrap();
        if function.can_fail() {
            try_fallible(&mut text, function, outputs_by_name);
        } else if function.parameters.iter().any(Parameter::is_pointer) {
            try_getter(&mut text, function);
        } else if function.result == "void" {
            writeln!(text, "    {}();", function.name).unwrap();
        } else {
            writeln!(text, "    CHECK({}() == {}());", function.name, function.name).unwrap();
        }
        text.push_str("}\n");
    }
    text.push_str("\nint main(void)\n{\n    make_fixtures(&have);\n");
    for function in functions {
        writeln!(text, "    try_{}();", function.name).unwrap();
    }
    text.push_str("    free_fixtures(&have);\n    return check_result();\n}\n");
    text
}

fn try_fallible(text: &mut String, function: &Function, outputs_by_name: bool) {
    text.push_str("    bayar_error *error = UNWRITTEN;\n");
    let output = function.parameters.iter().find(|parameter| parameter.is_output() && parameter.name != "error");
    // Where the output is all that there is to be NULL, it is never there.
    let others = function.parameters.iter().any(|parameter| parameter.is_pointer() && !parameter.is_output());
    if let Some(output) = output.filter(|_| others) {
        writeln!(text, "    struct bayar_{} *out = UNWRITTEN;", output.thing()).unwrap();
    }
    text.push('\n');
    for (place, parameter) in function.parameters.iter().enumerate() {
        let allowed = MAY_BE_NULL.contains(&(function.name.as_str(), parameter.name.as_str()));
        if parameter.name == "error" {
            continue;
        }
        if parameter.is_pointer() && !allowed {
            let field = match (parameter.is_output(), outputs_by_name) {
                (true, false) => "ANY_FIELD".to_owned(),
                _ => format!("\"{}\"", field(function, parameter)),
            };
            let out_is_null = output.is_some() && !parameter.is_output();
            fails(text, function, place, "NULL", ("BAYAR_ERROR_NULL_POINTER", &field), out_is_null);
        }
        if parameter.is_text() {
            let field = format!("\"{}\"", field(function, parameter));
            let value = "\"caf\\xE9 \\xF0\\x9F\"";
            fails(text, function, place, value, ("BAYAR_ERROR_INVALID_UTF8", &field), output.is_some());
        }
    }
    // All at once.
    let all: Vec<&str> = function.parameters.iter().map(|one| if one.is_pointer() { "NULL" } else { "1" }).collect();
    let call = format!("{}({})", function.name, all.join(", "));
    writeln!(text, "    CHECK_NUMBER({call}, BAYAR_ERROR_NULL_POINTER);").unwrap();
}

/// The call with one argument replaced, with and without a place for the error.
fn fails(text: &mut String, function: &Function, place: usize, value: &str, (code, field): (&str, &str), out: bool) {
    let (name, parameter) = (&function.name, &function.parameters[place].name);
    let arguments = |error: &str| {
        let one = |(index, parameter): (usize, &Parameter)| match (index == place, parameter.name.as_str()) {
            (true, _) => value.to_owned(),
            (_, "error") => error.to_owned(),
            _ => valid(parameter),
        };
        function.parameters.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    };
    let what = if value == "NULL" { "NULL" } else { "broken text" };
    writeln!(text, "    check_about(\"{name}, {what} for {parameter}\");").unwrap();
    writeln!(text, "    CHECK_FAILS({name}({}), {code}, {field}, &error);", arguments("&error")).unwrap();
    if out {
        text.push_str("    CHECK(out == NULL);\n    out = UNWRITTEN;\n");
    }
    writeln!(text, "    CHECK_NUMBER({name}({}), {code});", arguments("NULL")).unwrap();
    if out {
        text.push_str("    CHECK(out == NULL);\n    out = UNWRITTEN;\n");
    }
}

/// What an error calls the parameter: a setting's value goes by the setting's name.
fn field<'a>(function: &Function, parameter: &'a Parameter) -> &'a str {
    match (function.name.as_str(), parameter.name.as_str()) {
        ("bayar_config_set", "value") => "x",
        _ => &parameter.name,
    }
}

fn valid(parameter: &Parameter) -> String {
    match parameter.kind.as_str() {
        "const char *" => "\"x\"".to_owned(),
        "const uint8_t *" => "(const uint8_t *)\"x\"".to_owned(),
        kind if kind.ends_with("**") => "&out".to_owned(),
        kind if kind.ends_with('*') => format!("have.{}", parameter.thing()),
        _ => "1".to_owned(),
    }
}

fn try_getter(text: &mut String, function: &Function) {
    let others = ", 0".repeat(function.parameters.len() - 1);
    let call = format!("{}(NULL{others})", function.name);
    writeln!(text, "    check_about(\"{} of NULL\");", function.name).unwrap();
    match function.result.as_str() {
        "void" => writeln!(text, "    {call};"),
        "const char *" => writeln!(text, "    CHECK_TEXT({call}, NULL);"),
        _ => writeln!(text, "    CHECK_NUMBER({call}, {});", number_for_null(&function.name)),
    }
    .unwrap();
}

fn number_for_null(name: &str) -> &'static str {
    match name {
        "bayar_error_code" => "BAYAR_OK",
        "bayar_error_outcome" => "BAYAR_OUTCOME_UNKNOWN",
        "bayar_error_retry" => "BAYAR_RETRY_NO",
        "bayar_status_transaction_status" | "bayar_record_transaction_status" | "bayar_delivery_transaction_status" => {
            "BAYAR_TRANSACTION_UNKNOWN"
        }
        "bayar_status_refund_status" => "BAYAR_REFUND_UNKNOWN",
        _ => "0",
    }
}
