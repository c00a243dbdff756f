//! The C API. Each line of the input is a call: a letter for the function, a character for what is NULL and which object
//! is meant, and the strings, which tabs separate; one that is missing is NULL. They may be broken UTF-8, and `$key` stands
//! for a private key. Nothing is sent: calls that would send are made on a client that is cancelled.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bayar::capi::{
    answer, cancel, client, config, delivery, error, inbox, incoming, log, payment, refund, signing, status, text,
    webhook,
};
use bayar::keys::SigningKey;
use bayar::snap::minify::minify;
use bayar::snap::signature::{Signed, Symmetric};
use bayar::snap::timestamp;
use bayar_fuzz::{assert_shown, lent};
use libfuzzer_sys::fuzz_target;
use std::ffi::{CString, c_char};
use std::ptr::{null, null_mut};
use std::time::{SystemTime, UNIX_EPOCH};

const PRIVATE_KEY: &str = include_str!("../../sandbox/keys/test-merchant-private.pem");
const PUBLIC_KEY: &str = include_str!("../../sandbox/keys/test-merchant-public.pem");

const NULL_POINTER: i32 = 102;
const INVALID_UTF8: i32 = 103;
const MISMATCH: i32 = 105;
const INTERNAL: i32 = 501;
const NOT_SENT: i32 = 1;
const UNKNOWN: i32 = 3;

/// What a line `B` has to set for a genuine notification to be believed.
const CLIENT: &str = "BRN-0211";
const SECRET: &str = "SK-0001";
const PATH: &str = "/v1.0/debit/notify";

type Setter<T> = unsafe extern "C" fn(*mut T, *const c_char, *mut *mut error::bayar_error) -> i32;

/// The objects that live, four of each kind at most.
struct World {
    configs: [*mut config::bayar_config; 4],
    clients: [*mut client::bayar_client; 4],
    payments: [*mut payment::bayar_payment_request; 4],
    refunds: [*mut refund::bayar_refund_request; 4],
    texts: [*mut text::bayar_text; 4],
    incomings: [*mut incoming::bayar_incoming; 4],
}

fuzz_target!(|input: &[u8]| {
    let mut world = World {
        configs: [null_mut(); 4],
        clients: [null_mut(); 4],
        payments: [null_mut(); 4],
        refunds: [null_mut(); 4],
        texts: [null_mut(); 4],
        incomings: [null_mut(); 4],
    };
    for line in input.split(|byte| *byte == b'\n').take(64) {
        if let [function, flags, strings @ ..] = line {
            // SAFETY: the world holds objects that live, or NULL; strings and outputs live during the call.
            unsafe { world.call(*function, Flags(*flags), &Strings::new(strings)) };
        }
    }
    // SAFETY: nothing is used any more, and NULL may be freed.
    unsafe {
        world.configs.iter().for_each(|object| config::bayar_config_free(*object));
        world.clients.iter().for_each(|object| client::bayar_client_free(*object));
        world.payments.iter().for_each(|object| payment::bayar_payment_request_free(*object));
        world.refunds.iter().for_each(|object| refund::bayar_refund_request_free(*object));
        world.texts.iter().for_each(|object| text::bayar_text_free(*object));
        world.incomings.iter().for_each(|object| incoming::bayar_incoming_free(*object));
    }
});

/// `0` to `3` name an object; with 4 added it is NULL instead, with 8 there is no output, with 64 no error.
#[derive(Clone, Copy)]
struct Flags(u8);

impl Flags {
    fn slot(self) -> usize {
        usize::from(self.0 & 3)
    }

    fn pick<T>(self, objects: &[*mut T; 4]) -> *mut T {
        if self.0 & 4 == 0 { objects[self.slot()] } else { null_mut() }
    }
}

struct Strings(Vec<CString>);

impl Strings {
    fn new(line: &[u8]) -> Self {
        let parts = line.split(|byte| *byte == b'\t').map(|part| match part {
            b"$key" => PRIVATE_KEY.as_bytes(),
            b"$public" => PUBLIC_KEY.as_bytes(),
            part => part.split(|byte| *byte == 0).next().unwrap_or_default(),
        });
        Self(if line.is_empty() { Vec::new() } else { parts.map(|part| CString::new(part).expect("no NUL")).collect() })
    }

    fn get(&self, index: usize) -> *const c_char {
        self.0.get(index).map_or(null(), |text| text.as_ptr())
    }

    fn bytes(&self, index: usize) -> (*const u8, usize) {
        self.0.get(index).map_or((null(), 0), |text| (text.as_ptr().cast(), text.as_bytes().len()))
    }

    fn text(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.to_str().ok()
    }
}

/// Calls what can fail, and holds the code against the error object.
unsafe fn fallible(flags: Flags, call: impl FnOnce(*mut *mut error::bayar_error) -> i32) -> i32 {
    let mut made: *mut error::bayar_error = std::ptr::dangling_mut();
    let given = flags.0 & 64 == 0;
    let code = call(if given { &raw mut made } else { null_mut() });
    assert_ne!(code, INTERNAL, "a fault inside the library");
    if given {
        assert_eq!(code == 0, made.is_null(), "code {code}");
        // SAFETY: NULL, or an error that lives until it is freed here.
        unsafe {
            assert_eq!(error::bayar_error_code(made), code);
            if let Some(message) = lent(error::bayar_error_message(made)) {
                assert_shown(message);
            } else {
                assert_eq!(code, 0, "an error without a message");
            }
            let outcome = error::bayar_error_outcome(made);
            assert!(outcome == UNKNOWN || outcome == NOT_SENT && code != 0, "nothing was sent, and nothing refused");
            assert!(
                code >= 300 || outcome == NOT_SENT || code == 0,
                "code {code}: an argument is refused before sending"
            );
            assert!((0..=2).contains(&error::bayar_error_retry(made)));
            assert!(error::bayar_error_response_code(made).is_null() && error::bayar_error_http_status(made) == 0);
            if let Some(field) = lent(error::bayar_error_field(made)) {
                let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
                let like_a_name = field.len() <= 40 && field.bytes().all(|byte| named(byte.to_ascii_lowercase()));
                assert!(like_a_name, "{field:?} is no parameter of this API");
            }
            lent(error::bayar_error_external_id(made));
            error::bayar_error_free(made);
        }
    }
    code
}

/// Calls what makes an object, in the place of an earlier one.
unsafe fn making<T>(
    flags: Flags,
    place: &mut *mut T,
    free: unsafe extern "C" fn(*mut T),
    call: impl FnOnce(*mut *mut T, *mut *mut error::bayar_error) -> i32,
) -> i32 {
    // SAFETY: the caller's promise: NULL, or an object that lives, which is not used afterwards.
    unsafe { free(std::mem::replace(place, null_mut())) };
    let mut made: *mut T = std::ptr::dangling_mut();
    let given = flags.0 & 8 == 0;
    // SAFETY: the caller's promises are passed on.
    let code = unsafe { fallible(flags, |error| call(if given { &raw mut made } else { null_mut() }, error)) };
    if given {
        assert_eq!(code == 0, !made.is_null(), "code {code}");
        *place = made;
    } else {
        assert_eq!(code, NULL_POINTER);
    }
    code
}

impl World {
    /// # Safety
    /// All objects live, or are NULL.
    unsafe fn call(&mut self, function: u8, flags: Flags, strings: &Strings) {
        // SAFETY: this function's own promise; strings and outputs live.
        unsafe {
            match function {
                b'a'..=b'z' => self.sign(function, flags, strings),
                b'A'..=b'H' => self.settings(function, flags, strings),
                b'I'..=b'N' => self.send(function, flags, strings),
                b'O' => {
                    making(
                        flags,
                        &mut self.payments[flags.slot()],
                        payment::bayar_payment_request_free,
                        |out, error| payment::bayar_payment_request_new(strings.get(0), strings.get(1), out, error),
                    );
                }
                b'P' => {
                    making(flags, &mut self.refunds[flags.slot()], refund::bayar_refund_request_free, |out, error| {
                        let [original, amount, number] = [0, 1, 2].map(|index| strings.get(index));
                        refund::bayar_refund_request_new(original, amount, number, out, error)
                    });
                }
                b'6'..=b'9' | b'!' | b'@' => self.receive(function, flags, strings),
                _ => self.set(function, flags, strings),
            }
        }
    }

    /// The merchant's two routes.
    unsafe fn receive(&mut self, function: u8, flags: Flags, strings: &Strings) {
        let client = flags.pick(&self.clients);
        let came = flags.pick(&self.incomings);
        let (body, length) = strings.bytes(2);
        // SAFETY: the caller's promise.
        unsafe {
            match function {
                b'6' => {
                    making(flags, &mut self.incomings[flags.slot()], incoming::bayar_incoming_free, |out, error| {
                        incoming::bayar_incoming_new(strings.get(0), strings.get(1), body, length, out, error)
                    });
                }
                b'7' => {
                    let add = |error| incoming::bayar_incoming_add_header(came, strings.get(0), strings.get(1), error);
                    let code = fallible(flags, add);
                    expect(code, came.is_null(), strings, 2);
                }
                b'8' => {
                    let genuine = notified(client, came, flags, strings);
                    assert!(!genuine, "it was not signed");
                }
                b'9' => drop(token_of(client, came, flags)),
                b'!' => genuine(client, strings),
                _ => listed(client, flags),
            }
        }
    }

    /// Setters of requests.
    unsafe fn set(&mut self, function: u8, flags: Flags, strings: &Strings) {
        let payment_setter: Option<Setter<payment::bayar_payment_request>> = match function {
            b'Q' => Some(payment::bayar_payment_request_set_return_url),
            b'R' => Some(payment::bayar_payment_request_set_valid_up_to),
            b'S' => Some(payment::bayar_payment_request_set_point_of_initiation),
            b'T' => Some(payment::bayar_payment_request_set_title),
            b'U' => Some(payment::bayar_payment_request_set_channel),
            b'V' => Some(payment::bayar_payment_request_set_device_id),
            b'W' => Some(payment::bayar_payment_request_set_ip_address),
            b'X' => Some(payment::bayar_payment_request_set_extra_json),
            _ => None,
        };
        let refund_setter: Option<Setter<refund::bayar_refund_request>> = match function {
            b'0' => Some(refund::bayar_refund_request_set_reason),
            b'1' => Some(refund::bayar_refund_request_set_original_external_id),
            b'2' => Some(refund::bayar_refund_request_set_channel),
            b'3' => Some(refund::bayar_refund_request_set_device_id),
            b'4' => Some(refund::bayar_refund_request_set_ip_address),
            b'5' => Some(refund::bayar_refund_request_set_extra_json),
            _ => None,
        };
        let payment = flags.pick(&self.payments);
        let number = strings.text(0).and_then(|text| text.parse().ok()).unwrap_or(1);
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(set) = payment_setter {
                let code = fallible(flags, |error| set(payment, strings.get(0), error));
                expect(code, payment.is_null(), strings, 1);
            }
            if let Some(set) = refund_setter {
                let refund = flags.pick(&self.refunds);
                let code = fallible(flags, |error| set(refund, strings.get(0), error));
                expect(code, refund.is_null(), strings, 1);
            }
            let on_off = match function {
                b'Y' => payment::bayar_payment_request_set_is_deep_link,
                b'Z' => payment::bayar_payment_request_set_support_deep_link_checkout_url,
                _ => return,
            };
            let code = fallible(flags, |error| on_off(payment, number, error));
            assert_eq!(code, if payment.is_null() { NULL_POINTER } else { 0 });
        }
    }

    /// Settings and clients.
    unsafe fn settings(&mut self, function: u8, flags: Flags, strings: &Strings) {
        let config = flags.pick(&self.configs);
        // SAFETY: the caller's promise.
        unsafe {
            match function {
                b'A' => {
                    making(flags, &mut self.configs[flags.slot()], config::bayar_config_free, |out, error| {
                        config::bayar_config_new(out, error)
                    });
                }
                b'B' => {
                    // No file of this machine is opened, and no proxy asked, because the input names one.
                    let foreign = ["private_key_file", "ca_file", "proxy"];
                    if strings.text(0).is_some_and(|name| foreign.contains(&name)) {
                        return;
                    }
                    let set = |error| config::bayar_config_set(config, strings.get(0), strings.get(1), error);
                    fallible(flags, set);
                }
                b'C' => {
                    fallible(flags, |error| config::bayar_config_load_environment(config, error));
                }
                b'D' => {
                    let path = strings.0.first().map(|path| [b"no-such-directory/", path.as_bytes()].concat());
                    let path = path.map(|path| CString::new(path).expect("no NUL"));
                    let pointer = path.as_ref().map_or(null(), |path| path.as_ptr());
                    let code = fallible(flags, |error| config::bayar_config_load_file(config, pointer, error));
                    assert_ne!(code, 0);
                }
                b'E' | b'F' => {
                    for (name, value) in [(c"base_url", c"https://127.0.0.1:9"), (c"tls_roots", c"bundled")] {
                        config::bayar_config_set(config, name.as_ptr(), value.as_ptr(), null_mut());
                    }
                    let make = if function == b'E' { client::bayar_client_new } else { client::bayar_client_acquire };
                    making(flags, &mut self.clients[flags.slot()], client::bayar_client_free, |out, error| {
                        make(config, out, error)
                    });
                }
                b'G' => client::bayar_client_forget_acquired(),
                _ => self.poll(flags),
            }
        }
    }

    unsafe fn poll(&self, flags: Flags) {
        let client = flags.pick(&self.clients);
        let mut entry: *mut log::bayar_log_entry = std::ptr::dangling_mut();
        // SAFETY: the caller's promise.
        unsafe {
            let code = fallible(flags, |error| log::bayar_client_poll_log(client, &raw mut entry, error));
            assert_eq!(code, if client.is_null() { NULL_POINTER } else { 0 });
            if let Some(message) = lent(log::bayar_log_entry_message(entry)) {
                assert_shown(message);
                assert!((1..=4).contains(&log::bayar_log_entry_level(entry)));
                assert!(log::bayar_log_entry_unix_ms(entry) > 0);
            }
            log::bayar_log_entry_free(entry);
        }
    }

    /// Calls that would send, were the client not cancelled: they fail, and say that nothing was sent.
    unsafe fn send(&self, function: u8, flags: Flags, strings: &Strings) {
        let (mut cancel, mut cancelled) = (null_mut(), null_mut());
        let reference = strings.get(0);
        // SAFETY: the caller's promise; cancel and client live until the end of this function.
        unsafe {
            let quiet = Flags(0);
            making(quiet, &mut cancel, cancel::bayar_cancel_free, |out, error| cancel::bayar_cancel_new(out, error));
            cancel::bayar_cancel_reset(cancel);
            cancel::bayar_cancel_set(cancel);
            let client = flags.pick(&self.clients);
            making(flags, &mut cancelled, client::bayar_client_free, |out, error| {
                cancel::bayar_client_with_cancel(client, cancel, out, error)
            });
            cancel::bayar_cancel_free(cancel);
            let (payment, refund) = (self.payments[flags.slot()], self.refunds[flags.slot()]);
            let (mut paid, mut refunded, mut status) = (null_mut(), null_mut(), null_mut());
            let code = fallible(flags, |error| match function {
                b'I' => client::bayar_client_warm_up(cancelled, error),
                b'J' => client::bayar_client_pay(cancelled, payment, &raw mut paid, error),
                b'K' => client::bayar_client_refund(cancelled, refund, &raw mut refunded, error),
                b'L' => client::bayar_client_status(cancelled, reference, &raw mut status, error),
                _ => {
                    let limit = strings.text(1).and_then(|text| text.parse().ok()).unwrap_or(-1);
                    client::bayar_client_wait(cancelled, reference, limit, &raw mut status, error)
                }
            });
            assert_ne!(code, 0, "a cancelled call succeeded");
            assert!(paid.is_null() && refunded.is_null() && status.is_null());
            client::bayar_client_free(cancelled);
        }
    }

    /// The pure functions.
    unsafe fn sign(&mut self, function: u8, flags: Flags, strings: &Strings) {
        let place = &mut self.texts[flags.slot()];
        let free = text::bayar_text_free;
        let [first, second, third, fourth, fifth] = [0, 1, 2, 3, 4].map(|index| strings.get(index));
        let (body, length) = strings.bytes(5);
        // SAFETY: the caller's promise.
        unsafe {
            let code = match function {
                b'a' => {
                    let code = making(flags, place, free, |out, error| {
                        signing::bayar_request_sign(first, second, third, fourth, body, length, fifth, out, error)
                    });
                    if code == 0 {
                        let verify = |signature| {
                            signing::bayar_request_verify(
                                first,
                                second,
                                third,
                                fourth,
                                body,
                                length,
                                fifth,
                                signature,
                                null_mut(),
                            )
                        };
                        assert_eq!(verify(text::bayar_text_value(*place)), 0, "a signature does not verify");
                        assert_eq!(verify(c"AAAA".as_ptr()), MISMATCH);
                    }
                    expect(code, flags.0 & 8 != 0, strings, 5);
                    code
                }
                b'b' => {
                    let code = making(flags, place, free, |out, error| {
                        signing::bayar_request_string_to_sign(first, second, third, body, length, fourth, out, error)
                    });
                    expect(code, flags.0 & 8 != 0, strings, 4);
                    code
                }
                b'c' => {
                    let code = making(flags, place, free, |out, error| {
                        signing::bayar_token_request_sign(first, fourth, second, third, out, error)
                    });
                    if code == 0 && strings.text(0) == Some(PRIVATE_KEY) {
                        let public = CString::new(PUBLIC_KEY).expect("no NUL");
                        let signature = text::bayar_text_value(*place);
                        let verify = |id, signature| {
                            signing::bayar_token_request_verify(public.as_ptr(), id, third, signature, null_mut())
                        };
                        assert_eq!(verify(second, signature), 0, "a signature does not verify");
                        assert_eq!(verify(c"another".as_ptr(), signature) == 0, strings.text(1) == Some("another"));
                    }
                    code
                }
                b'd' => {
                    let verify = |error| signing::bayar_token_request_verify(first, second, third, fourth, error);
                    fallible(flags, verify);
                    return;
                }
                b'e' => {
                    let verify = |error| {
                        signing::bayar_request_verify(
                            first,
                            second,
                            third,
                            fourth,
                            body,
                            length,
                            fifth,
                            strings.get(6),
                            error,
                        )
                    };
                    let code = fallible(flags, verify);
                    assert!([0, NULL_POINTER, INVALID_UTF8, MISMATCH].contains(&code), "code {code}");
                    return;
                }
                b'f' => {
                    let (json, length) = strings.bytes(0);
                    let code =
                        making(flags, place, free, |out, error| signing::bayar_json_minify(json, length, out, error));
                    if let Some(minified) = lent(text::bayar_text_value(*place)) {
                        assert_eq!(minified.as_bytes(), minify(strings.0.first().map_or(b"", |json| json.as_bytes())));
                    }
                    code
                }
                b'g' => {
                    let moment = strings.text(0).and_then(|text| text.parse().ok()).unwrap_or(i64::MAX);
                    making(flags, place, free, |out, error| signing::bayar_timestamp_format(moment, out, error))
                }
                _ => making(flags, place, free, |out, error| signing::bayar_external_id_new(out, error)),
            };
            let value = lent(text::bayar_text_value(*place));
            assert_eq!(value.is_some(), code == 0, "code {code}");
            assert_eq!(text::bayar_text_length(*place), value.map_or(0, str::len));
        }
    }
}

/// What a call comes to as far as its pointers tell: an object that is NULL, the first string that is NULL or broken.
fn expect(code: i32, null_object: bool, strings: &Strings, count: usize) {
    let broken = (0..count).find(|index| strings.text(*index).is_none());
    match broken {
        _ if null_object => assert_eq!(code, NULL_POINTER),
        Some(index) if strings.get(index).is_null() => assert_eq!(code, NULL_POINTER),
        Some(_) => assert_eq!(code, INVALID_UTF8),
        None => assert!(![NULL_POINTER, INVALID_UTF8].contains(&code), "code {code}"),
    }
}

/// Gives a notification to the client, decides as the first string says, and looks at all that may be asked of it. Returns
/// whether it was believed.
unsafe fn notified(
    client: *const client::bayar_client,
    came: *const incoming::bayar_incoming,
    flags: Flags,
    strings: &Strings,
) -> bool {
    let mut told: *mut delivery::bayar_delivery = null_mut();
    let quiet = Flags(0);
    // SAFETY: the client and the request live or are NULL; what is made here is freed here.
    unsafe {
        let code = making(flags, &mut told, delivery::bayar_delivery_free, |out, error| {
            webhook::bayar_client_notification(client, came, out, error)
        });
        assert_eq!(code == 0, !(client.is_null() || came.is_null() || flags.0 & 8 != 0), "code {code}");
        let genuine = delivery::bayar_delivery_is_genuine(told) == 1;
        let mut before: *mut answer::bayar_answer = null_mut();
        making(quiet, &mut before, answer::bayar_answer_free, |out, error| {
            delivery::bayar_delivery_answer(told, out, error)
        });
        answered(before);
        assert_eq!(answer::bayar_answer_is_accepted(before), 0, "nobody has decided");
        let decided = fallible(quiet, |error| match strings.text(0) {
            Some("a") => webhook::bayar_client_acknowledge(client, told, error),
            _ => webhook::bayar_client_reject_unknown(client, told, error),
        });
        assert_eq!(decided == 0, genuine, "code {decided}");
        let mut after: *mut answer::bayar_answer = null_mut();
        making(quiet, &mut after, answer::bayar_answer_free, |out, error| {
            delivery::bayar_delivery_answer(told, out, error)
        });
        answered(after);
        if genuine {
            assert_eq!(answer::bayar_answer_status(after), if strings.text(0) == Some("a") { 200 } else { 404 });
        }
        let texts = [
            delivery::bayar_delivery_key(told),
            delivery::bayar_delivery_original_partner_reference_no(told),
            delivery::bayar_delivery_original_reference_no(told),
            delivery::bayar_delivery_original_external_id(told),
            delivery::bayar_delivery_transaction_status_desc(told),
            delivery::bayar_delivery_amount(told),
            delivery::bayar_delivery_channel(told),
            delivery::bayar_delivery_created_time(told),
            delivery::bayar_delivery_finished_time(told),
            delivery::bayar_delivery_mismatch(told),
        ];
        for text in texts.into_iter().filter_map(|text| lent(text)) {
            assert!(genuine && !text.contains(char::is_control), "{text:?}");
        }
        assert_eq!(lent(delivery::bayar_delivery_json(told)).is_some(), genuine);
        assert_eq!(delivery::bayar_delivery_order(told) != 0, genuine);
        assert!(genuine || delivery::bayar_delivery_is_paid(told) == 0 && delivery::bayar_delivery_is_known(told) == 0);
        delivery::bayar_delivery_transaction_status(told);
        let mut instead: *mut status::bayar_status = std::ptr::dangling_mut();
        fallible(quiet, |error| delivery::bayar_delivery_status_instead(told, &raw mut instead, error));
        assert!(instead.is_null(), "DOKU cannot be asked here");
        delivery::bayar_delivery_free(told);
        // What was lent by the answers outlives the delivery.
        answered(before);
        answer::bayar_answer_free(before);
        answer::bayar_answer_free(after);
        genuine
    }
}

/// All that may be asked of an answer, or of NULL.
unsafe fn answered(answer: *const answer::bayar_answer) {
    // SAFETY: the caller's promise: an answer that lives, or NULL.
    unsafe {
        let code = answer::bayar_answer_status(answer);
        assert!(answer.is_null() && code == 0 || [200, 400, 401, 404, 500].contains(&code), "HTTP {code}");
        assert_eq!(lent(answer::bayar_answer_body(answer)).is_some(), !answer.is_null());
        let reason = lent(answer::bayar_answer_reason(answer));
        assert_eq!(reason.is_none(), answer.is_null() || code == 200);
        if let Some(reason) = reason {
            assert_shown(reason);
        }
        for index in 0..=answer::bayar_answer_header_count(answer) {
            let there = index < answer::bayar_answer_header_count(answer);
            assert_eq!(lent(answer::bayar_answer_header_name(answer, index)).is_some(), there);
            assert_eq!(lent(answer::bayar_answer_header_value(answer, index)).is_some(), there);
        }
    }
}

/// Asks for a token, and returns it if it is given.
unsafe fn token_of(
    client: *const client::bayar_client,
    came: *const incoming::bayar_incoming,
    flags: Flags,
) -> Option<String> {
    let mut made: *mut answer::bayar_answer = null_mut();
    // SAFETY: as for `notified`.
    unsafe {
        let code = making(flags, &mut made, answer::bayar_answer_free, |out, error| {
            webhook::bayar_client_webhook_token(client, came, out, error)
        });
        assert_eq!(code == 0, !(client.is_null() || came.is_null() || flags.0 & 8 != 0), "code {code}");
        answered(made);
        let body = lent(answer::bayar_answer_body(made)).unwrap_or("{}");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let token = body["accessToken"].as_str().map(str::to_owned);
        assert_eq!(token.is_some(), answer::bayar_answer_is_accepted(made) == 1);
        answer::bayar_answer_free(made);
        token
    }
}

/// A notification of DOKU's own with the second string as its body, after a token: believed or not, what was decided and
/// asked about holds of it.
unsafe fn genuine(client: *const client::bayar_client, strings: &Strings) {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    let now = timestamp::format(i64::try_from(now_s).expect("small") * 1000, timestamp::Form::Wib);
    let key = SigningKey::from_pem(PRIVATE_KEY.as_bytes(), None).expect("a key");
    let signature = STANDARD.encode(key.sign(format!("{CLIENT}|{now}").as_bytes()).expect("a signature"));
    let asked = [("X-CLIENT-KEY", CLIENT), ("X-TIMESTAMP", &now), ("X-SIGNATURE", &signature)];
    let quiet = Flags(0);
    // SAFETY: as for `notified`.
    unsafe {
        let mut came = request(br#"{"grantType":"client_credentials"}"#, &asked);
        let token = token_of(client, came, quiet);
        incoming::bayar_incoming_free(came);
        let Some(token) = token else { return };
        let body = strings.0.get(1).map_or(&b""[..], |body| body.as_bytes());
        let signed = Signed { method: "POST", path: PATH, token: &token, body, timestamp: &now };
        let signature = Symmetric::new(SECRET.as_bytes()).sign(&signed);
        let bearer = format!("Bearer {token}");
        let told = [("X-TIMESTAMP", &*now), ("X-SIGNATURE", signature.as_str()), ("Authorization", &bearer)];
        came = request(body, &told);
        notified(client, came, quiet, strings);
        incoming::bayar_incoming_free(came);
    }
}

unsafe fn request(body: &[u8], headers: &[(&str, &str)]) -> *mut incoming::bayar_incoming {
    let text = |text: &str| CString::new(text).expect("no NUL");
    let (method, path) = (text("POST"), text("/"));
    let mut made = null_mut();
    // SAFETY: strings and outputs live during the calls.
    unsafe {
        let (start, length) = (body.as_ptr(), body.len());
        incoming::bayar_incoming_new(method.as_ptr(), path.as_ptr(), start, length, &raw mut made, null_mut());
        for (name, value) in headers {
            let (name, value) = (text(name), text(value));
            incoming::bayar_incoming_add_header(made, name.as_ptr(), value.as_ptr(), null_mut());
        }
    }
    made
}

/// The inbox, and all that is in it.
unsafe fn listed(client: *const client::bayar_client, flags: Flags) {
    let mut list: *mut inbox::bayar_inbox = null_mut();
    // SAFETY: as for `notified`.
    unsafe {
        making(flags, &mut list, inbox::bayar_inbox_free, |out, error| webhook::bayar_client_inbox(client, out, error));
        let count = inbox::bayar_inbox_count(list);
        for index in 0..=count {
            let texts = [
                inbox::bayar_inbox_key(list, index),
                inbox::bayar_inbox_reference(list, index),
                inbox::bayar_inbox_json(list, index),
                inbox::bayar_inbox_first_came(list, index),
                inbox::bayar_inbox_last_came(list, index),
            ];
            texts.into_iter().for_each(|text| assert_eq!(lent(text).is_some(), index < count));
            assert_eq!(inbox::bayar_inbox_times(list, index) > 0, index < count);
            let flags = [inbox::bayar_inbox_is_acknowledged, inbox::bayar_inbox_is_stale, inbox::bayar_inbox_is_known];
            flags.into_iter().for_each(|flag| assert!(flag(list, index) & !1 == 0));
        }
        inbox::bayar_inbox_free(list);
    }
}
