/* Two partial refunds of one payment: both are listed, in order, and the payment stays paid. */
#include "check.h"
#include "shop.h"

static void beyond_the_end(const bayar_status *status, size_t index)
{
    CHECK_NUMBER(bayar_status_refund_status(status, index), BAYAR_REFUND_UNKNOWN);
    CHECK_TEXT(bayar_status_refund_partner_refund_no(status, index), NULL);
    CHECK_TEXT(bayar_status_refund_refund_no(status, index), NULL);
    CHECK_TEXT(bayar_status_refund_amount(status, index), NULL);
    CHECK_TEXT(bayar_status_refund_date(status, index), NULL);
    CHECK_TEXT(bayar_status_refund_reason(status, index), NULL);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    bayar_payment *payment = UNWRITTEN;
    bayar_refund *first = UNWRITTEN, *second = UNWRITTEN;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(pay(client, "INV-P", "10000.00", &payment, &error), error);
    customer("approves", "INV-P");
    CHECK_WORKS(refund(client, "INV-P", "4000", "R-P1", &first, &error), error);
    CHECK_TEXT(bayar_refund_amount(first), "4000.00");
    CHECK_WORKS(refund(client, "INV-P", "2500.50", "R-P2", &second, &error), error);
    CHECK_TEXT(bayar_refund_amount(second), "2500.50");

    CHECK_WORKS(bayar_client_status(client, "INV-P", &status, &error), error);
    CHECK_NUMBER(bayar_status_transaction_status(status), BAYAR_TRANSACTION_PAID);
    CHECK_NUMBER(bayar_status_is_paid(status), 1);
    CHECK_NUMBER(bayar_status_refund_count(status), 2);
    CHECK_TEXT(bayar_status_refund_partner_refund_no(status, 0), "R-P1");
    CHECK_TEXT(bayar_status_refund_amount(status, 0), "4000.00");
    CHECK_TEXT(bayar_status_refund_partner_refund_no(status, 1), "R-P2");
    CHECK_TEXT(bayar_status_refund_refund_no(status, 1), bayar_refund_refund_no(second));
    CHECK_TEXT(bayar_status_refund_amount(status, 1), "2500.50");
    CHECK_NUMBER(bayar_status_refund_status(status, 1), BAYAR_REFUND_DONE);
    check_about("beyond the last refund");
    beyond_the_end(status, 2);
    beyond_the_end(status, SIZE_MAX);

    bayar_status_free(status);
    bayar_refund_free(first);
    bayar_refund_free(second);
    bayar_payment_free(payment);
    bayar_client_free(client);
    return check_result();
}
