/* The pure functions over the shared vectors of signatures and of minifying, one case after another from standard input. */
#include "cases.h"
#include "check.h"

#include <stdio.h>
#include <string.h>

/* The inputs of a symmetric signature. */
struct signed_request {
    const char *method, *path, *token, *timestamp;
    const uint8_t *body;
    size_t body_length;
};

static struct signed_request read_request(const struct test_case *from)
{
    const struct member *body = find_member(from, "body");
    struct signed_request read;

    read.method = value_of(from, "method");
    read.path = value_of(from, "path");
    read.token = value_of(from, "token");
    read.timestamp = value_of(from, "timestamp");
    read.body_length = body != NULL ? body->length : 0;
    read.body = body != NULL ? body->bytes : NULL;
    return read;
}

static void check_and_free(bayar_text *text, const char *expected)
{
    CHECK_TEXT(bayar_text_value(text), expected);
    CHECK_NUMBER(bayar_text_length(text), strlen(expected));
    bayar_text_free(text);
}

static void verdict(int32_t result, const struct test_case *from, bayar_error *error)
{
    if (strcmp(value_of(from, "valid"), "true") == 0)
        CHECK_WORKS(result, error);
    else
        CHECK_FAILS(result, BAYAR_ERROR_SIGNATURE_MISMATCH, "signature", &error);
}

static void symmetric(const struct test_case *from)
{
    struct signed_request in = read_request(from);
    const char *secret = value_of(from, "client_secret"), *expected = value_of(from, "signature");
    const char *string = value_of(from, "string_to_sign");
    bayar_text *text = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_HAS(string, value_of(from, "body_sha256"));
    CHECK_WORKS(bayar_request_string_to_sign(in.method, in.path, in.token, in.body, in.body_length, in.timestamp, &text,
                                             &error), error);
    check_and_free(text, string);
    text = UNWRITTEN;
    CHECK_WORKS(bayar_request_sign(secret, in.method, in.path, in.token, in.body, in.body_length, in.timestamp, &text,
                                   &error), error);
    check_and_free(text, expected);
    CHECK_WORKS(bayar_request_verify(secret, in.method, in.path, in.token, in.body, in.body_length, in.timestamp,
                                     expected, &error), error);
    CHECK_FAILS(bayar_request_verify(secret, in.method, in.path, "another token", in.body, in.body_length, in.timestamp,
                                     expected, &error), BAYAR_ERROR_SIGNATURE_MISMATCH, "signature", &error);
}

static void symmetric_verify(const struct test_case *from)
{
    struct signed_request in = read_request(from);
    bayar_error *error = UNWRITTEN;
    int32_t result = bayar_request_verify(value_of(from, "client_secret"), in.method, in.path, in.token, in.body,
                                          in.body_length, in.timestamp, value_of(from, "signature"), &error);

    verdict(result, from, error);
}

static void asymmetric(const struct test_case *from)
{
    const char *expected = value_of(from, "signature"), *client_id = value_of(from, "client_id");
    const char *timestamp = value_of(from, "timestamp");
    bayar_text *text = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_token_request_sign(value_of(from, "private_key_pem"), NULL, client_id, timestamp, &text, &error),
                error);
    check_and_free(text, expected);
    CHECK_WORKS(bayar_token_request_verify(value_of(from, "public_key_pem"), client_id, timestamp, expected, &error),
                error);
}

static void asymmetric_verify(const struct test_case *from)
{
    bayar_error *error = UNWRITTEN;
    int32_t result = bayar_token_request_verify(value_of(from, "public_key_pem"), value_of(from, "client_id"),
                                                value_of(from, "timestamp"), value_of(from, "signature"), &error);

    verdict(result, from, error);
}

static void minify(const struct test_case *from)
{
    const struct member *input = find_member(from, "input");
    bayar_text *text = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK(input != NULL);
    CHECK_WORKS(bayar_json_minify(input->bytes, input->length, &text, &error), error);
    check_and_free(text, value_of(from, "minified"));
}

static const struct {
    const char *kind;
    void (*check)(const struct test_case *);
} kinds[] = {
    {"symmetric", symmetric},   {"symmetric_verify", symmetric_verify},
    {"asymmetric", asymmetric}, {"asymmetric_verify", asymmetric_verify},
    {"minify", minify},
};

int main(void)
{
    struct test_case next;
    long walked = 0;
    char count[24];

    while (read_case(&next)) {
        const char *kind = value_of(&next, "kind");
        size_t index = 0;

        while (index < sizeof kinds / sizeof kinds[0] && strcmp(kinds[index].kind, kind) != 0)
            index++;
        CHECK(index < sizeof kinds / sizeof kinds[0]);
        if (index < sizeof kinds / sizeof kinds[0]) {
            kinds[index].check(&next);
            walked++;
        }
        free_case(&next);
    }
    snprintf(count, sizeof count, "%ld", walked);
    fact("walked", count);
    return check_result();
}
