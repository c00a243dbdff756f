/*
 * The merchant's two routes: each case of the standard input is a request as DOKU, or somebody who is not DOKU, sends it, and
 * what must be answered. Case by case: route (token, notification), method, path, body, any number of `header NAME: VALUE`;
 * http and code of the answer; for a notification genuine (0, 1), what is decided (acknowledge, reject, nothing, die), and the
 * texts that it must have. Prints the tokens that it gives.
 */
#define _POSIX_C_SOURCE 200809L
#include "cases.h"
#include "check.h"
#include "shop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *optional(const struct test_case *read, const char *name)
{
    const struct member *member = find_member(read, name);

    return member != NULL ? member->value : NULL;
}

static int is(const struct test_case *read, const char *name, const char *value)
{
    const char *found = optional(read, name);

    return found != NULL && strcmp(found, value) == 0;
}

static bayar_incoming *incoming_of(const struct test_case *read)
{
    const struct member *body = find_member(read, "body");
    bayar_incoming *incoming = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    size_t index;

    CHECK_WORKS(bayar_incoming_new(value_of(read, "method"), value_of(read, "path"), body->bytes, body->length, &incoming,
                                   &error), error);
    for (index = 0; index < read->count; index++) {
        char *value = read->members[index].value, *colon = strstr(value, ": ");
        char name[64] = "";

        if (strcmp(read->members[index].name, "header") != 0 || colon == NULL)
            continue;
        memcpy(name, value, (size_t)(colon - value) < sizeof name ? (size_t)(colon - value) : sizeof name - 1);
        if (strchr(colon, '\xFF') != NULL)
            CHECK_FAILS(bayar_incoming_add_header(incoming, name, colon + 2, &error), BAYAR_ERROR_INVALID_UTF8, "value", &error);
        else
            CHECK_WORKS(bayar_incoming_add_header(incoming, name, colon + 2, &error), error);
    }
    return incoming;
}

static const char *header(const bayar_answer *answer, const char *name)
{
    size_t index;

    for (index = 0; index < bayar_answer_header_count(answer); index++)
        if (strcmp(bayar_answer_header_name(answer, index), name) == 0)
            return bayar_answer_header_value(answer, index);
    return NULL;
}

/* Checks an answer's status and code, and all that any answer has. */
static void check_answer(const bayar_answer *answer, long http, const char *code)
{
    char part[64];

    snprintf(part, sizeof part, "\"responseCode\":\"%s\"", code);
    CHECK_NUMBER(bayar_answer_status(answer), http);
    CHECK_HAS(bayar_answer_body(answer), part);
    CHECK_NUMBER(bayar_answer_is_accepted(answer), http == 200);
    CHECK((bayar_answer_reason(answer) == NULL) == (http == 200));
    CHECK_TEXT(header(answer, "Content-Type"), "application/json");
    CHECK(header(answer, "X-TIMESTAMP") != NULL && header(answer, "X-CLIENT-KEY") != NULL);
    CHECK(bayar_answer_header_name(answer, bayar_answer_header_count(answer)) == NULL);
    CHECK(bayar_answer_header_value(answer, (size_t)-1) == NULL);
}

static void check_final(const struct test_case *read, const bayar_answer *answer)
{
    check_answer(answer, atol(value_of(read, "http")), value_of(read, "code"));
    if (optional(read, "reason") != NULL)
        CHECK_HAS(bayar_answer_reason(answer), optional(read, "reason"));
}

static void a_token(const bayar_client *client, const struct test_case *read)
{
    static const char before[] = "\"accessToken\":\"";
    bayar_incoming *incoming = incoming_of(read);
    bayar_answer *answer = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    const char *token;

    CHECK_WORKS(bayar_client_webhook_token(client, incoming, &answer, &error), error);
    bayar_incoming_free(incoming);
    check_final(read, answer);
    token = strstr(bayar_answer_body(answer), before);
    CHECK((token != NULL) == is(read, "http", "200"));
    if (token != NULL) {
        char copy[2048] = "";
        size_t length = strcspn(token + sizeof before - 1, "\"");

        CHECK(length < sizeof copy);
        memcpy(copy, token + sizeof before - 1, length < sizeof copy ? length : 0);
        fact("token", copy);
    }
    bayar_answer_free(answer);
}

static bayar_answer *answer_of(const bayar_delivery *delivery)
{
    bayar_answer *answer = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_delivery_answer(delivery, &answer, &error), error);
    return answer;
}

/* What is not genuine says nothing, and there is nothing to decide about it. */
static void check_nothing(const bayar_client *client, bayar_delivery *delivery)
{
    bayar_error *error = UNWRITTEN;

    CHECK(bayar_delivery_json(delivery) == NULL);
    CHECK(bayar_delivery_original_partner_reference_no(delivery) == NULL && bayar_delivery_amount(delivery) == NULL);
    CHECK(bayar_delivery_original_reference_no(delivery) == NULL && bayar_delivery_channel(delivery) == NULL);
    CHECK(bayar_delivery_original_external_id(delivery) == NULL && bayar_delivery_mismatch(delivery) == NULL);
    CHECK(bayar_delivery_transaction_status_desc(delivery) == NULL);
    CHECK(bayar_delivery_created_time(delivery) == NULL && bayar_delivery_finished_time(delivery) == NULL);
    CHECK_NUMBER(bayar_delivery_transaction_status(delivery), BAYAR_TRANSACTION_UNKNOWN);
    CHECK_NUMBER(bayar_delivery_is_paid(delivery), 0);
    CHECK_NUMBER(bayar_delivery_is_known(delivery), 0);
    CHECK_NUMBER(bayar_delivery_order(delivery), 0);
    CHECK_FAILS(bayar_client_acknowledge(client, delivery, &error), BAYAR_ERROR_INVALID_ARGUMENT, "delivery", &error);
    CHECK_FAILS(bayar_client_reject_unknown(client, delivery, &error), BAYAR_ERROR_INVALID_ARGUMENT, "delivery", &error);
}

/* The texts and numbers that the case names. */
static void check_said(const struct test_case *read, const bayar_delivery *delivery)
{
    const struct { const char *name, *found; } texts[] = {
        {"key", bayar_delivery_key(delivery)},
        {"reference", bayar_delivery_original_partner_reference_no(delivery)},
        {"reference_no", bayar_delivery_original_reference_no(delivery)},
        {"external_id", bayar_delivery_original_external_id(delivery)},
        {"desc", bayar_delivery_transaction_status_desc(delivery)},
        {"amount", bayar_delivery_amount(delivery)},
        {"channel", bayar_delivery_channel(delivery)},
        {"created", bayar_delivery_created_time(delivery)},
        {"finished", bayar_delivery_finished_time(delivery)},
    };
    const struct { const char *name; int32_t found; } numbers[] = {
        {"status", bayar_delivery_transaction_status(delivery)},
        {"paid", bayar_delivery_is_paid(delivery)},
        {"known", bayar_delivery_is_known(delivery)},
        {"order", bayar_delivery_order(delivery)},
    };
    size_t index;

    for (index = 0; index < sizeof texts / sizeof texts[0]; index++)
        if (optional(read, texts[index].name) != NULL)
            CHECK_TEXT(texts[index].found, optional(read, texts[index].name));
    for (index = 0; index < sizeof numbers / sizeof numbers[0]; index++)
        if (optional(read, numbers[index].name) != NULL)
            CHECK_NUMBER(numbers[index].found, atol(optional(read, numbers[index].name)));
    CHECK_TEXT(bayar_delivery_json(delivery), value_of(read, "body"));
    if (optional(read, "mismatch") != NULL)
        CHECK_HAS(bayar_delivery_mismatch(delivery), optional(read, "mismatch"));
    else
        CHECK_TEXT(bayar_delivery_mismatch(delivery), NULL);
}

static void check_instead(const struct test_case *read, const bayar_delivery *delivery)
{
    bayar_status *instead = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_delivery_status_instead(delivery, &instead, &error), error);
    CHECK((instead != NULL) == (optional(read, "instead") != NULL));
    if (instead != NULL)
        CHECK_NUMBER(bayar_status_transaction_status(instead), atol(optional(read, "instead")));
    if (!is(read, "genuine", "1"))
        CHECK((bayar_delivery_key(delivery) != NULL) == (instead != NULL));
    if (instead != NULL)
        CHECK_HAS(bayar_delivery_key(delivery), bayar_status_original_partner_reference_no(instead));
    bayar_status_free(instead);
}

static void decide(const bayar_client *client, const struct test_case *read, bayar_delivery *delivery)
{
    bayar_error *error = UNWRITTEN;

    if (is(read, "decide", "acknowledge"))
        CHECK_WORKS(bayar_client_acknowledge(client, delivery, &error), error);
    else if (is(read, "decide", "reject"))
        CHECK_WORKS(bayar_client_reject_unknown(client, delivery, &error), error);
    else if (is(read, "decide", "die"))
        raise(SIGKILL);
}

static void a_notification(const bayar_client *client, const struct test_case *read)
{
    bayar_incoming *incoming = incoming_of(read);
    bayar_delivery *delivery = UNWRITTEN;
    bayar_answer *before, *after;
    bayar_error *error = UNWRITTEN;
    int genuine = is(read, "genuine", "1");

    CHECK_WORKS(bayar_client_notification(client, incoming, &delivery, &error), error);
    bayar_incoming_free(incoming);
    CHECK_NUMBER(bayar_delivery_is_genuine(delivery), genuine);
    check_instead(read, delivery);
    before = answer_of(delivery);
    if (genuine) {
        check_said(read, delivery);
        check_answer(before, 500, "5005601");
        decide(client, read, delivery);
    } else {
        check_nothing(client, delivery);
        check_final(read, before);
    }
    after = answer_of(delivery);
    check_final(read, after);
    bayar_delivery_free(delivery);
    /* What was given earlier neither changed nor went with the delivery. */
    if (genuine)
        check_answer(before, 500, "5005601");
    else
        check_final(read, before);
    bayar_answer_free(before);
    bayar_answer_free(after);
}

static void print_inbox(const bayar_client *client)
{
    bayar_inbox *inbox = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    size_t index, count;

    check_about("the inbox");
    CHECK_WORKS(bayar_client_inbox(client, &inbox, &error), error);
    count = bayar_inbox_count(inbox);
    for (index = 0; index < count; index++) {
        char line[512];

        snprintf(line, sizeof line, "%s %s acknowledged %d stale %d known %d times %ld", bayar_inbox_key(inbox, index),
                 bayar_inbox_reference(inbox, index), (int)bayar_inbox_is_acknowledged(inbox, index),
                 (int)bayar_inbox_is_stale(inbox, index), (int)bayar_inbox_is_known(inbox, index),
                 (long)bayar_inbox_times(inbox, index));
        fact("inbox", line);
        CHECK_HAS(bayar_inbox_json(inbox, index), bayar_inbox_reference(inbox, index));
        CHECK_HAS(bayar_inbox_first_came(inbox, index), "+07:00");
        CHECK(strcmp(bayar_inbox_first_came(inbox, index), bayar_inbox_last_came(inbox, index)) <= 0);
    }
    CHECK(bayar_inbox_key(inbox, count) == NULL && bayar_inbox_json(inbox, count) == NULL);
    CHECK(bayar_inbox_reference(inbox, count) == NULL && bayar_inbox_first_came(inbox, count) == NULL);
    CHECK_NUMBER(bayar_inbox_times(inbox, count), 0);
    bayar_inbox_free(inbox);
}

/* With a reference: that payment is made first. */
int main(int argc, char **argv)
{
    bayar_client *client = client_from_environment();
    bayar_payment *payment = NULL;
    bayar_error *error = UNWRITTEN;
    struct test_case read;
    char walked[32];
    long count = 0;

    if (argc > 1)
        CHECK_WORKS(pay(client, argv[1], "10000", &payment, &error), error);
    bayar_payment_free(payment);
    for (; read_case(&read); count++) {
        if (is(&read, "route", "token"))
            a_token(client, &read);
        else
            a_notification(client, &read);
        free_case(&read);
    }
    print_inbox(client);
    bayar_client_free(client);
    snprintf(walked, sizeof walked, "%ld", count);
    fact("walked", walked);
    return check_result();
}
