/* A list that cannot be read on must not look as if it had come to its end, also not to who asks again. */
#include "check.h"
#include "shop.h"

static void next_fails(bayar_records *records)
{
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result = bayar_records_next(records, &record, &error);

    CHECK(record == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    CHECK_FAILS(result, BAYAR_ERROR_JOURNAL, ANY_FIELD, &error);
    CHECK_NUMBER(bayar_records_is_complete(records), 0);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    bayar_payment *payment = UNWRITTEN;
    bayar_records *records = UNWRITTEN, *later = UNWRITTEN;
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    CHECK_WORKS(pay(client, "INV-1", "10000", &payment, &error), error);
    bayar_payment_free(payment);
    CHECK_WORKS(bayar_client_records(client, BAYAR_RECORDS_ALL, NULL, &records, &error), error);
    CHECK_NUMBER(bayar_records_is_complete(records), 1);

    check_about("without its table");
    customer("journal", "breaks");
    next_fails(records);
    result = bayar_client_settle(client, 1000, &later, &error);
    CHECK(later == NULL);
    CHECK_FAILS(result, BAYAR_ERROR_JOURNAL, ANY_FIELD, &error);
    CHECK_FAILS(bayar_client_reconcile(client, "2026-11-22", 1000, &later, &error), BAYAR_ERROR_JOURNAL, ANY_FIELD, &error);
    CHECK_FAILS(bayar_client_record(client, BAYAR_OPERATION_PAYMENT, "INV-1", &record, &error), BAYAR_ERROR_JOURNAL,
                ANY_FIELD, &error);
    CHECK_FAILS(bayar_client_resolve(client, BAYAR_OPERATION_PAYMENT, "INV-1", BAYAR_RESOLUTION_DONE, "x", &record, &error),
                BAYAR_ERROR_JOURNAL, ANY_FIELD, &error);
    result = pay(client, "INV-2", "10000", &payment, &error);
    CHECK(payment == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    CHECK_FAILS(result, BAYAR_ERROR_JOURNAL, ANY_FIELD, &error);

    check_about("with its table again");
    customer("journal", "is mended");
    next_fails(records);
    CHECK_WORKS(bayar_client_records(client, BAYAR_RECORDS_ALL, NULL, &later, &error), error);
    CHECK_WORKS(bayar_records_next(later, &record, &error), error);
    CHECK_TEXT(bayar_record_reference(record), "INV-1");
    bayar_record_free(record);
    bayar_records_free(later);
    bayar_records_free(records);
    bayar_client_free(client);
    return check_result();
}
