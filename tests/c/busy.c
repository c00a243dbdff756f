/*
 * DOKU's answer comes while other processes keep the journal busy: the call waits within its limit, and the result is
 * recorded. Is given the journal's gate, the file by which writers take turns.
 */
#define _DEFAULT_SOURCE
#include "check.h"
#include "shop.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int till(int ready, int go)
{
    bayar_client *client = client_from_environment();
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    char byte = 'x';

    CHECK_WORKS(bayar_client_warm_up(client, &error), error);
    CHECK(write(ready, &byte, 1) == 1 && read(go, &byte, 1) == 1);
    CHECK_WORKS(pay(client, "INV-W", "10000", &payment, &error), error);
    CHECK_NUMBER(bayar_payment_is_recorded(payment), 1);
    bayar_payment_free(payment);
    CHECK_WORKS(pay(client, "INV-W", "10000", &payment, &error), error);
    bayar_payment_free(payment);
    bayar_client_free(client);
    return check_result();
}

int main(int argc, char **argv)
{
    struct timespec pause = {3, 0};
    int ready[2], go[2], gate, status = 0;
    char byte = 'x';
    pid_t child;

    CHECK_NUMBER(argc, 2);
    CHECK(pipe(ready) == 0 && pipe(go) == 0);
    child = fork();
    if (child == 0)
        return till(ready[1], go[0]);
    CHECK(read(ready[0], &byte, 1) == 1);
    customer("network", "lazy");
    CHECK(write(go[1], &byte, 1) == 1);
    /* It is made, and the answer is under way for a second. */
    customer("awaits", "INV-W");
    gate = open(argv[1], O_RDWR);
    CHECK(gate >= 0 && flock(gate, LOCK_EX | LOCK_NB) == 0);
    nanosleep(&pause, NULL);
    CHECK(flock(gate, LOCK_UN) == 0);
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return check_result();
}
