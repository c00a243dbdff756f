/*
 * A client that was used before a fork works on in every child, with a connection and a token of its own, and in the
 * parent as if nothing had been. (Without a journal that they share each of them takes the others' tokens away, so a call
 * may have to be made again; that is always safe.)
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "shop.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN 4
#define PAYMENTS 3

static void pays(const bayar_client *client, const char *who, int number)
{
    char reference[32], link[256] = "";
    bayar_payment *payment = NULL;
    bayar_error *error = NULL;
    int tries, result = -1;

    snprintf(reference, sizeof reference, "%s-%d", who, number);
    for (tries = 0; tries < 20 && result != BAYAR_OK; tries++) {
        result = pay(client, reference, "1000", &payment, &error);
        if (result != BAYAR_OK) {
            CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_REFUSED);
            CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_LATER);
        }
        CHECK_NUMBER(bayar_payment_is_recorded(payment), result == BAYAR_OK);
        bayar_error_free(error);
    }
    check_about(reference);
    CHECK_NUMBER(result, BAYAR_OK);
    if (payment != NULL)
        snprintf(link, sizeof link, "%s", bayar_payment_redirect_url(payment));
    bayar_payment_free(payment);

    /* Known in this process, so without asking. */
    CHECK_WORKS(pay(client, reference, "1000", &payment, &error), error);
    if (payment != NULL)
        CHECK_TEXT(bayar_payment_redirect_url(payment), link);
    bayar_payment_free(payment);
}

static int child(bayar_client *client, int which)
{
    char who[16];
    int number;

    snprintf(who, sizeof who, "CHILD%d", which);
    for (number = 0; number < PAYMENTS; number++)
        pays(client, who, number);
    bayar_client_free(client);
    return check_result();
}

int main(void)
{
    bayar_client *client = client_from_environment();
    pid_t children[CHILDREN];
    int which, status;

    pays(client, "PARENT", 0);
    for (which = 0; which < CHILDREN; which++) {
        children[which] = fork();
        if (children[which] == 0)
            return child(client, which);
        CHECK(children[which] > 0);
    }
    pays(client, "PARENT", 1);
    for (which = 0; which < CHILDREN; which++) {
        CHECK(waitpid(children[which], &status, 0) == children[which]);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    pays(client, "PARENT", 2);
    bayar_client_free(client);
    return check_result();
}
