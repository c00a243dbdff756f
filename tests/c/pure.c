/* The pure functions where no vector reaches: bytes with and without a body, moments, ids, keys that cannot be used. */
#include "check.h"

#include <string.h>

static const char *const moment = "2026-11-22T17:00:00+07:00";

static void bytes(void)
{
    static const uint8_t with_nul[] = {'{', ' ', '"', 0, '"', '}'}, not_utf8[] = {'"', 0xFF, '"'};
    bayar_text *none = UNWRITTEN, *empty = UNWRITTEN, *other = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("no body is an empty body");
    CHECK_WORKS(bayar_request_sign("s", "POST", "/", "t", NULL, 0, moment, &none, &error), error);
    CHECK_WORKS(bayar_request_sign("s", "POST", "/", "t", with_nul, 0, moment, &empty, &error), error);
    CHECK_TEXT(bayar_text_value(none), bayar_text_value(empty));
    CHECK_NUMBER(bayar_text_length(none), 88);
    bayar_text_free(empty);

    check_about("a body is bytes, with a NUL among them");
    CHECK_WORKS(bayar_request_sign("s", "POST", "/", "t", with_nul, sizeof with_nul, moment, &other, &error), error);
    CHECK(strcmp(bayar_text_value(none), bayar_text_value(other)) != 0);
    CHECK_FAILS(bayar_request_verify("s", "POST", "/", "t", with_nul, 3, moment, bayar_text_value(other), &error),
                BAYAR_ERROR_SIGNATURE_MISMATCH, "signature", &error);
    CHECK_WORKS(bayar_request_verify("s", "POST", "/", "t", with_nul, sizeof with_nul, moment, bayar_text_value(other),
                                     &error), error);
    CHECK_FAILS(bayar_request_verify("s", "POST", "/", "t", NULL, SIZE_MAX, moment, bayar_text_value(other), &error),
                BAYAR_ERROR_NULL_POINTER, "body", &error);
    bayar_text_free(other);
    bayar_text_free(none);

    check_about("minifying gives text");
    CHECK_WORKS(bayar_json_minify(NULL, 0, &empty, &error), error);
    CHECK_TEXT(bayar_text_value(empty), "");
    CHECK_NUMBER(bayar_text_length(empty), 0);
    bayar_text_free(empty);
    CHECK_FAILS(bayar_json_minify(with_nul, sizeof with_nul, &empty, &error), BAYAR_ERROR_INVALID_UTF8, "json", &error);
    CHECK(empty == NULL);
    CHECK_FAILS(bayar_json_minify(not_utf8, sizeof not_utf8, &empty, &error), BAYAR_ERROR_INVALID_UTF8, "json", &error);
}

static void moment_is(int64_t unix_ms, const char *expected)
{
    bayar_text *text = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about(expected);
    CHECK_WORKS(bayar_timestamp_format(unix_ms, &text, &error), error);
    CHECK_TEXT(bayar_text_value(text), expected);
    bayar_text_free(text);
}

static void moments(void)
{
    moment_is(0, "1970-01-01T07:00:00+07:00");
    moment_is(-1, "1970-01-01T06:59:59+07:00");
    moment_is(1720587478999, "2024-07-10T11:57:58+07:00");
    moment_is(951782399000, "2000-02-29T06:59:59+07:00");
    moment_is(INT64_MIN, "0001-01-01T07:00:00+07:00");
    moment_is(INT64_MAX, "9999-12-31T23:59:59+07:00");
}

static void ids(void)
{
    bayar_text *one = UNWRITTEN, *two = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("a new X-EXTERNAL-ID");
    CHECK_WORKS(bayar_external_id_new(&one, &error), error);
    CHECK_WORKS(bayar_external_id_new(&two, &error), error);
    CHECK_NUMBER(strspn(bayar_text_value(one), "0123456789"), 32);
    CHECK_NUMBER(bayar_text_length(one), 32);
    CHECK(strcmp(bayar_text_value(one), bayar_text_value(two)) != 0);
    bayar_text_free(one);
    bayar_text_free(two);
}

static void keys(void)
{
    bayar_text *text = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("texts that are no keys");
    CHECK_FAILS(bayar_token_request_sign("no key", NULL, "C", moment, &text, &error), BAYAR_ERROR_INVALID_KEY,
                "private_key_pem", &error);
    CHECK(text == NULL);
    CHECK_FAILS(bayar_token_request_verify("", "C", moment, "c2ln", &error), BAYAR_ERROR_INVALID_KEY, "public_key_pem",
                &error);
}

static void version(void)
{
    CHECK_NUMBER(bayar_abi_version(), BAYAR_ABI_VERSION);
    CHECK_HAS(bayar_version(), ".");
    CHECK(bayar_version() == bayar_version());
}

int main(void)
{
    version();
    bytes();
    moments();
    ids();
    keys();
    return check_result();
}
