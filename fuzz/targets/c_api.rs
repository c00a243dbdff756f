//! The C API. Each line of the input is a call: a letter for the function, a character for what is NULL and which object
//! is meant, and the strings, which tabs separate; one that is missing is NULL. They may be broken UTF-8, and `$key` stands
//! for a private key. Nothing is sent: calls that would send are made on a client that is cancelled.
#![no_main]

use bayar::capi::{cancel, client, config, error, log, payment, refund, signing, text};
use bayar::snap::minify::minify;
use bayar_fuzz::{assert_shown, lent};
use libfuzzer_sys::fuzz_target;
use std::ffi::{CString, c_char};
use std::ptr::{null, null_mut};

const PRIVATE_KEY: &str = include_str!("../../sandbox/keys/test-merchant-private.pem");
const PUBLIC_KEY: &str = include_str!("../../sandbox/keys/test-merchant-public.pem");

const NULL_POINTER: i32 = 102;
const INVALID_UTF8: i32 = 103;
const MISMATCH: i32 = 105;
const INTERNAL: i32 = 501;
const NOT_SENT: i32 = 1;
const UNKNOWN: i32 = 3;

type Setter<T> = unsafe extern "C" fn(*mut T, *const c_char, *mut *mut error::bayar_error) -> i32;

/// The objects that live, four of each kind at most.
struct World {
    configs: [*mut config::bayar_config; 4],
    clients: [*mut client::bayar_client; 4],
    payments: [*mut payment::bayar_payment_request; 4],
    refunds: [*mut refund::bayar_refund_request; 4],
    texts: [*mut text::bayar_text; 4],
}

fuzz_target!(|input: &[u8]| {
    let mut world = World {
        configs: [null_mut(); 4],
        clients: [null_mut(); 4],
        payments: [null_mut(); 4],
        refunds: [null_mut(); 4],
        texts: [null_mut(); 4],
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
                _ => self.set(function, flags, strings),
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
                b'E' => {
                    for (name, value) in [(c"base_url", c"https://127.0.0.1:9"), (c"tls_roots", c"bundled")] {
                        config::bayar_config_set(config, name.as_ptr(), value.as_ptr(), null_mut());
                    }
                    making(flags, &mut self.clients[flags.slot()], client::bayar_client_free, |out, error| {
                        client::bayar_client_new(config, out, error)
                    });
                }
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
