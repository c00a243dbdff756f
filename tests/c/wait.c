/* How a wait ends when its time is over: with the last answer, or with why there was none. */
#include "check.h"
#include "shop.h"

int main(int argc, char **argv)
{
    bayar_client *client = client_from_environment();
    bayar_payment *payment = UNWRITTEN;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    if (argc != 2)
        return 2;
    CHECK_WORKS(pay(client, "INV-W", "10000", &payment, &error), error);
    check_about("a wait of no time asks once");
    CHECK_WORKS(bayar_client_wait(client, "INV-W", 0, &status, &error), error);
    CHECK_NUMBER(bayar_status_transaction_status(status), BAYAR_TRANSACTION_INITIATED);
    bayar_status_free(status);
    bayar_payment_free(payment);
    bayar_client_free(client);

    check_about("a wait whose every inquiry failed says why they did");
    client = client_with("base_url", argv[1]);
    CHECK_FAILS(bayar_client_wait(client, "INV-W", 200, &status, &error), BAYAR_ERROR_CONNECT, NULL, &error);
    CHECK(status == NULL);
    bayar_client_free(client);
    return check_result();
}
