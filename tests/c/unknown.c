/* The answer to a payment does not come in time: it may have happened, and calling again gives the one payment. */
#include "check.h"
#include "shop.h"

#include <string.h>

int main(void)
{
    bayar_client *client = client_with("timeout_ms", "3000");
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    char first_id[40] = "";
    int32_t result;

    CHECK_WORKS(bayar_client_warm_up(client, &error), error);
    customer("network", "slow");
    check_about("no answer in time");
    result = pay(client, "INV-U", "10000", &payment, &error);
    CHECK(payment == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_UNKNOWN);
    CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_SAME_REFERENCE);
    CHECK_NUMBER(bayar_error_http_status(error), 0);
    CHECK_TEXT(bayar_error_response_code(error), NULL);
    if (bayar_error_external_id(error) != NULL)
        strncpy(first_id, bayar_error_external_id(error), sizeof first_id - 1);
    CHECK_FAILS(result, BAYAR_ERROR_TIMEOUT, NULL, &error);

    customer("network", "fast");
    check_about("calling again");
    CHECK_WORKS(pay(client, "INV-U", "10000", &payment, &error), error);
    CHECK_TEXT(bayar_payment_external_id(payment), first_id);
    fact("redirect_url", bayar_payment_redirect_url(payment));
    bayar_payment_free(payment);
    bayar_client_free(client);
    return check_result();
}
