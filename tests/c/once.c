/*
 * Calling again is safe: the same reference gives the same one payment or refund, from the same client or another, and
 * for another amount it is an error.
 */
#include "check.h"
#include "shop.h"

static void pay_again(const bayar_client *client, const bayar_payment *first, const char *amount)
{
    bayar_payment *again = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(pay(client, "INV-1", amount, &again, &error), error);
    CHECK_TEXT(bayar_payment_redirect_url(again), bayar_payment_redirect_url(first));
    CHECK_TEXT(bayar_payment_reference_no(again), bayar_payment_reference_no(first));
    CHECK_TEXT(bayar_payment_external_id(again), bayar_payment_external_id(first));
    bayar_payment_free(again);
}

static void refund_again(const bayar_client *client, const bayar_refund *first)
{
    bayar_refund *again = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(refund(client, "INV-1", "4000", "R-1", &again, &error), error);
    CHECK_TEXT(bayar_refund_refund_no(again), bayar_refund_refund_no(first));
    CHECK_TEXT(bayar_refund_external_id(again), bayar_refund_external_id(first));
    bayar_refund_free(again);
}

/* A reference that means something else already: nothing is sent, and the error says which field. */
static void reused(const bayar_client *client)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_refund *made = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about("the same reference for another amount");
    result = pay(client, "INV-1", "10001", &payment, &error);
    CHECK(payment == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_NO);
    CHECK_FAILS(result, BAYAR_ERROR_REFERENCE_REUSED, "amount", &error);
    CHECK_NUMBER(pay(client, "INV-1", "10001", &payment, NULL), BAYAR_ERROR_REFERENCE_REUSED);

    check_about("the same refund number for another amount");
    result = refund(client, "INV-1", "4001", "R-1", &made, &error);
    CHECK(made == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    CHECK_FAILS(result, BAYAR_ERROR_REFERENCE_REUSED, "amount", &error);

    check_about("the same refund number for another payment");
    made = UNWRITTEN;
    result = refund(client, "INV-2", "4000", "R-1", &made, &error);
    CHECK(made == NULL);
    CHECK_FAILS(result, BAYAR_ERROR_REFERENCE_REUSED, "original_partner_reference_no", &error);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    bayar_client *other = client_from_environment();
    bayar_payment *payment = UNWRITTEN;
    bayar_refund *made = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(pay(client, "INV-1", "10000", &payment, &error), error);
    check_about("paying again with the same client");
    pay_again(client, payment, "10000");
    check_about("paying again, the amount written otherwise");
    pay_again(client, payment, "10000.00");
    check_about("paying again with another client");
    pay_again(other, payment, "10000");

    customer("approves", "INV-1");
    CHECK_WORKS(refund(client, "INV-1", "4000", "R-1", &made, &error), error);
    check_about("refunding again with the same client");
    refund_again(client, made);
    check_about("refunding again with another client");
    refund_again(other, made);

    reused(client);
    bayar_refund_free(made);
    bayar_payment_free(payment);
    bayar_client_free(other);
    bayar_client_free(client);
    return check_result();
}
