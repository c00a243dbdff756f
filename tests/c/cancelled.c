/*
 * A call that waits is ended by the flag from a signal handler, as a till's escape key does it, and says what is true:
 * nothing was sent while the token was fetched, unknown while the payment was. The next call with the same reference
 * settles it.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "shop.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bayar_cancel *escape;

static void pressed(int signal_number)
{
    (void)signal_number;
    bayar_cancel_set(escape);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void press_in_a_second(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = pressed;
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
}

int main(void)
{
    bayar_client *whole = client_from_environment(), *client = UNWRITTEN;
    bayar_payment *payment = UNWRITTEN;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int64_t begun;

    CHECK_WORKS(bayar_cancel_new(&escape, &error), error);
    CHECK_WORKS(bayar_client_with_cancel(whole, escape, &client, &error), error);

    check_about("while the token is fetched");
    customer("network", "slow");
    press_in_a_second();
    begun = now_ms();
    CHECK_NUMBER(pay(client, "ESC-1", "1000", &payment, &error), BAYAR_ERROR_CANCELLED);
    CHECK(now_ms() - begun < 10000);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    bayar_error_free(error);
    CHECK_NUMBER(pay(client, "ESC-1", "1000", &payment, &error), BAYAR_ERROR_CANCELLED);
    bayar_error_free(error);

    check_about("while the payment is sent");
    customer("network", "fast");
    bayar_cancel_reset(escape);
    CHECK_WORKS(bayar_client_warm_up(client, &error), error);
    customer("network", "slow");
    press_in_a_second();
    begun = now_ms();
    CHECK_NUMBER(pay(client, "ESC-1", "1000", &payment, &error), BAYAR_ERROR_CANCELLED);
    CHECK(now_ms() - begun < 10000);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_UNKNOWN);
    bayar_error_free(error);

    check_about("while waiting for the customer");
    customer("network", "fast");
    bayar_cancel_reset(escape);
    CHECK_WORKS(pay(client, "ESC-1", "1000", &payment, &error), error);
    press_in_a_second();
    begun = now_ms();
    CHECK_WORKS(bayar_client_wait(client, "ESC-1", 600000, &status, &error), error);
    CHECK(now_ms() - begun < 10000);
    CHECK_NUMBER(bayar_status_is_paid(status), 0);

    check_about("the face without the flag is not touched");
    bayar_status_free(status);
    CHECK_WORKS(bayar_client_status(whole, "ESC-1", &status, &error), error);

    bayar_status_free(status);
    bayar_payment_free(payment);
    bayar_cancel_free(escape);
    bayar_client_free(whole);
    bayar_client_free(client);
    return check_result();
}
