/*
 * Random sequences of calls, beside a small model of the handles that live and what they were told: every result is one
 * that the model allows, every handle is freed once, and nothing leaks. Is given the number of sequences and the seed
 * of the first; sequence n has the seed plus n, so that `random 1 SEED` repeats the one that a failure names.
 */
#include "check.h"
#include "growth.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 100
#define SLOTS 2
#define WARM_UP 200
#define ALL_SETTINGS 15

/* The settings that must be given. */
static const char *const required[] = {"environment", "client_id", "client_secret", "private_key_file"};

struct config { bayar_config *handle; int given; };
struct flag { bayar_cancel *handle; int number; };
struct client { bayar_client *handle; int flag; };

static struct {
    struct config configs[SLOTS];
    struct flag flags[SLOTS];
    struct client clients[SLOTS];
    bayar_payment_request *requests[SLOTS];
    bayar_refund_request *refunds[SLOTS];
    bayar_records *lists[SLOTS];
    bayar_record *records[SLOTS];
    bayar_incoming *arrived[SLOTS];
    bayar_answer *answers[SLOTS];
    bayar_delivery *deliveries[SLOTS];
    bayar_inbox *inboxes[SLOTS];
    bayar_error *errors[SLOTS];
    bayar_text *texts[SLOTS];
    int errors_code[SLOTS];
    int is_set[STEPS + 2]; /* By the flag's number, which outlives it; number 0 is never set. */
    int flags_made;
} have;

static uint64_t state;
static long seen[600]; /* How often each code came, and had to. */
static const char *key_file;
static int has_journal; /* In a file, which has what the sequences before have tried; one in memory forgets what was never sent. */

/* Splitmix64. */
static unsigned below(unsigned end)
{
    uint64_t mixed = state += UINT64_C(0x9E3779B97F4A7C15);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((mixed ^ (mixed >> 31)) % end);
}

/* The model allows this one code; an error is freed, or kept in a slot in place of an older one. */
static void expect(int32_t result, int32_t code, bayar_error *error)
{
    unsigned slot = below(SLOTS);

    seen[code]++;
    CHECK_NUMBER(result, code);
    CHECK(error != UNWRITTEN && (error == NULL) == (result == BAYAR_OK));
    if (error == UNWRITTEN)
        return;
    CHECK_NUMBER(bayar_error_code(error), result);
    if (error != NULL && below(2) == 0) {
        bayar_error_free(have.errors[slot]);
        have.errors[slot] = error;
        have.errors_code[slot] = code;
    } else {
        bayar_error_free(error);
    }
}

/* Nobody listens there, whatever the environment says. */
static void keep_off_doku(bayar_config *config)
{
    int32_t result = bayar_config_set(config, "base_url", "http://127.0.0.1:1", NULL);

    CHECK_NUMBER(result, config != NULL ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER);
}

static void a_config(void)
{
    struct config *config = &have.configs[below(SLOTS)];
    bayar_error *error = UNWRITTEN;
    int32_t result;
    unsigned which = below(4);

    switch (below(10)) {
    case 0:
        bayar_config_free(config->handle);
        config->given = 0;
        result = bayar_config_new(&config->handle, &error);
        expect(result, BAYAR_OK, error);
        keep_off_doku(config->handle);
        break;
    case 1:
        bayar_config_free(config->handle);
        config->handle = NULL;
        config->given = 0;
        break;
    case 2:
        result = bayar_config_set(config->handle, "timeout_m", "5000", &error);
        expect(result, config->handle ? BAYAR_ERROR_UNKNOWN_SETTING : BAYAR_ERROR_NULL_POINTER, error);
        break;
    case 3:
    case 4:
    case 5:
        result = bayar_config_load_environment(config->handle, &error);
        expect(result, config->handle ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER, error);
        keep_off_doku(config->handle);
        config->given = config->handle ? ALL_SETTINGS : 0;
        break;
    default:
        result = bayar_config_set(config->handle, required[which], which == 3 ? key_file : "sandbox", &error);
        expect(result, config->handle ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER, error);
        config->given |= config->handle ? 1 << which : 0;
    }
}

static void a_request(void)
{
    bayar_payment_request **request = &have.requests[below(SLOTS)];
    bayar_error *error = UNWRITTEN;
    int sound = below(3) > 0;
    int32_t wrong = *request == NULL ? BAYAR_ERROR_NULL_POINTER : sound ? BAYAR_OK : BAYAR_ERROR_INVALID_ARGUMENT;
    int32_t result;

    switch (below(4)) {
    case 0:
        bayar_payment_request_free(*request);
        result = bayar_payment_request_new(below(2) ? "INV-1" : "INV-2", sound ? "10000" : "1.5", request, &error);
        CHECK((*request != NULL) == sound);
        expect(result, sound ? BAYAR_OK : BAYAR_ERROR_INVALID_ARGUMENT, error);
        break;
    case 1:
        result = bayar_payment_request_set_title(*request, sound ? "Kopi" : "", &error);
        expect(result, wrong, error);
        break;
    case 2:
        result = bayar_payment_request_set_extra_json(*request, sound ? "{\"a\":[1]}" : "[", &error);
        expect(result, wrong, error);
        break;
    default:
        bayar_payment_request_free(*request);
        *request = NULL;
    }
}

static void a_refund_request(void)
{
    bayar_refund_request **request = &have.refunds[below(SLOTS)];
    bayar_error *error = UNWRITTEN;
    int sound = below(3) > 0;
    int32_t wrong = *request == NULL ? BAYAR_ERROR_NULL_POINTER : sound ? BAYAR_OK : BAYAR_ERROR_INVALID_ARGUMENT;
    int32_t result;

    switch (below(3)) {
    case 0:
        bayar_refund_request_free(*request);
        result = bayar_refund_request_new("INV-1", "10000", sound ? "R-1" : "", request, &error);
        CHECK((*request != NULL) == sound);
        expect(result, sound ? BAYAR_OK : BAYAR_ERROR_INVALID_ARGUMENT, error);
        break;
    case 1:
        result = bayar_refund_request_set_ip_address(*request, sound ? "8.8.8.8" : "8.8.8", &error);
        expect(result, wrong, error);
        break;
    default:
        bayar_refund_request_free(*request);
        *request = NULL;
    }
}

static void a_text(void)
{
    bayar_text **text = &have.texts[below(SLOTS)];
    bayar_error *error = UNWRITTEN;
    int32_t result;

    bayar_text_free(*text);
    *text = NULL;
    if (below(2) == 0)
        return;
    if (below(2) == 0) {
        result = bayar_external_id_new(text, &error);
        CHECK_NUMBER(bayar_text_length(*text), 32);
        expect(result, BAYAR_OK, error);
    } else {
        result = bayar_json_minify((const uint8_t *)"{ }\xFF", 3 + below(2), text, &error);
        CHECK(result != BAYAR_OK || strcmp(bayar_text_value(*text), "{}") == 0);
        expect(result, *text ? BAYAR_OK : BAYAR_ERROR_INVALID_UTF8, error);
    }
}

static void a_flag(void)
{
    struct flag *flag = &have.flags[below(SLOTS)];
    bayar_error *error = UNWRITTEN;
    int32_t result;

    switch (below(7)) {
    case 0:
    case 1:
        bayar_cancel_free(flag->handle);
        result = bayar_cancel_new(&flag->handle, &error);
        expect(result, BAYAR_OK, error);
        flag->number = ++have.flags_made;
        break;
    case 2:
        bayar_cancel_free(flag->handle);
        flag->handle = NULL;
        flag->number = 0;
        break;
    case 3:
    case 4:
        bayar_cancel_set(flag->handle);
        have.is_set[flag->number] = flag->handle != NULL;
        break;
    default:
        bayar_cancel_reset(flag->handle);
        have.is_set[flag->number] = 0;
    }
}

/* A client that was made takes the place of another, which is freed after it. */
static void replace(struct client *client, bayar_client *made, int flag)
{
    if (made == NULL)
        return;
    bayar_client_free(client->handle);
    client->handle = made;
    client->flag = flag;
}

static void a_client(void)
{
    struct client *client = &have.clients[below(SLOTS)], *face = &have.clients[below(SLOTS)];
    struct config *config = &have.configs[below(SLOTS)];
    struct flag *flag = &have.flags[below(SLOTS)];
    bayar_client *made = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t code = BAYAR_OK, result;

    switch (below(8)) {
    case 0:
        bayar_client_free(client->handle);
        client->handle = NULL;
        return;
    case 1:
    case 2:
    case 3:
        result = bayar_client_with_cancel(client->handle, flag->handle, &made, &error);
        code = client->handle && flag->handle ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER;
        expect(result, code, error);
        replace(face, made, flag->number);
        break;
    default:
        if (config->handle == NULL)
            code = BAYAR_ERROR_NULL_POINTER;
        else if (config->given != ALL_SETTINGS)
            code = BAYAR_ERROR_MISSING_SETTING;
        if (below(2) == 0)
            result = bayar_client_acquire(config->handle, &made, &error);
        else
            result = bayar_client_new(config->handle, &made, &error);
        expect(result, code, error);
        replace(client, made, 0);
        if (below(8) == 0)
            bayar_client_forget_acquired();
    }
    CHECK((made != NULL) == (code == BAYAR_OK));
}

/* A call to the dead address. */
static void a_call(void)
{
    struct client *client = &have.clients[below(SLOTS)];
    bayar_payment_request *request = have.requests[below(SLOTS)];
    bayar_refund_request *refund_request = have.refunds[below(SLOTS)];
    int32_t code = client->handle == NULL ? BAYAR_ERROR_NULL_POINTER
                   : have.is_set[client->flag] ? BAYAR_ERROR_CANCELLED : BAYAR_ERROR_CONNECT;
    bayar_error *error = UNWRITTEN;
    void *out = UNWRITTEN;
    int32_t result, outcome = BAYAR_OUTCOME_NOT_SENT;

    switch (below(4)) {
    case 0: {
        bayar_payment *payment = UNWRITTEN;

        result = bayar_client_pay(client->handle, request, &payment, &error);
        code = request ? code : BAYAR_ERROR_NULL_POINTER;
        out = payment;
        break;
    }
    case 1: {
        bayar_refund *refund = UNWRITTEN;

        result = bayar_client_refund(client->handle, refund_request, &refund, &error);
        code = refund_request ? code : BAYAR_ERROR_NULL_POINTER;
        out = refund;
        break;
    }
    case 2: {
        bayar_status *status = UNWRITTEN;

        result = bayar_client_status(client->handle, "INV-1", &status, &error);
        outcome = BAYAR_OUTCOME_UNKNOWN;
        out = status;
        break;
    }
    default:
        result = bayar_client_warm_up(client->handle, &error);
        out = NULL;
    }
    CHECK(out == NULL);
    if (code != BAYAR_ERROR_NULL_POINTER)
        CHECK_NUMBER(bayar_error_outcome(error), outcome);
    expect(result, code, error);
}

/* All that this program ever asks for. */
static void check_record(const bayar_record *record)
{
    const char *reference = bayar_record_reference(record);

    CHECK(has_journal);
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_NOT_SENT);
    CHECK_NUMBER(bayar_record_is_open(record), 0);
    if (bayar_record_operation(record) == BAYAR_OPERATION_REFUND)
        CHECK_TEXT(reference, "R-1");
    else
        CHECK(strcmp(reference, "INV-1") == 0 || strcmp(reference, "INV-2") == 0);
    CHECK(bayar_record_json(record) == bayar_record_json(record));
}

static void a_list(void)
{
    struct client *client = &have.clients[below(SLOTS)];
    bayar_records **list = &have.lists[below(SLOTS)];
    int32_t code = client->handle ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER, result;
    int32_t which = (int32_t)below(6);
    bayar_error *error = UNWRITTEN;

    bayar_records_free(*list);
    *list = UNWRITTEN;
    switch (below(4)) {
    case 0:
        *list = NULL;
        return;
    case 1:
        /* Nothing is ever open. */
        result = bayar_client_settle(client->handle, 1000, list, &error);
        code = code == BAYAR_OK && have.is_set[client->flag] && has_journal ? result : code;
        break;
    default:
        result = bayar_client_records(client->handle, which, which < 3 ? NULL : which == 4 ? "2026-11-22" : "INV-1",
                                      list, &error);
        if (code == BAYAR_OK && (which < 1 || which > 4))
            code = BAYAR_ERROR_INVALID_ARGUMENT;
    }
    CHECK((*list != NULL) == (result == BAYAR_OK));
    CHECK_NUMBER(bayar_records_is_complete(*list), result == BAYAR_OK);
    expect(result, code, error);
}

static void a_record(void)
{
    static const int32_t ways[] = {BAYAR_RESOLUTION_DONE, BAYAR_RESOLUTION_REFUSED};
    struct client *client = &have.clients[below(SLOTS)];
    unsigned slot = below(SLOTS);
    bayar_record **record = &have.records[below(SLOTS)];
    int32_t code = client->handle ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER, result;
    bayar_error *error = UNWRITTEN;

    bayar_record_free(*record);
    *record = UNWRITTEN;
    switch (below(5)) {
    case 0:
        *record = NULL;
        return;
    case 1:
        /* What was never sent is nothing to close. */
        result = bayar_client_resolve(client->handle, BAYAR_OPERATION_PAYMENT, "INV-1", ways[below(2)], "x", record, &error);
        code = code == BAYAR_OK ? BAYAR_ERROR_INVALID_ARGUMENT : code;
        break;
    case 2:
        result = bayar_client_record(client->handle, BAYAR_OPERATION_REFUND, "R-1", record, &error);
        break;
    default:
        result = bayar_records_next(have.lists[slot], record, &error);
        code = have.lists[slot] ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER;
    }
    CHECK(*record != UNWRITTEN);
    if (*record != NULL)
        check_record(*record);
    expect(result, code, error);
}

static void an_arrival(void)
{
    bayar_incoming **incoming = &have.arrived[below(SLOTS)];
    bayar_error *error = UNWRITTEN;
    int sound = below(3) > 0;
    int32_t result;

    switch (below(4)) {
    case 0:
        bayar_incoming_free(*incoming);
        *incoming = NULL;
        break;
    case 1:
        result = bayar_incoming_add_header(*incoming, below(2) ? "X-SIGNATURE" : "x-a", sound ? "AAAA" : "\xFF", &error);
        expect(result, *incoming == NULL ? BAYAR_ERROR_NULL_POINTER : sound ? BAYAR_OK : BAYAR_ERROR_INVALID_UTF8, error);
        break;
    default:
        bayar_incoming_free(*incoming);
        result = bayar_incoming_new("POST", sound ? "/" : "\xFF", (const uint8_t *)"{\xFF}", below(4), incoming, &error);
        CHECK((*incoming != NULL) == sound);
        expect(result, sound ? BAYAR_OK : BAYAR_ERROR_INVALID_UTF8, error);
    }
}

/* Nobody here is DOKU, so that all is refused, whether the client is cancelled or not. */
static void a_route(void)
{
    struct client *client = &have.clients[below(SLOTS)];
    bayar_incoming *incoming = have.arrived[below(SLOTS)];
    bayar_answer **answer = &have.answers[below(SLOTS)];
    bayar_delivery **delivery = &have.deliveries[below(SLOTS)];
    int32_t code = client->handle && incoming ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER, result;
    bayar_error *error = UNWRITTEN;

    switch (below(4)) {
    case 0:
        bayar_answer_free(*answer);
        *answer = UNWRITTEN;
        result = bayar_client_webhook_token(client->handle, incoming, answer, &error);
        CHECK_NUMBER(bayar_answer_status(*answer), code == BAYAR_OK ? 401 : 0);
        expect(result, code, error);
        break;
    case 1:
        bayar_delivery_free(*delivery);
        *delivery = UNWRITTEN;
        result = bayar_client_notification(client->handle, incoming, delivery, &error);
        CHECK((*delivery != NULL) == (result == BAYAR_OK));
        CHECK_NUMBER(bayar_delivery_is_genuine(*delivery), 0);
        expect(result, code, error);
        break;
    case 2:
        bayar_answer_free(*answer);
        *answer = UNWRITTEN;
        result = bayar_delivery_answer(*delivery, answer, &error);
        CHECK_NUMBER(bayar_answer_status(*answer), *delivery ? 400 : 0);
        expect(result, *delivery ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER, error);
        break;
    default:
        result = below(2) ? bayar_client_acknowledge(client->handle, *delivery, &error)
                          : bayar_client_reject_unknown(client->handle, *delivery, &error);
        expect(result, client->handle && *delivery ? BAYAR_ERROR_INVALID_ARGUMENT : BAYAR_ERROR_NULL_POINTER, error);
    }
}

static void an_inbox(void)
{
    struct client *client = &have.clients[below(SLOTS)];
    bayar_inbox **inbox = &have.inboxes[below(SLOTS)];
    int32_t code = client->handle ? BAYAR_OK : BAYAR_ERROR_NULL_POINTER, result;
    bayar_error *error = UNWRITTEN;

    bayar_inbox_free(*inbox);
    *inbox = UNWRITTEN;
    result = bayar_client_inbox(client->handle, inbox, &error);
    if (code == BAYAR_OK && have.is_set[client->flag] && has_journal)
        code = result == BAYAR_ERROR_CANCELLED ? result : code;
    CHECK((*inbox != NULL) == (result == BAYAR_OK));
    CHECK_NUMBER(bayar_inbox_count(*inbox), 0);
    expect(result, code, error);
}

static void an_error(void)
{
    unsigned slot = below(SLOTS);

    CHECK_NUMBER(bayar_error_code(have.errors[slot]), have.errors_code[slot]);
    CHECK((bayar_error_message(have.errors[slot]) == NULL) == (have.errors[slot] == NULL));
    bayar_error_free(have.errors[slot]);
    have.errors[slot] = NULL;
    have.errors_code[slot] = BAYAR_OK;
}

static void free_all(void)
{
    int slot;

    for (slot = 0; slot < SLOTS; slot++) {
        bayar_config_free(have.configs[slot].handle);
        bayar_cancel_free(have.flags[slot].handle);
        bayar_client_free(have.clients[slot].handle);
        bayar_payment_request_free(have.requests[slot]);
        bayar_refund_request_free(have.refunds[slot]);
        bayar_records_free(have.lists[slot]);
        bayar_record_free(have.records[slot]);
        bayar_incoming_free(have.arrived[slot]);
        bayar_answer_free(have.answers[slot]);
        bayar_delivery_free(have.deliveries[slot]);
        bayar_inbox_free(have.inboxes[slot]);
        bayar_error_free(have.errors[slot]);
        bayar_text_free(have.texts[slot]);
    }
    memset(&have, 0, sizeof have);
    bayar_client_forget_acquired();
}

/* What a program has at work; most sequences begin with it, so that they come further than to NULL. */
static void begin(void)
{
    CHECK_NUMBER(bayar_config_new(&have.configs[0].handle, NULL), BAYAR_OK);
    CHECK_NUMBER(bayar_config_load_environment(have.configs[0].handle, NULL), BAYAR_OK);
    keep_off_doku(have.configs[0].handle);
    have.configs[0].given = ALL_SETTINGS;
    CHECK_NUMBER(bayar_cancel_new(&have.flags[0].handle, NULL), BAYAR_OK);
    have.flags[0].number = ++have.flags_made;
    CHECK_NUMBER(bayar_client_new(have.configs[0].handle, &have.clients[0].handle, NULL), BAYAR_OK);
    CHECK_NUMBER(bayar_payment_request_new("INV-1", "10000", &have.requests[0], NULL), BAYAR_OK);
    CHECK_NUMBER(bayar_refund_request_new("INV-1", "10000", "R-1", &have.refunds[0], NULL), BAYAR_OK);
}

static void sequence(uint64_t seed)
{
    static void (*const kinds[])(void) = {a_config, a_config, a_request, a_refund_request, a_text,   a_flag,
                                          a_client, a_client, a_call,    a_list,           a_record, an_error,
                                          an_arrival, a_route, an_inbox};
    char about[64];
    int step;

    state = seed;
    snprintf(about, sizeof about, "seed %" PRIu64 ", its beginning", seed);
    check_about(about);
    if (below(4) > 0)
        begin();
    for (step = 0; step < STEPS; step++) {
        unsigned kind = below(sizeof kinds / sizeof kinds[0]);

        snprintf(about, sizeof about, "seed %" PRIu64 ", step %d, kind %u", seed, step, kind);
        check_about(about);
        kinds[kind]();
    }
    free_all();
}

/* Were the dice to miss something, nothing would be proved of it. */
static void check_seen(long sequences)
{
    static const int32_t codes[] = {BAYAR_OK, BAYAR_ERROR_INVALID_ARGUMENT, BAYAR_ERROR_NULL_POINTER,
                                    BAYAR_ERROR_INVALID_UTF8, BAYAR_ERROR_MISSING_SETTING,
                                    BAYAR_ERROR_UNKNOWN_SETTING, BAYAR_ERROR_CONNECT, BAYAR_ERROR_CANCELLED};
    size_t index;

    for (index = 0; index < sizeof codes / sizeof codes[0]; index++) {
        printf("code %" PRId32 " %ld times\n", codes[index], seen[codes[index]]);
        CHECK(seen[codes[index]] >= sequences / 20);
    }
}

int main(int argc, char **argv)
{
    long sequences, number, memory = 0, descriptors = 0;
    uint64_t seed;

    key_file = getenv("BAYAR_PRIVATE_KEY_FILE");
    has_journal = getenv("BAYAR_JOURNAL") != NULL;
    if (argc != 3 || key_file == NULL)
        return 2;
    sequences = atol(argv[1]);
    seed = strtoull(argv[2], NULL, 10);
    for (number = 0; number < sequences; number++) {
        sequence(seed + (uint64_t)number);
        if (number + 1 == WARM_UP) {
            memory = resident_kib();
            descriptors = open_descriptors();
        }
    }
    check_about("all sequences");
    printf("resident KiB %ld then %ld, descriptors %ld then %ld\n", memory, resident_kib(), descriptors,
           open_descriptors());
    if (sequences > WARM_UP) {
        check_seen(sequences);
        CHECK(memory > 0 && resident_kib() - memory <= growth_allowed_kib());
        CHECK(descriptors > 0);
        CHECK_NUMBER(open_descriptors(), descriptors);
    }
    return check_result();
}
