/*
 * A payment from its request to its full refund, and one that the customer declines; every property of every result is
 * read. What DOKU (the sandbox) must know of it is told as facts.
 */
#include "check.h"
#include "shop.h"

#include <string.h>

static const char *const reference = "INV-2026/0001";

static bayar_payment_request *full_request(void)
{
    bayar_payment_request *request = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_payment_request_new(reference, "10000", &request, &error), error);
    CHECK_WORKS(bayar_payment_request_set_return_url(request, "https://toko.example/kembali?a=1&b=2", &error), error);
    CHECK_WORKS(bayar_payment_request_set_is_deep_link(request, -1, &error), error);
    CHECK_WORKS(bayar_payment_request_set_valid_up_to(request, "2098-07-10T04:57:58Z", &error), error);
    CHECK_WORKS(bayar_payment_request_set_point_of_initiation(request, "mweb", &error), error);
    CHECK_WORKS(bayar_payment_request_set_title(request, "Kopi susu \xE2\x98\x95", &error), error);
    CHECK_WORKS(bayar_payment_request_set_support_deep_link_checkout_url(request, 1, &error), error);
    CHECK_WORKS(bayar_payment_request_set_channel(request, "EMONEY_DANA_SNAP", &error), error);
    CHECK_WORKS(bayar_payment_request_set_device_id(request, "KASIR7", &error), error);
    CHECK_WORKS(bayar_payment_request_set_ip_address(request, "8.8.8.8", &error), error);
    CHECK_WORKS(bayar_payment_request_set_extra_json(request, "{\"additionalInfo\":{\"meja\":7}}", &error), error);
    return request;
}

static bayar_payment *pay_in_full(const bayar_client *client)
{
    bayar_payment_request *request = full_request();
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_client_pay(client, request, &payment, &error), error);
    bayar_payment_request_free(request);
    CHECK_TEXT(bayar_payment_partner_reference_no(payment), reference);
    CHECK_TEXT(bayar_payment_amount(payment), "10000.00");
    CHECK_TEXT(bayar_payment_valid_up_to(payment), "2098-07-10T11:57:58+07:00");
    CHECK_TEXT(bayar_payment_response_code(payment), "2005400");
    CHECK_NUMBER(strlen(bayar_payment_external_id(payment)), 32);
    CHECK_HAS(bayar_payment_json(payment), bayar_payment_redirect_url(payment));
    fact("redirect_url", bayar_payment_redirect_url(payment));
    fact("reference_no", bayar_payment_reference_no(payment));
    fact("payment_external_id", bayar_payment_external_id(payment));
    return payment;
}

static void status_before(const bayar_client *client, const bayar_payment *payment)
{
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("the status before the customer paid");
    CHECK_WORKS(bayar_client_status(client, reference, &status, &error), error);
    CHECK_NUMBER(bayar_status_transaction_status(status), BAYAR_TRANSACTION_INITIATED);
    CHECK_NUMBER(bayar_status_is_paid(status), 0);
    CHECK_NUMBER(bayar_status_is_final(status), 0);
    CHECK_TEXT(bayar_status_original_partner_reference_no(status), reference);
    CHECK_TEXT(bayar_status_original_reference_no(status), bayar_payment_reference_no(payment));
    CHECK_TEXT(bayar_status_original_external_id(status), bayar_payment_external_id(payment));
    CHECK_TEXT(bayar_status_transaction_status_desc(status), "Initiated");
    CHECK_TEXT(bayar_status_amount(status), "10000.00");
    CHECK_TEXT(bayar_status_fee(status), "0.00");
    CHECK_TEXT(bayar_status_paid_time(status), NULL);
    CHECK_TEXT(bayar_status_approval_code(status), NULL);
    CHECK_TEXT(bayar_status_response_code(status), "2005500");
    CHECK_HAS(bayar_status_json(status), "\"latestTransactionStatus\":\"01\"");
    CHECK_NUMBER(bayar_status_has_refund_history(status), 1);
    CHECK_NUMBER(bayar_status_refund_count(status), 0);
    bayar_status_free(status);

    check_about("a wait that ends before the customer pays");
    status = UNWRITTEN;
    error = UNWRITTEN;
    CHECK_WORKS(bayar_client_wait(client, reference, 2000, &status, &error), error);
    CHECK_NUMBER(bayar_status_is_final(status), 0);
    bayar_status_free(status);
}

static void customer_pays(const bayar_client *client)
{
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("the status after the customer paid");
    customer("approves", reference);
    CHECK_WORKS(bayar_client_wait(client, reference, 60000, &status, &error), error);
    CHECK_NUMBER(bayar_status_transaction_status(status), BAYAR_TRANSACTION_PAID);
    CHECK_NUMBER(bayar_status_is_paid(status), 1);
    CHECK_NUMBER(bayar_status_is_final(status), 1);
    CHECK_HAS(bayar_status_paid_time(status), "T");
    CHECK(bayar_status_approval_code(status) != NULL);
    bayar_status_free(status);
}

static bayar_refund *refund_in_full(const bayar_client *client, const bayar_payment *payment)
{
    bayar_refund_request *request = UNWRITTEN;
    bayar_refund *made = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("a full refund");
    CHECK_WORKS(bayar_refund_request_new(reference, "10000.00", "R-0001", &request, &error), error);
    CHECK_WORKS(bayar_refund_request_set_reason(request, "Salah pesan \xE2\x98\x95", &error), error);
    CHECK_WORKS(
        bayar_refund_request_set_original_external_id(request, bayar_payment_external_id(payment), &error), error);
    CHECK_WORKS(bayar_refund_request_set_channel(request, "EMONEY_DANA_SNAP", &error), error);
    CHECK_WORKS(bayar_refund_request_set_device_id(request, "KASIR8", &error), error);
    CHECK_WORKS(bayar_refund_request_set_ip_address(request, "1.2.3.4", &error), error);
    CHECK_WORKS(bayar_refund_request_set_extra_json(request, "{\"kasir\":\"Ayu\"}", &error), error);
    CHECK_WORKS(bayar_client_refund(client, request, &made, &error), error);
    bayar_refund_request_free(request);
    CHECK_TEXT(bayar_refund_original_partner_reference_no(made), reference);
    CHECK_TEXT(bayar_refund_partner_refund_no(made), "R-0001");
    CHECK_TEXT(bayar_refund_amount(made), "10000.00");
    CHECK_TEXT(bayar_refund_original_reference_no(made), bayar_payment_reference_no(payment));
    CHECK_HAS(bayar_refund_refund_time(made), "T");
    CHECK_NUMBER(strlen(bayar_refund_external_id(made)), 32);
    CHECK_TEXT(bayar_refund_response_code(made), "2005800");
    CHECK_HAS(bayar_refund_json(made), bayar_refund_refund_no(made));
    fact("refund_no", bayar_refund_refund_no(made));
    fact("refund_external_id", bayar_refund_external_id(made));
    return made;
}

static void status_after_the_refund(const bayar_client *client, const bayar_refund *made)
{
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("the status after the full refund");
    CHECK_WORKS(bayar_client_status(client, reference, &status, &error), error);
    CHECK_NUMBER(bayar_status_transaction_status(status), BAYAR_TRANSACTION_REFUNDED);
    CHECK_NUMBER(bayar_status_is_paid(status), 0);
    CHECK_NUMBER(bayar_status_is_final(status), 1);
    CHECK_NUMBER(bayar_status_refund_count(status), 1);
    CHECK_NUMBER(bayar_status_refund_status(status, 0), BAYAR_REFUND_DONE);
    CHECK_TEXT(bayar_status_refund_partner_refund_no(status, 0), "R-0001");
    CHECK_TEXT(bayar_status_refund_refund_no(status, 0), bayar_refund_refund_no(made));
    CHECK_TEXT(bayar_status_refund_amount(status, 0), "10000.00");
    CHECK_HAS(bayar_status_refund_date(status, 0), "T");
    CHECK_TEXT(bayar_status_refund_reason(status, 0), "Salah pesan \xE2\x98\x95");
    bayar_status_free(status);
}

/* The customer may try again until the link dies. */
static void declined(const bayar_client *client)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("a payment that the customer declines");
    CHECK_WORKS(pay(client, "INV-NO", "1", &payment, &error), error);
    CHECK_TEXT(bayar_payment_amount(payment), "1.00");
    customer("declines", "INV-NO");
    CHECK_WORKS(bayar_client_status(client, "INV-NO", &status, &error), error);
    CHECK_NUMBER(bayar_status_transaction_status(status), BAYAR_TRANSACTION_CANCELLED);
    CHECK_NUMBER(bayar_status_is_paid(status), 0);
    CHECK_NUMBER(bayar_status_is_final(status), 0);
    bayar_status_free(status);
    bayar_payment_free(payment);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    bayar_error *error = UNWRITTEN;
    bayar_payment *payment;
    bayar_refund *made;

    CHECK_WORKS(bayar_client_warm_up(client, &error), error);
    payment = pay_in_full(client);
    status_before(client, payment);
    customer_pays(client);
    made = refund_in_full(client, payment);
    status_after_the_refund(client, made);
    declined(client);

    check_about("results outlive the client");
    bayar_client_free(client);
    CHECK_TEXT(bayar_payment_partner_reference_no(payment), reference);
    CHECK_TEXT(bayar_refund_partner_refund_no(made), "R-0001");
    bayar_payment_free(payment);
    bayar_refund_free(made);
    return check_result();
}
