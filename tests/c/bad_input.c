/*
 * Values that cannot be used: one row at least for every constructor and setter, each refused at once with the field's
 * name, and what was set before stays. The shared vectors have many more values; here every function is seen.
 */
#include "check.h"
#include "shop.h"

#include <stdlib.h>
#include <string.h>

typedef int32_t (*payment_setter)(bayar_payment_request *, const char *, bayar_error **);
typedef int32_t (*refund_setter)(bayar_refund_request *, const char *, bayar_error **);

/* Without a value: `length` times the letter A. */
struct row {
    payment_setter for_payment;
    refund_setter for_refund;
    const char *field;
    const char *value;
    size_t length;
};

static const struct row rows[] = {
    {bayar_payment_request_set_return_url, NULL, "return_url", "https://toko.example/a b", 0},
    {bayar_payment_request_set_return_url, NULL, "return_url", "javascript:alert(1)", 0},
    {bayar_payment_request_set_return_url, NULL, "return_url", NULL, 513},
    {bayar_payment_request_set_valid_up_to, NULL, "valid_up_to", "2098-07-10T11:57:58", 0},
    {bayar_payment_request_set_valid_up_to, NULL, "valid_up_to", "tomorrow", 0},
    {bayar_payment_request_set_valid_up_to, NULL, "valid_up_to", NULL, 100000},
    {bayar_payment_request_set_point_of_initiation, NULL, "point_of_initiation", "APP", 0},
    {bayar_payment_request_set_point_of_initiation, NULL, "point_of_initiation", NULL, 100000},
    {bayar_payment_request_set_title, NULL, "title", "", 0},
    {bayar_payment_request_set_title, NULL, "title", "one\ntwo", 0},
    {bayar_payment_request_set_title, NULL, "title", "a line separator \xE2\x80\xA8", 0},
    {bayar_payment_request_set_title, NULL, "title", NULL, 256},
    {bayar_payment_request_set_channel, NULL, "channel", "emoney", 0},
    {bayar_payment_request_set_channel, NULL, "channel", NULL, 65},
    {bayar_payment_request_set_device_id, NULL, "device_id", "KASIR-7", 0},
    {bayar_payment_request_set_device_id, NULL, "device_id", NULL, 65},
    {bayar_payment_request_set_ip_address, NULL, "ip_address", "1.2.3.256", 0},
    {bayar_payment_request_set_ip_address, NULL, "ip_address", "::1", 0},
    {bayar_payment_request_set_ip_address, NULL, "ip_address", NULL, 100000},
    {bayar_payment_request_set_extra_json, NULL, "extra_json", "{\"amount\":1}", 0},
    {bayar_payment_request_set_extra_json, NULL, "extra_json", "{\"a\":1,\"a\":2}", 0},
    {bayar_payment_request_set_extra_json, NULL, "extra_json", NULL, 70000},
    {NULL, bayar_refund_request_set_reason, "reason", "", 0},
    {NULL, bayar_refund_request_set_reason, "reason", "tab\there", 0},
    {NULL, bayar_refund_request_set_reason, "reason", NULL, 256},
    {NULL, bayar_refund_request_set_original_external_id, "original_external_id", "12 34", 0},
    {NULL, bayar_refund_request_set_original_external_id, "original_external_id", NULL, 65},
    {NULL, bayar_refund_request_set_channel, "channel", "", 0},
    {NULL, bayar_refund_request_set_channel, "channel", NULL, 65},
    {NULL, bayar_refund_request_set_device_id, "device_id", "", 0},
    {NULL, bayar_refund_request_set_device_id, "device_id", NULL, 65},
    {NULL, bayar_refund_request_set_ip_address, "ip_address", "01.2.3.4", 0},
    {NULL, bayar_refund_request_set_ip_address, "ip_address", NULL, 100000},
    {NULL, bayar_refund_request_set_extra_json, "extra_json", "[]", 0},
    {NULL, bayar_refund_request_set_extra_json, "extra_json", NULL, 70000},
};

static char *letters(size_t count)
{
    char *text = malloc(count + 1);

    if (text == NULL)
        exit(2);
    memset(text, 'A', count);
    text[count] = '\0';
    return text;
}

static void setters(bayar_payment_request *payment, bayar_refund_request *refund)
{
    size_t index;

    for (index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        const struct row *row = &rows[index];
        char *made = row->value == NULL ? letters(row->length) : NULL;
        const char *value = made != NULL ? made : row->value;
        bayar_error *error = UNWRITTEN;
        int32_t result;

        check_about(row->field);
        if (row->for_payment != NULL)
            result = row->for_payment(payment, value, &error);
        else
            result = row->for_refund(refund, value, &error);
        CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
        CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_NO);
        CHECK_FAILS(result, BAYAR_ERROR_INVALID_ARGUMENT, row->field, &error);
        if (row->for_payment != NULL)
            result = row->for_payment(payment, value, NULL);
        else
            result = row->for_refund(refund, value, NULL);
        CHECK_NUMBER(result, BAYAR_ERROR_INVALID_ARGUMENT);
        free(made);
    }
}

static void new_requests(const char *reference, const char *amount, const char *refund_no, const char *payment_field,
                         const char *refund_field)
{
    bayar_payment_request *payment = UNWRITTEN;
    bayar_refund_request *made = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about(refund_field);
    if (payment_field != NULL) {
        CHECK_FAILS(bayar_payment_request_new(reference, amount, &payment, &error), BAYAR_ERROR_INVALID_ARGUMENT,
                    payment_field, &error);
        CHECK(payment == NULL);
        CHECK_NUMBER(bayar_payment_request_new(reference, amount, &payment, NULL), BAYAR_ERROR_INVALID_ARGUMENT);
    }
    CHECK_FAILS(bayar_refund_request_new(reference, amount, refund_no, &made, &error), BAYAR_ERROR_INVALID_ARGUMENT,
                refund_field, &error);
    CHECK(made == NULL);
    CHECK_NUMBER(bayar_refund_request_new(reference, amount, refund_no, &made, NULL), BAYAR_ERROR_INVALID_ARGUMENT);
}

static void constructors(void)
{
    static const char *const amounts[] = {"", "0", "0.99", "-1", "+1", "1.0", "1.000", "1,000", "1e3", " 1", "12345678901234567", "NaN"};
    static const char *const references[] = {"", "a b", "a\"b", "a\\b", "a\tb", "caf\xC3\xA9"};
    char *overlong = letters(65), *huge = letters(1000000);
    size_t index;

    for (index = 0; index < sizeof amounts / sizeof amounts[0]; index++)
        new_requests("A", amounts[index], "R", "amount", "amount");
    new_requests("A", huge, "R", "amount", "amount");
    for (index = 0; index < sizeof references / sizeof references[0]; index++) {
        new_requests(references[index], "1", "R", "partner_reference_no", "original_partner_reference_no");
        new_requests("A", "1", references[index], NULL, "partner_refund_no");
    }
    new_requests(overlong, "1", "R", "partner_reference_no", "original_partner_reference_no");
    new_requests("A", "1", overlong, NULL, "partner_refund_no");
    new_requests(huge, "1", "R", "partner_reference_no", "original_partner_reference_no");
    free(overlong);
    free(huge);
}

static void calls(const bayar_client *client)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_payment_request *request = NULL;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    char *overlong = letters(65);

    check_about("calls");
    CHECK_FAILS(bayar_client_status(client, "a b", &status, &error), BAYAR_ERROR_INVALID_ARGUMENT,
                "original_partner_reference_no", &error);
    CHECK(status == NULL);
    CHECK_FAILS(bayar_client_wait(client, overlong, 1, &status, &error), BAYAR_ERROR_INVALID_ARGUMENT,
                "original_partner_reference_no", &error);
    CHECK_FAILS(bayar_client_wait(client, "A", -1, &status, &error), BAYAR_ERROR_INVALID_ARGUMENT, "limit_ms", &error);
    CHECK_FAILS(bayar_client_wait(client, "A", INT64_MIN, &status, &error), BAYAR_ERROR_INVALID_ARGUMENT, "limit_ms",
                &error);
    CHECK_WORKS(bayar_payment_request_new("LATE", "1", &request, &error), error);
    CHECK_WORKS(bayar_payment_request_set_valid_up_to(request, "2020-01-01T00:00:00Z", &error), error);
    CHECK_FAILS(bayar_client_pay(client, request, &payment, &error), BAYAR_ERROR_INVALID_ARGUMENT, "valid_up_to",
                &error);
    CHECK(payment == NULL);
    bayar_payment_request_free(request);
    free(overlong);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    bayar_payment_request *payment = NULL;
    bayar_refund_request *refund = NULL;
    bayar_payment *made = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_payment_request_new("KEPT", "10000", &payment, &error), error);
    CHECK_WORKS(bayar_refund_request_new("KEPT", "10000", "R", &refund, &error), error);
    CHECK_WORKS(bayar_payment_request_set_return_url(payment, "https://kept.example/", &error), error);
    CHECK_WORKS(bayar_payment_request_set_valid_up_to(payment, "2098-01-01T00:00:00+07:00", &error), error);
    CHECK_WORKS(bayar_payment_request_set_point_of_initiation(payment, "pc", &error), error);
    CHECK_WORKS(bayar_payment_request_set_title(payment, "kept title", &error), error);
    CHECK_WORKS(bayar_payment_request_set_device_id(payment, "KEPT7", &error), error);
    CHECK_WORKS(bayar_payment_request_set_ip_address(payment, "9.9.9.9", &error), error);
    CHECK_WORKS(bayar_payment_request_set_extra_json(payment, "{\"kept\":true}", &error), error);
    constructors();
    setters(payment, refund);
    calls(client);

    check_about("what was set before stays");
    CHECK_WORKS(bayar_client_pay(client, payment, &made, &error), error);
    bayar_payment_free(made);
    bayar_payment_request_free(payment);
    bayar_refund_request_free(refund);
    bayar_client_free(client);
    return check_result();
}
