/*
 * The journal in the hands of a program: every record and all that it tells, what is open, settled, closed by hand and
 * held against DOKU. Is given another journal's file, for a second shop with the same merchant.
 */
#include "check.h"
#include "shop.h"

#include <stdio.h>
#include <string.h>

static bayar_client *client;

static bayar_record *record_of(int32_t operation, const char *reference)
{
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_client_record(client, operation, reference, &record, &error), error);
    return record;
}

/* How many records a list has; frees it. Those of one reference are counted in `found`, and the last of them given. */
static int count(bayar_records *records, const char *reference, int *found, bayar_record **last)
{
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int all = 0;

    *found = 0;
    *last = NULL;
    for (;;) {
        CHECK_WORKS(bayar_records_next(records, &record, &error), error);
        if (record == NULL || record == UNWRITTEN)
            break;
        all++;
        if (strcmp(bayar_record_reference(record), reference) == 0) {
            ++*found;
            bayar_record_free(*last);
            *last = record;
        } else {
            bayar_record_free(record);
        }
    }
    /* The end stays the end. */
    CHECK_WORKS(bayar_records_next(records, &record, &error), error);
    CHECK(record == NULL);
    bayar_records_free(records);
    return all;
}

static int listed(int32_t which, const char *value, const char *reference, int *found, bayar_record **last)
{
    bayar_records *records = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_client_records(client, which, value, &records, &error), error);
    CHECK_NUMBER(bayar_records_is_complete(records), 1);
    return count(records, reference, found, last);
}

static void check_open(int all, const char *reference, int expected)
{
    bayar_record *record;
    int found;

    CHECK_NUMBER(listed(BAYAR_RECORDS_OPEN, NULL, reference, &found, &record), all);
    CHECK_NUMBER(found, expected);
    bayar_record_free(record);
}

/* Settles; gives the record of that reference, of which alone there has to be news, or NULL where there is to be none. */
static bayar_record *settle(const char *reference)
{
    bayar_records *records = UNWRITTEN;
    bayar_record *record;
    bayar_error *error = UNWRITTEN;
    int found;

    if (reference != NULL) {
        CHECK_WORKS(bayar_client_settle(client, 0, &records, &error), error);
        CHECK_NUMBER(bayar_records_is_complete(records), 0);
        CHECK_NUMBER(count(records, "", &found, &record), 0);
    }
    CHECK_WORKS(bayar_client_settle(client, 60000, &records, &error), error);
    CHECK_NUMBER(bayar_records_is_complete(records), 1);
    CHECK_NUMBER(count(records, reference != NULL ? reference : "", &found, &record), reference != NULL);
    CHECK_NUMBER(found, reference != NULL);
    return record;
}

/* A payment whose answer does not come, by a client that is not as patient. */
static void lose(const char *reference)
{
    bayar_client *hasty = client_with("timeout_ms", "4000");
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    CHECK_WORKS(bayar_client_warm_up(hasty, &error), error);
    customer("network", "slow");
    result = pay(hasty, reference, "10000", &payment, &error);
    CHECK(payment == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_UNKNOWN);
    CHECK_FAILS(result, BAYAR_ERROR_TIMEOUT, ANY_FIELD, &error);
    customer("network", "fast");
    bayar_client_free(hasty);
}

static void all_of_a_record(void)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_record *record;
    bayar_error *error = UNWRITTEN;

    check_about("a payment that was never made");
    CHECK(record_of(BAYAR_OPERATION_PAYMENT, "INV-A") == NULL);
    check_about("a payment that is done");
    CHECK_WORKS(pay(client, "INV-A", "10000", &payment, &error), error);
    CHECK_NUMBER(bayar_payment_is_recorded(payment), 1);
    CHECK(record_of(BAYAR_OPERATION_REFUND, "INV-A") == NULL);
    record = record_of(BAYAR_OPERATION_PAYMENT, "INV-A");
    CHECK_NUMBER(bayar_record_operation(record), BAYAR_OPERATION_PAYMENT);
    CHECK_TEXT(bayar_record_reference(record), "INV-A");
    CHECK_TEXT(bayar_record_original_partner_reference_no(record), NULL);
    CHECK_TEXT(bayar_record_amount(record), "10000.00");
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_DONE);
    CHECK_NUMBER(bayar_record_is_open(record), 0);
    CHECK_NUMBER(bayar_record_transaction_status(record), BAYAR_TRANSACTION_UNKNOWN);
    CHECK_NUMBER(bayar_record_is_paid_after_cancel(record), 0);
    CHECK_TEXT(bayar_record_external_id(record), bayar_payment_external_id(payment));
    CHECK_NUMBER(bayar_record_attempts(record), 1);
    CHECK_HAS(bayar_record_created(record), "+07:00");
    CHECK(strcmp(bayar_record_created(record), bayar_record_changed(record)) <= 0);
    CHECK_TEXT(bayar_record_valid_up_to(record), "2098-07-10T11:57:58+07:00");
    CHECK_TEXT(bayar_record_next_inquiry(record), NULL);
    CHECK_NUMBER(bayar_record_inquiries(record), 0);
    CHECK_TEXT(bayar_record_note(record), NULL);
    CHECK_TEXT(bayar_record_answer_json(record), bayar_payment_json(payment));
    CHECK_HAS(bayar_record_trail(record), bayar_payment_external_id(payment));
    CHECK_NUMBER(bayar_record_comparison(record), BAYAR_COMPARISON_NONE);
    CHECK_TEXT(bayar_record_finding(record), NULL);
    CHECK_HAS(bayar_record_json(record), "\"reference\":\"INV-A\"");
    CHECK(strchr(bayar_record_json(record), '\n') == NULL);
    CHECK(bayar_record_json(record) == bayar_record_json(record));
    bayar_record_free(record);
    bayar_payment_free(payment);
}

static void settled_by_asking(void)
{
    bayar_record *record;

    check_about("a payment whose answer was lost");
    lose("INV-B");
    check_open(1, "INV-B", 1);
    record = record_of(BAYAR_OPERATION_PAYMENT, "INV-B");
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_UNKNOWN);
    CHECK_NUMBER(bayar_record_is_open(record), 1);
    CHECK_HAS(bayar_record_next_inquiry(record), "+07:00");
    CHECK_TEXT(bayar_record_answer_json(record), NULL);
    bayar_record_free(record);
    check_about("before its time it is not asked about");
    CHECK(settle(NULL) == NULL);
    check_about("its time has come, and the customer has paid");
    customer("approves", "INV-B");
    customer("time", "passes");
    record = settle("INV-B");
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_DONE);
    CHECK_NUMBER(bayar_record_transaction_status(record), BAYAR_TRANSACTION_PAID);
    CHECK_NUMBER(bayar_record_inquiries(record), 1);
    CHECK_TEXT(bayar_record_next_inquiry(record), NULL);
    bayar_record_free(record);
    check_open(0, "INV-B", 0);
    CHECK(settle(NULL) == NULL);
}

static void resolve_fails(int32_t operation, const char *reference, int32_t resolution, const char *reason,
                          const char *field)
{
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_FAILS(bayar_client_resolve(client, operation, reference, resolution, reason, &record, &error),
                BAYAR_ERROR_INVALID_ARGUMENT, field, &error);
    CHECK(record == NULL);
}

static void given_up(void)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about("what cannot be closed by hand");
    CHECK_WORKS(pay(client, "INV-C", "10000", &payment, &error), error);
    bayar_payment_free(payment);
    resolve_fails(BAYAR_OPERATION_PAYMENT, "INV-C", BAYAR_RESOLUTION_DONE, "x", "reference");
    resolve_fails(BAYAR_OPERATION_PAYMENT, "INV-C", BAYAR_RESOLUTION_REFUSED, "x", "reference");
    resolve_fails(BAYAR_OPERATION_PAYMENT, "INV-NONE", BAYAR_RESOLUTION_DONE, "x", "reference");
    resolve_fails(BAYAR_OPERATION_REFUND, "INV-C", BAYAR_RESOLUTION_ABANDONED, "x", "reference");
    resolve_fails(3, "INV-C", BAYAR_RESOLUTION_ABANDONED, "x", "operation");
    resolve_fails(BAYAR_OPERATION_PAYMENT, "INV-C", 0, "x", "resolution");
    resolve_fails(BAYAR_OPERATION_PAYMENT, "INV-C", BAYAR_RESOLUTION_ABANDONED, "", "reason");
    resolve_fails(BAYAR_OPERATION_PAYMENT, "", BAYAR_RESOLUTION_ABANDONED, "x", "reference");

    check_about("a payment that is given up, and paid all the same");
    CHECK_WORKS(bayar_client_resolve(client, BAYAR_OPERATION_PAYMENT, "INV-C", BAYAR_RESOLUTION_ABANDONED,
                                     "Pelanggan pergi", &record, &error), error);
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_ABANDONED);
    CHECK_TEXT(bayar_record_note(record), "Pelanggan pergi");
    CHECK_NUMBER(bayar_record_is_open(record), 0);
    CHECK_HAS(bayar_record_next_inquiry(record), "+07:00");
    bayar_record_free(record);
    check_open(1, "INV-C", 1);
    payment = UNWRITTEN;
    result = pay(client, "INV-C", "10000", &payment, &error);
    CHECK(payment == NULL);
    CHECK_HAS(bayar_error_message(error), "Pelanggan pergi");
    CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_NO);
    CHECK_FAILS(result, BAYAR_ERROR_DECLINED, NULL, &error);
    customer("approves", "INV-C");
    customer("time", "passes");
    record = settle("INV-C");
    CHECK_NUMBER(bayar_record_is_paid_after_cancel(record), 1);
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_ABANDONED);
    bayar_record_free(record);
    check_open(0, "INV-C", 0);
}

static void closed_by_hand(void)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("a payment that a person saw in DOKU's dashboard");
    lose("INV-D");
    CHECK_WORKS(bayar_client_resolve(client, BAYAR_OPERATION_PAYMENT, "INV-D", BAYAR_RESOLUTION_DONE,
                                     "Ada di dasbor \xE2\x9C\x93", &record, &error), error);
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_DONE);
    CHECK_TEXT(bayar_record_note(record), "Ada di dasbor \xE2\x9C\x93");
    CHECK_TEXT(bayar_record_answer_json(record), NULL);
    bayar_record_free(record);
    CHECK_WORKS(pay(client, "INV-D", "10000", &payment, &error), error);
    CHECK_TEXT(bayar_payment_redirect_url(payment), NULL);
    CHECK_TEXT(bayar_payment_response_code(payment), "");
    CHECK_TEXT(bayar_payment_json(payment), "");
    CHECK_NUMBER(bayar_payment_is_recorded(payment), 1);
    bayar_payment_free(payment);
}

static void refunds(void)
{
    bayar_refund_request *request = NULL;
    bayar_refund *made = UNWRITTEN;
    bayar_record *record;
    bayar_error *error = UNWRITTEN;
    int found, result;

    check_about("a refund and its payment");
    CHECK_WORKS(refund(client, "INV-B", "4000", "R-B1", &made, &error), error);
    CHECK_NUMBER(bayar_refund_is_recorded(made), 1);
    bayar_refund_free(made);
    CHECK_NUMBER(listed(BAYAR_RECORDS_REFERENCE, "INV-B", "R-B1", &found, &record), 2);
    CHECK_NUMBER(found, 1);
    CHECK_NUMBER(bayar_record_operation(record), BAYAR_OPERATION_REFUND);
    CHECK_TEXT(bayar_record_original_partner_reference_no(record), "INV-B");
    CHECK_TEXT(bayar_record_valid_up_to(record), NULL);
    bayar_record_free(record);
    CHECK_NUMBER(listed(BAYAR_RECORDS_REFERENCE, "R-B1", "R-B1", &found, &record), 1);
    bayar_record_free(record);
    CHECK_NUMBER(listed(BAYAR_RECORDS_REFERENCE, "INV-NONE", "", &found, &record), 0);

    check_about("a second refund that comes to more than the payment");
    made = UNWRITTEN;
    result = refund(client, "INV-B", "7000", "R-B2", &made, &error);
    CHECK(made == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    CHECK_FAILS(result, BAYAR_ERROR_INVALID_ARGUMENT, "amount", &error);
    CHECK(record_of(BAYAR_OPERATION_REFUND, "R-B2") == NULL);
    check_about("the same, wanted all the same: DOKU is asked, and refuses");
    CHECK_WORKS(bayar_refund_request_new("INV-B", "7000", "R-B2", &request, &error), error);
    CHECK_WORKS(bayar_refund_request_set_allow_over_refund(request, 1, &error), error);
    CHECK_WORKS(bayar_refund_request_set_allow_over_refund(request, 0, &error), error);
    CHECK_FAILS(bayar_client_refund(client, request, &made, &error), BAYAR_ERROR_INVALID_ARGUMENT, "amount", &error);
    CHECK_WORKS(bayar_refund_request_set_allow_over_refund(request, -1, &error), error);
    CHECK_FAILS(bayar_client_refund(client, request, &made, &error), BAYAR_ERROR_DECLINED, ANY_FIELD, &error);
    bayar_refund_request_free(request);
    record = record_of(BAYAR_OPERATION_REFUND, "R-B2");
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_REFUSED);
    bayar_record_free(record);
}

/* The record of that reference, held against DOKU on the day when it was made. */
static void check_compared(int32_t operation, const char *reference, int32_t comparison, const char *finding)
{
    bayar_record *record = record_of(operation, reference);
    bayar_records *records = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    char day[11];
    int found;

    check_about(reference);
    snprintf(day, sizeof day, "%.10s", bayar_record_created(record));
    bayar_record_free(record);
    CHECK_WORKS(bayar_client_reconcile(client, day, 60000, &records, &error), error);
    CHECK_NUMBER(bayar_records_is_complete(records), 1);
    count(records, reference, &found, &record);
    CHECK_NUMBER(found, 1);
    CHECK_NUMBER(bayar_record_comparison(record), comparison);
    CHECK_HAS(bayar_record_finding(record), finding);
    CHECK_HAS(bayar_record_json(record), "\"comparison\":{");
    bayar_record_free(record);
    listed(BAYAR_RECORDS_DAY, day, reference, &found, &record);
    CHECK_NUMBER(found, 1);
    bayar_record_free(record);

    CHECK_WORKS(bayar_client_reconcile(client, day, 0, &records, &error), error);
    CHECK_NUMBER(bayar_records_is_complete(records), 0);
    CHECK_NUMBER(count(records, reference, &found, &record), 0);
}

static void held_against_doku(const char *other_journal)
{
    bayar_client *elsewhere = client_with("journal", other_journal);
    bayar_refund *made = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("a refund that the journal does not know");
    CHECK_WORKS(refund(elsewhere, "INV-B", "1000", "R-ELSEWHERE", &made, &error), error);
    bayar_refund_free(made);
    bayar_client_free(elsewhere);
    check_compared(BAYAR_OPERATION_PAYMENT, "INV-B", BAYAR_COMPARISON_DIFFERS, "R-ELSEWHERE");
    check_compared(BAYAR_OPERATION_PAYMENT, "INV-C", BAYAR_COMPARISON_DIFFERS, "was paid");
    check_compared(BAYAR_OPERATION_PAYMENT, "INV-A", BAYAR_COMPARISON_AGREES, "DOKU says");
    check_compared(BAYAR_OPERATION_REFUND, "R-B1", BAYAR_COMPARISON_AGREES, "refunded");
    check_compared(BAYAR_OPERATION_REFUND, "R-B2", BAYAR_COMPARISON_AGREES, "not listed");
}

static void bad_arguments(void)
{
    bayar_records *records = UNWRITTEN;
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("bad arguments");
    CHECK_FAILS(bayar_client_settle(client, -1, &records, &error), BAYAR_ERROR_INVALID_ARGUMENT, "limit_ms", &error);
    CHECK_FAILS(bayar_client_reconcile(client, "2026-11-22", INT64_MIN, &records, &error),
                BAYAR_ERROR_INVALID_ARGUMENT, "limit_ms", &error);
    CHECK_FAILS(bayar_client_reconcile(client, "2026-13-40", 1000, &records, &error), BAYAR_ERROR_INVALID_ARGUMENT,
                "day", &error);
    CHECK_FAILS(bayar_client_records(client, BAYAR_RECORDS_DAY, "kemarin", &records, &error),
                BAYAR_ERROR_INVALID_ARGUMENT, "value", &error);
    CHECK_FAILS(bayar_client_records(client, BAYAR_RECORDS_DAY, NULL, &records, &error), BAYAR_ERROR_NULL_POINTER,
                "value", &error);
    CHECK_FAILS(bayar_client_records(client, BAYAR_RECORDS_REFERENCE, NULL, &records, &error),
                BAYAR_ERROR_NULL_POINTER, "value", &error);
    CHECK_FAILS(bayar_client_records(client, BAYAR_RECORDS_OPEN, "INV-A", &records, &error),
                BAYAR_ERROR_INVALID_ARGUMENT, "value", &error);
    CHECK_FAILS(bayar_client_records(client, 0, NULL, &records, &error), BAYAR_ERROR_INVALID_ARGUMENT, "which", &error);
    CHECK(records == NULL);
    CHECK_FAILS(bayar_client_record(client, 0, "INV-A", &record, &error), BAYAR_ERROR_INVALID_ARGUMENT, "operation",
                &error);
    CHECK_FAILS(bayar_client_record(client, BAYAR_OPERATION_PAYMENT, "a b", &record, &error),
                BAYAR_ERROR_INVALID_ARGUMENT, "reference", &error);
    CHECK(record == NULL);
    CHECK_WORKS(bayar_client_create_journal(client, &error), error);
}

/* A list lives on without its client, and a record without both. */
static void outlives(void)
{
    bayar_records *records = UNWRITTEN;
    bayar_record *first = UNWRITTEN, *second = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("freed in another order");
    CHECK_WORKS(bayar_client_records(client, BAYAR_RECORDS_ALL, NULL, &records, &error), error);
    bayar_client_free(client);
    CHECK_WORKS(bayar_records_next(records, &first, &error), error);
    CHECK_WORKS(bayar_records_next(records, &second, &error), error);
    bayar_records_free(records);
    CHECK_TEXT(bayar_record_reference(first), "INV-A");
    CHECK_HAS(bayar_record_json(second), "\"INV-B\"");
    bayar_record_free(second);
    bayar_record_free(first);
}

int main(int argc, char **argv)
{
    CHECK_NUMBER(argc, 2);
    client = client_from_environment();
    all_of_a_record();
    settled_by_asking();
    given_up();
    closed_by_hand();
    refunds();
    held_against_doku(argv[1]);
    bad_arguments();
    outlives();
    return check_result();
}
