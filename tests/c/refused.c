/* What goes wrong beyond the caller: DOKU refuses, does not know, is not trusted, or cannot be reached. */
#include "check.h"
#include "shop.h"

#include <string.h>

/* Looks at what the error says of the money, then at the rest of it. */
static void look_at(bayar_error *error, int32_t outcome, int32_t http_status, const char *response_code)
{
    CHECK_NUMBER(bayar_error_outcome(error), outcome);
    CHECK_NUMBER(bayar_error_http_status(error), http_status);
    CHECK_TEXT(bayar_error_response_code(error), response_code);
}

static void doku_says_no(const bayar_client *client)
{
    bayar_refund_request *request = UNWRITTEN;
    bayar_payment *payment = UNWRITTEN;
    bayar_refund *made = UNWRITTEN;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about("the status of a payment that was never made");
    result = bayar_client_status(client, "INV-NONE", &status, &error);
    CHECK(status == NULL);
    look_at(error, BAYAR_OUTCOME_UNKNOWN, 404, "4045501");
    CHECK_NUMBER(strlen(bayar_error_external_id(error)), 32);
    CHECK_FAILS(result, BAYAR_ERROR_NOT_FOUND, NULL, &error);
    CHECK_NUMBER(bayar_client_status(client, "INV-NONE", &status, NULL), BAYAR_ERROR_NOT_FOUND);

    check_about("a refund of a payment that is not paid");
    CHECK_WORKS(pay(client, "INV-1", "10000", &payment, &error), error);
    result = refund(client, "INV-1", "10000", "R-EARLY", &made, &error);
    CHECK(made == NULL);
    look_at(error, BAYAR_OUTCOME_REFUSED, 404, "4045800");
    CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_NO);
    CHECK_FAILS(result, BAYAR_ERROR_DECLINED, ANY_FIELD, &error);

    check_about("a refund of more than was paid: the journal knows the payment, so DOKU is not even asked");
    customer("approves", "INV-1");
    made = UNWRITTEN;
    result = refund(client, "INV-1", "10001", "R-MUCH", &made, &error);
    CHECK(made == NULL);
    look_at(error, BAYAR_OUTCOME_NOT_SENT, 0, NULL);
    CHECK_FAILS(result, BAYAR_ERROR_INVALID_ARGUMENT, "amount", &error);
    CHECK_NUMBER(refund(client, "INV-1", "10001", "R-MUCH", &made, NULL), BAYAR_ERROR_INVALID_ARGUMENT);

    check_about("the same, sent all the same");
    CHECK_WORKS(bayar_refund_request_new("INV-1", "10001", "R-MUCH", &request, &error), error);
    CHECK_WORKS(bayar_refund_request_set_allow_over_refund(request, 1, &error), error);
    result = bayar_client_refund(client, request, &made, &error);
    CHECK(made == NULL);
    look_at(error, BAYAR_OUTCOME_REFUSED, 404, "4045813");
    CHECK_FAILS(result, BAYAR_ERROR_DECLINED, ANY_FIELD, &error);
    CHECK_NUMBER(bayar_client_refund(client, request, &made, NULL), BAYAR_ERROR_DECLINED);
    bayar_refund_request_free(request);
    bayar_payment_free(payment);
}

/* Every call, for a client that fails before anything but a token request is sent. */
static void nothing_is_sent(const bayar_client *client, int32_t code, int32_t http_status, const char *response_code)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_refund *made = UNWRITTEN;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    result = bayar_client_warm_up(client, &error);
    look_at(error, BAYAR_OUTCOME_NOT_SENT, http_status, response_code);
    CHECK_FAILS(result, code, NULL, &error);
    CHECK_NUMBER(bayar_client_warm_up(client, NULL), code);

    result = pay(client, "INV-X", "10000", &payment, &error);
    CHECK(payment == NULL);
    look_at(error, BAYAR_OUTCOME_NOT_SENT, http_status, response_code);
    CHECK_FAILS(result, code, NULL, &error);

    result = refund(client, "INV-X", "10000", "R-X", &made, &error);
    CHECK(made == NULL);
    look_at(error, BAYAR_OUTCOME_NOT_SENT, http_status, response_code);
    CHECK_FAILS(result, code, NULL, &error);

    result = bayar_client_status(client, "INV-X", &status, &error);
    CHECK(status == NULL);
    look_at(error, BAYAR_OUTCOME_UNKNOWN, http_status, response_code);
    CHECK_FAILS(result, code, NULL, &error);
}

/* DOKU will not think better of it: the wait does not go on to its end, which is days away. */
static void waiting_is_in_vain(const bayar_client *client)
{
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result = bayar_client_wait(client, "INV-X", INT64_MAX, &status, &error);

    CHECK(status == NULL);
    look_at(error, BAYAR_OUTCOME_UNKNOWN, 401, "4017300");
    CHECK_FAILS(result, BAYAR_ERROR_UNAUTHORIZED, NULL, &error);
}

/* Is given a file with a certificate that is not the sandbox's. */
int main(int argc, char **argv)
{
    bayar_client *client = client_from_environment();

    CHECK_NUMBER(argc, 2);
    doku_says_no(client);
    bayar_client_free(client);

    check_about("a wrong client secret");
    client = client_with("client_secret", "SK-this-is-not-the-one");
    {
        bayar_payment *payment = UNWRITTEN;
        bayar_error *error = UNWRITTEN;
        int32_t result = pay(client, "INV-Y", "10000", &payment, &error);

        CHECK(payment == NULL);
        look_at(error, BAYAR_OUTCOME_REFUSED, 401, "4015400");
        CHECK_FAILS(result, BAYAR_ERROR_UNAUTHORIZED, ANY_FIELD, &error);
    }
    bayar_client_free(client);

    check_about("a client id that DOKU does not know");
    client = client_with("client_id", "BRN-9999-0000000000000");
    nothing_is_sent(client, BAYAR_ERROR_UNAUTHORIZED, 401, "4017300");
    waiting_is_in_vain(client);
    bayar_client_free(client);

    check_about("nobody listens");
    client = client_with("base_url", "https://127.0.0.1:1");
    nothing_is_sent(client, BAYAR_ERROR_CONNECT, 0, NULL);
    bayar_client_free(client);

    check_about("a certificate that nobody vouches for");
    client = client_with("ca_file", argv[1]);
    nothing_is_sent(client, BAYAR_ERROR_TLS, 0, NULL);
    bayar_client_free(client);
    return check_result();
}
