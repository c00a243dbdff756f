/*
 * A fault inside the library, in the middle of a payment, on purpose and without a function made for it: a thread that has
 * paid pays once more when all that belongs to the thread has been taken down already.
 */
#include "check.h"
#include "shop.h"

#include <pthread.h>

static pthread_key_t at_the_end;
static int ended;

/* The C library calls this after it has taken down what Rust keeps for a thread. */
static void pay_too_late(void *client)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about("a payment at the end of a thread");
    result = pay(client, "INV-2", "10000", &payment, &error);
    CHECK(payment == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_UNKNOWN);
    CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_SAME_REFERENCE);
    CHECK_FAILS(result, BAYAR_ERROR_INTERNAL, NULL, &error);
    ended = 1;
}

static void *pay_in_time(void *client)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(pay(client, "INV-1", "10000", &payment, &error), error);
    bayar_payment_free(payment);
    CHECK(pthread_setspecific(at_the_end, client) == 0);
    return NULL;
}

int main(void)
{
    bayar_client *client = client_with("log_level", "debug");
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    pthread_t thread;

    CHECK(pthread_key_create(&at_the_end, pay_too_late) == 0);
    CHECK(pthread_create(&thread, NULL, pay_in_time, client) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(ended);

    check_about("the same payment again, as the error advises");
    CHECK_WORKS(pay(client, "INV-2", "10000", &payment, &error), error);
    CHECK(bayar_payment_redirect_url(payment) != NULL);
    bayar_payment_free(payment);
    bayar_client_free(client);
    return check_result();
}
