/*
 * DOKU's answer comes while other processes keep the journal busy: the call waits within its limit, and the result is
 * recorded; or it is told all the same, as not recorded, and found again. Is given for how many seconds another program
 * keeps the journal, and whether the result is recorded then.
 */
#define _DEFAULT_SOURCE
#include "check.h"
#include "shop.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A call that could not write its result counts as one that died: the next ones wait for it to be given up. */
static void again(const bayar_client *client, const char *link)
{
    bayar_payment *payment = NULL;
    bayar_error *error = NULL;
    int32_t result = -1;
    int calls;

    for (calls = 0; calls < 8 && result != BAYAR_OK; calls++) {
        result = pay(client, "INV-W", "10000", &payment, &error);
        CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_UNKNOWN);
        bayar_error_free(error);
    }
    CHECK_NUMBER(result, BAYAR_OK);
    CHECK_TEXT(bayar_payment_redirect_url(payment), link);
    CHECK_NUMBER(bayar_payment_is_recorded(payment), 1);
    bayar_payment_free(payment);
}

static int till(int ready, int go, int recorded)
{
    bayar_client *client = client_from_environment();
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    char byte = 'x';

    CHECK_WORKS(bayar_client_warm_up(client, &error), error);
    CHECK(write(ready, &byte, 1) == 1 && read(go, &byte, 1) == 1);
    CHECK_WORKS(pay(client, "INV-W", "10000", &payment, &error), error);
    CHECK_NUMBER(bayar_payment_is_recorded(payment), recorded);
    CHECK(write(ready, &byte, 1) == 1 && read(go, &byte, 1) == 1);
    again(client, bayar_payment_redirect_url(payment));
    bayar_payment_free(payment);
    bayar_client_free(client);
    return check_result();
}

int main(int argc, char **argv)
{
    struct timespec pause = {0, 0};
    int ready[2], go[2], status = 0;
    char byte = 'x';
    pid_t child;

    if (argc != 3)
        return 2;
    pause.tv_sec = atoi(argv[1]);
    CHECK(pipe(ready) == 0 && pipe(go) == 0);
    child = fork();
    if (child == 0)
        return till(ready[1], go[0], atoi(argv[2]));
    CHECK(read(ready[0], &byte, 1) == 1);
    customer("network", "lazy");
    CHECK(write(go[1], &byte, 1) == 1);
    /* It is made, and the answer is under way for a second. */
    customer("awaits", "INV-W");
    customer("journal", "is busy");
    nanosleep(&pause, NULL);
    customer("journal", "is free");
    customer("network", "fast");
    CHECK(read(ready[0], &byte, 1) == 1 && write(go[1], &byte, 1) == 1);
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return check_result();
}
