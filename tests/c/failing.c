/*
 * A hundred thousand calls that fail leave nothing behind: neither memory nor descriptors. One client, to which nobody
 * answers, and as many bad arguments and settings; each error is read and freed. Every payment has a reference of its
 * own: of one that was never sent a client need remember nothing, but in a journal in a file. Is given how many rounds pass
 * before it is looked at what it holds: a journal in a file has a cache that fills first.
 */
#include "check.h"
#include "growth.h"
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 5000
#define CALLS 20

static bayar_client *client;
static bayar_config *config;
static bayar_payment_request *request;
static long calls, wrong;

/* Counts instead of checking, which would print each of the errors. */
static void failed(int32_t result, int32_t code, bayar_error **written)
{
    bayar_error *error = *written;
    const char *message = bayar_error_message(error);

    calls++;
    if (result != code || bayar_error_code(error) != code || message == NULL || strlen(message) < 10)
        if (wrong++ == 0)
            fprintf(stderr, "call %ld gave %d, not %d: %s\n", calls, (int)result, (int)code, message ? message : "");
    bayar_error_free(error);
    *written = NULL;
}

static void pay_to_nobody(long number)
{
    char reference[32];
    bayar_payment *payment = NULL;
    bayar_error *error = NULL;
    int32_t result;

    snprintf(reference, sizeof reference, "INV-%ld", number);
    result = pay(client, reference, "10000", &payment, &error);
    failed(payment == NULL ? result : BAYAR_OK, BAYAR_ERROR_CONNECT, &error);
}

static void bad_arguments(void)
{
    bayar_payment_request *no_request;
    bayar_refund_request *no_refund;
    bayar_client *no_client;
    bayar_status *status;
    bayar_payment *payment;
    bayar_config *empty = NULL;
    bayar_text *text;
    bayar_error *error = NULL;

    failed(bayar_payment_request_new("a b", "10000", &no_request, &error), BAYAR_ERROR_INVALID_ARGUMENT, &error);
    failed(bayar_refund_request_new("INV-1", "0", "R-1", &no_refund, &error), BAYAR_ERROR_INVALID_ARGUMENT, &error);
    failed(bayar_payment_request_set_extra_json(request, "{\"a\":", &error), BAYAR_ERROR_INVALID_ARGUMENT, &error);
    failed(bayar_config_set(config, "timeout_m", "5000", &error), BAYAR_ERROR_UNKNOWN_SETTING, &error);
    bayar_config_new(&empty, NULL);
    failed(bayar_client_new(empty, &no_client, &error), BAYAR_ERROR_MISSING_SETTING, &error);
    bayar_config_free(empty);
    failed(bayar_client_status(client, "", &status, &error), BAYAR_ERROR_INVALID_ARGUMENT, &error);
    failed(bayar_client_pay(client, NULL, &payment, &error), BAYAR_ERROR_NULL_POINTER, &error);
    failed(bayar_token_request_sign("no key", NULL, "x", "x", &text, &error), BAYAR_ERROR_INVALID_KEY, &error);
    failed(bayar_config_load_file(config, "/nowhere.toml", &error), BAYAR_ERROR_INVALID_SETTING, &error);
}

/* Few of the calls go to the network, for each of them signs a token request first. */
static void one_round(long number)
{
    bayar_error *error = NULL;

    pay_to_nobody(number);
    bad_arguments();
    bad_arguments();
    failed(bayar_client_warm_up(NULL, &error), BAYAR_ERROR_NULL_POINTER, &error);
}

int main(int argc, char **argv)
{
    long memory, descriptors, number, warm_up = argc == 2 ? atol(argv[1]) : 0;

    client = client_from_environment();
    config = config_from_environment();
    CHECK_NUMBER(bayar_payment_request_new("INV-X", "10000", &request, NULL), BAYAR_OK);
    for (number = 0; number < warm_up; number++)
        one_round(number);
    memory = resident_kib();
    descriptors = open_descriptors();
    calls = 0;
    CHECK(warm_up > 0);
    for (number = warm_up; number < warm_up + ROUNDS; number++)
        one_round(number);
    printf("%ld calls, resident KiB %ld then %ld, descriptors %ld then %ld\n", calls, memory, resident_kib(),
           descriptors, open_descriptors());
    CHECK_NUMBER(calls, ROUNDS * CALLS);
    CHECK_NUMBER(wrong, 0);
    CHECK(memory > 0 && resident_kib() - memory <= growth_allowed_kib());
    CHECK(descriptors > 0);
    CHECK_NUMBER(open_descriptors(), descriptors);
    bayar_payment_request_free(request);
    bayar_config_free(config);
    bayar_client_free(client);
    return check_result();
}
