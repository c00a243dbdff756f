/*
 * A forked child that goes on with the journal's file after its parent has closed it: what the child writes then is in the
 * file. (SQLite in the child believes to hold the parent's locks, which a child does not inherit; the client sees to it.)
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "shop.h"

#include <sys/wait.h>
#include <unistd.h>

static void pays(const bayar_client *client, const char *reference)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about(reference);
    CHECK_WORKS(pay(client, reference, "1000", &payment, &error), error);
    CHECK_NUMBER(bayar_payment_is_recorded(payment), 1);
    bayar_payment_free(payment);
}

static int child(bayar_client *client, int ready, int go)
{
    char byte = 'x';

    pays(client, "CHILD-BEFORE");
    CHECK(write(ready, &byte, 1) == 1 && read(go, &byte, 1) == 1);
    pays(client, "CHILD-AFTER");
    bayar_client_free(client);
    return check_result();
}

static void check_known(const bayar_client *client, const char *reference)
{
    bayar_record *record = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about(reference);
    CHECK_WORKS(bayar_client_record(client, BAYAR_OPERATION_PAYMENT, reference, &record, &error), error);
    CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_DONE);
    bayar_record_free(record);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    int ready[2], go[2], status = 0;
    char byte = 'x';
    pid_t forked;

    CHECK(pipe(ready) == 0 && pipe(go) == 0);
    pays(client, "PARENT");
    forked = fork();
    if (forked == 0)
        return child(client, ready[1], go[0]);
    CHECK(read(ready[0], &byte, 1) == 1);
    bayar_client_free(client);
    CHECK(write(go[1], &byte, 1) == 1);
    CHECK(waitpid(forked, &status, 0) == forked && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    client = client_from_environment();
    check_known(client, "PARENT");
    check_known(client, "CHILD-BEFORE");
    check_known(client, "CHILD-AFTER");
    bayar_client_free(client);
    return check_result();
}
