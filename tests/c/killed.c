/*
 * A process that is killed while DOKU works on its payment or refund, and another that is asked for the same again: it
 * gets the one result. `killed begin` pays and kills, `killed again` pays in a new process; `begin-refund` and
 * `again-refund` do so with a refund.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "shop.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A call that died is given up after two limits and a second; this many calls wait for longer than that. */
#define CALLS 8

static int is_refund;

/* Pays or refunds, and gives DOKU's link or number. */
static int32_t call(const bayar_client *client, char *found, bayar_error **error)
{
    bayar_payment *payment = NULL;
    bayar_refund *made = NULL;
    int32_t result;

    found[0] = '\0';
    result = is_refund ? refund(client, "INV-K", "4000", "R-K", &made, error)
                       : pay(client, "INV-K", "10000", &payment, error);
    if (bayar_payment_redirect_url(payment) != NULL)
        strncat(found, bayar_payment_redirect_url(payment), 255);
    if (bayar_refund_refund_no(made) != NULL)
        strncat(found, bayar_refund_refund_no(made), 255);
    bayar_payment_free(payment);
    bayar_refund_free(made);
    return result;
}

/* Says when it is ready, waits for the word, and is killed within the call. */
static int victim(int ready, int go)
{
    bayar_client *client = client_from_environment();
    bayar_error *error = NULL;
    char byte = 'x', found[256];

    if (bayar_client_warm_up(client, &error) != BAYAR_OK || write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1)
        return 2;
    call(client, found, &error);
    return 3; /* It was to be killed before this. */
}

static void begin(void)
{
    int ready[2], go[2], status = 0;
    char byte = 'x';
    pid_t child;

    CHECK(pipe(ready) == 0 && pipe(go) == 0);
    child = fork();
    if (child == 0)
        _exit(victim(ready[1], go[0]));
    CHECK(read(ready[0], &byte, 1) == 1);
    customer("network", "slow");
    CHECK(write(go[1], &byte, 1) == 1);
    customer("awaits", is_refund ? "R-K" : "INV-K");
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    customer("network", "fast");
}

static void check_open(const bayar_client *client, int expected)
{
    bayar_records *records = NULL;
    bayar_record *record = NULL;

    CHECK_NUMBER(bayar_client_records(client, BAYAR_RECORDS_OPEN, NULL, &records, NULL), BAYAR_OK);
    CHECK_NUMBER(bayar_records_next(records, &record, NULL), BAYAR_OK);
    CHECK_NUMBER(record != NULL, expected);
    if (record != NULL) {
        CHECK_TEXT(bayar_record_reference(record), is_refund ? "R-K" : "INV-K");
        CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_SENDING);
    }
    bayar_record_free(record);
    bayar_records_free(records);
}

/* Until the call that died is given up, the answer is that it may have happened and is to be asked for again. */
static void again(void)
{
    bayar_client *client = client_from_environment();
    bayar_error *error = NULL;
    char found[256], once_more[256];
    int32_t result = -1;
    int calls;

    check_open(client, 1);
    for (calls = 0; calls < CALLS && result != BAYAR_OK; calls++) {
        result = call(client, found, &error);
        if (result != BAYAR_OK) {
            CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_UNKNOWN);
            CHECK(bayar_error_retry(error) != BAYAR_RETRY_NO);
            printf("error %d %s\n", (int)result, bayar_error_message(error));
        }
        bayar_error_free(error);
    }
    CHECK_NUMBER(result, BAYAR_OK);
    fact("found", found);
    check_open(client, 0);
    CHECK_NUMBER(call(client, once_more, &error), BAYAR_OK);
    CHECK_TEXT(once_more, found);
    bayar_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK_NUMBER(argc, 2);
    is_refund = strstr(argv[1], "refund") != NULL;
    if (strncmp(argv[1], "begin", 5) == 0)
        begin();
    else
        again();
    return check_result();
}
