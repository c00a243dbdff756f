/*
 * A client that is acquired outlives those who use it: as in PHP, where each web request begins anew, the connection and
 * the token go on. A forked child has its own. The test around the program counts what the sandbox saw.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "shop.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 4
#define FORKS 250

static bayar_client *acquire(const char *name, const char *value)
{
    bayar_config *config = config_from_environment();
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_config_set(config, name, value, &error), error);
    CHECK_WORKS(bayar_client_acquire(config, &client, &error), error);
    bayar_config_free(config);
    return client;
}

/* A web request: it acquires, pays once, and gives back. */
static void web_request(const char *reference)
{
    bayar_client *client = acquire("environment", "sandbox");
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about(reference);
    CHECK_WORKS(pay(client, reference, "1000", &payment, &error), error);
    bayar_payment_free(payment);
    bayar_client_free(client);
}

/* Two at once, of which one is freed early. */
static void held_twice(void)
{
    bayar_client *one = acquire("environment", "sandbox"), *other = acquire("timeout_ms", "120000");
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    check_about("held twice");
    CHECK(one != other);
    bayar_client_free(one);
    CHECK_WORKS(pay(other, "TWICE", "1000", &payment, &error), error);
    bayar_payment_free(payment);
    bayar_client_free(other);
}

static void refused(void)
{
    bayar_config *config = UNWRITTEN;
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about("settings that are not enough");
    CHECK_WORKS(bayar_config_new(&config, &error), error);
    result = bayar_client_acquire(config, &client, &error);
    CHECK(client == NULL);
    CHECK_FAILS(result, BAYAR_ERROR_MISSING_SETTING, "environment", &error);
    bayar_config_free(config);
}

static void *in_thread(void *reference)
{
    bayar_config *config = config_from_environment();
    bayar_client *client = NULL;
    bayar_payment *payment = NULL;

    (void)(bayar_client_acquire(config, &client, NULL) == BAYAR_OK && pay(client, reference, "1000", &payment, NULL));
    bayar_config_free(config);
    bayar_payment_free(payment);
    bayar_client_free(client);
    return NULL;
}

/* The first of a process, all at the same moment. */
static void threads(void)
{
    char references[THREADS][16];
    pthread_t threads[THREADS];
    int which;

    for (which = 0; which < THREADS; which++) {
        snprintf(references[which], sizeof references[which], "THREAD%d", which);
        CHECK(pthread_create(&threads[which], NULL, in_thread, references[which]) == 0);
    }
    for (which = 0; which < THREADS; which++)
        CHECK(pthread_join(threads[which], NULL) == 0);
}

static void in_child(void (*body)(void))
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        body();
        _exit(check_result());
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void two_requests(void)
{
    web_request("CHILD1");
    web_request("CHILD2");
    in_child(threads);
}

static void two_requests_and_threads(void)
{
    web_request("CHILD1");
    web_request("CHILD2");
    threads();
}

static int over;

static void *acquires_all_the_time(void *nothing)
{
    bayar_config *config = config_from_environment();
    bayar_client *client = NULL;

    while (!__atomic_load_n(&over, __ATOMIC_SEQ_CST)) {
        bayar_client_acquire(config, &client, NULL);
        bayar_client_free(client);
    }
    bayar_config_free(config);
    return nothing;
}

/* A child never waits for a lock that a thread of its parent held at the fork: there is no such thread in it. */
static void forks_among_threads(void)
{
    pthread_t threads[2];
    bayar_config *config = config_from_environment();
    int round, which, status, failed = 0;

    check_about("forks among threads");
    for (which = 0; which < 2; which++)
        CHECK(pthread_create(&threads[which], NULL, acquires_all_the_time, NULL) == 0);
    for (round = 0; round < FORKS && failed == 0; round++) {
        pid_t child = fork();

        if (child == 0) {
            bayar_client *client = NULL;

            alarm(60);
            _exit(bayar_client_acquire(config, &client, NULL) == BAYAR_OK ? 0 : 1);
        }
        failed += child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    __atomic_store_n(&over, 1, __ATOMIC_SEQ_CST);
    for (which = 0; which < 2; which++)
        CHECK(pthread_join(threads[which], NULL) == 0);
    CHECK_NUMBER(failed, 0);
    bayar_config_free(config);
}

/* With an argument it forks no children, in which valgrind would take for lost what they inherited. */
int main(int argc, char **argv)
{
    char reference[16];
    int number;

    refused();
    for (number = 0; number < 5; number++) {
        snprintf(reference, sizeof reference, "REQUEST%d", number);
        web_request(reference);
    }
    held_twice();
    customer("counts", "first");
    if (argc == 1)
        in_child(two_requests);
    else
        two_requests_and_threads();
    customer("counts", "children");
    web_request("AFTER");
    customer("counts", "parent");
    bayar_client_forget_acquired();
    bayar_client_forget_acquired();
    web_request("FORGOTTEN");
    customer("counts", "forgotten");
    if (argc == 1)
        forks_among_threads();
    bayar_client_forget_acquired();
    (void)argv;
    return check_result();
}
