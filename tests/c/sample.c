/*
 * DOKU's own sample payment and refund, value by value (tests/vectors/README.md says where each is printed); only the
 * end of validity is moved from 2024 into the future.
 */
#include "check.h"
#include "shop.h"

static void sample_payment(const bayar_client *client)
{
    bayar_payment_request *request = UNWRITTEN;
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_payment_request_new("INV-0001", "10000.00", &request, &error), error);
    CHECK_WORKS(bayar_payment_request_set_valid_up_to(request, "2098-07-10T11:57:58+07:00", &error), error);
    CHECK_WORKS(bayar_payment_request_set_point_of_initiation(request, "app", &error), error);
    CHECK_WORKS(bayar_payment_request_set_return_url(request, "www.merchant.co.id", &error), error);
    CHECK_WORKS(bayar_payment_request_set_is_deep_link(request, 1, &error), error);
    CHECK_WORKS(bayar_payment_request_set_title(request, "orderTitle", &error), error);
    CHECK_WORKS(bayar_payment_request_set_device_id(request, "95221", &error), error);
    CHECK_WORKS(bayar_client_pay(client, request, &payment, &error), error);
    bayar_payment_free(payment);
    bayar_payment_request_free(request);
}

static void sample_refund(const bayar_client *client)
{
    bayar_refund_request *request = UNWRITTEN;
    bayar_refund *refund = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_refund_request_new("INV-0001", "10000.00", "INV-REF-0001", &request, &error), error);
    CHECK_WORKS(bayar_refund_request_set_original_external_id(request, "REQ-0001", &error), error);
    CHECK_WORKS(bayar_refund_request_set_reason(request, "Request by Customer", &error), error);
    CHECK_WORKS(bayar_refund_request_set_device_id(request, "95221", &error), error);
    CHECK_WORKS(bayar_client_refund(client, request, &refund, &error), error);
    bayar_refund_free(refund);
    bayar_refund_request_free(request);
}

int main(void)
{
    bayar_client *client = client_from_environment();

    sample_payment(client);
    customer("approves", "INV-0001");
    sample_refund(client);
    bayar_client_free(client);
    return check_result();
}
