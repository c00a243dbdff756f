/*
 * The look-up of the host's name hangs, as it does when the router's DNS server takes questions and answers none. Every
 * call ends within its limit and says what is true; nothing grows meanwhile; and when names are found again, payments
 * are made. BAYAR_TIMEOUT_MS has to be LIMIT_MS, and the address one with a name in it.
 *
 * This program's getaddrinfo() stands before the C library's: the library's look-ups come here, on its own thread.
 */
#define _GNU_SOURCE
#include "check.h"
#include "growth.h"
#include "shop.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LIMIT_MS 800
#define PROMISED_MS 200
#define BUSY_MS 1000 /* A busy machine may be so late; only the best of several calls has to keep the promise. */
#define THREADS 10
#define EACH 10

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static int hangs = 1;
static int asked;
static int64_t least_over = INT64_MAX;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    pthread_mutex_lock(&lock);
    asked++;
    while (hangs)
        pthread_cond_wait(&freed, &lock);
    pthread_mutex_unlock(&lock);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real != NULL ? real(node, service, hints, result) : EAI_SYSTEM;
}

static int look_ups(void)
{
    int now;

    pthread_mutex_lock(&lock);
    now = asked;
    pthread_mutex_unlock(&lock);
    return now;
}

static void let_names_hang(int hang)
{
    pthread_mutex_lock(&lock);
    hangs = hang;
    pthread_cond_broadcast(&freed);
    pthread_mutex_unlock(&lock);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void row(const char *call, int32_t result, int32_t outcome, int64_t begun, bayar_error **error)
{
    int64_t over = now_ms() - begun - LIMIT_MS;

    check_about(call);
    printf("%-22s | %d, outcome %d | %+5d ms over the limit | %d look-ups | %ld threads\n", call, (int)result,
           (int)bayar_error_outcome(*error), (int)over, look_ups(), threads());
    CHECK_NUMBER(bayar_error_outcome(*error), outcome);
    CHECK_HAS(bayar_error_message(*error), "no address for localhost");
    CHECK_FAILS(result, BAYAR_ERROR_TIMEOUT, NULL, error);
    CHECK(over >= -20 && over <= BUSY_MS);
    CHECK(threads() <= 2);
    if (over < least_over)
        least_over = over;
}

static void every_call_ends(const bayar_client *client)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_refund *refunded = UNWRITTEN;
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int64_t begun = now_ms();

    row("pay", pay(client, "INV-1", "1000", &payment, &error), BAYAR_OUTCOME_NOT_SENT, begun, &error);
    CHECK(payment == NULL);
    begun = now_ms();
    row("pay, the same again", pay(client, "INV-1", "1000", &payment, &error), BAYAR_OUTCOME_NOT_SENT, begun, &error);
    begun = now_ms();
    row("refund", refund(client, "INV-1", "1000", "R-1", &refunded, &error), BAYAR_OUTCOME_NOT_SENT, begun, &error);
    CHECK(refunded == NULL);
    begun = now_ms();
    row("status", bayar_client_status(client, "INV-1", &status, &error), BAYAR_OUTCOME_UNKNOWN, begun, &error);
    CHECK(status == NULL);
    begun = now_ms();
    row("warm_up", bayar_client_warm_up(client, &error), BAYAR_OUTCOME_NOT_SENT, begun, &error);
    check_about("all of them");
    CHECK(least_over <= PROMISED_MS);
    CHECK_NUMBER(look_ups(), 1);
}

struct worker {
    pthread_t thread;
    const bayar_client *client;
    int number;
    int as_promised;
    long most_threads;
    int64_t longest_ms;
};

/* Checks belong to the main thread: this one only counts. */
static void *press_again_and_again(void *argument)
{
    struct worker *worker = argument;
    char reference[32];
    int index;

    for (index = 0; index < EACH; index++) {
        bayar_payment *payment = NULL;
        bayar_error *error = NULL;
        int64_t begun = now_ms(), took;
        int32_t result;

        snprintf(reference, sizeof reference, "INV-%d-%d", worker->number, index);
        result = pay(worker->client, reference, "1000", &payment, &error);
        took = now_ms() - begun;
        worker->as_promised += result == BAYAR_ERROR_TIMEOUT && bayar_error_outcome(error) == BAYAR_OUTCOME_NOT_SENT;
        worker->longest_ms = took > worker->longest_ms ? took : worker->longest_ms;
        worker->most_threads = threads() > worker->most_threads ? threads() : worker->most_threads;
        bayar_error_free(error);
        bayar_payment_free(payment);
    }
    return NULL;
}

static void a_hundred_calls_add_no_thread(const bayar_client *client)
{
    static struct worker workers[THREADS];
    int index;

    check_about("a hundred calls at a hanging look-up");
    for (index = 0; index < THREADS; index++) {
        workers[index].client = client;
        workers[index].number = index;
        CHECK_NUMBER(pthread_create(&workers[index].thread, NULL, press_again_and_again, &workers[index]), 0);
    }
    for (index = 0; index < THREADS; index++) {
        CHECK_NUMBER(pthread_join(workers[index].thread, NULL), 0);
        CHECK_NUMBER(workers[index].as_promised, EACH);
        CHECK(workers[index].longest_ms <= LIMIT_MS + BUSY_MS);
        /* These, the main one, and the one that looks up. */
        CHECK(workers[index].most_threads <= THREADS + 2);
    }
    CHECK_NUMBER(look_ups(), 1);
    CHECK_NUMBER(threads(), 2);
}

static void a_flag_ends_it(const bayar_client *client, bayar_cancel *flag)
{
    bayar_client *face = UNWRITTEN;
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int64_t begun;

    check_about("with a flag that is not set");
    CHECK_WORKS(bayar_client_with_cancel(client, flag, &face, &error), error);
    begun = now_ms();
    row("pay, with a flag", pay(face, "INV-1", "1000", &payment, &error), BAYAR_OUTCOME_NOT_SENT, begun, &error);
    bayar_client_free(face);
}

static void *press_in_a_moment(void *flag)
{
    const struct timespec moment = {0, 200000000};

    nanosleep(&moment, NULL);
    bayar_cancel_set(flag);
    return NULL;
}

/* The limit of this one is a minute. */
static void cancelling_ends_it(bayar_cancel *flag)
{
    bayar_client *whole = client_with("timeout_ms", "60000"), *face = UNWRITTEN;
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    pthread_t thread;
    int64_t begun;

    check_about("a flag that is set while names hang");
    CHECK_WORKS(bayar_client_with_cancel(whole, flag, &face, &error), error);
    CHECK_NUMBER(pthread_create(&thread, NULL, press_in_a_moment, flag), 0);
    begun = now_ms();
    CHECK_NUMBER(pay(face, "INV-1", "1000", &payment, &error), BAYAR_ERROR_CANCELLED);
    CHECK(now_ms() - begun < 5000);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    bayar_error_free(error);
    pthread_join(thread, NULL);
    begun = now_ms();
    bayar_client_free(face);
    bayar_client_free(whole);
    check_about("freeing a client waits for no look-up");
    CHECK(now_ms() - begun < 1000);
}

static void names_are_found_again(const bayar_client *client)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int patience = 1000;
    const struct timespec moment = {0, 10000000};

    check_about("names are found again");
    let_names_hang(0);
    CHECK_WORKS(pay(client, "INV-1", "1000", &payment, &error), error);
    fact("redirect_url", bayar_payment_redirect_url(payment));
    bayar_payment_free(payment);
    while (threads() > 1 && patience-- > 0)
        nanosleep(&moment, NULL);
    CHECK_NUMBER(threads(), 1);
}

/* A program that ends must not wait for a look-up. */
static void leave_one_hanging(void)
{
    bayar_client *client;
    bayar_error *error = UNWRITTEN;
    int64_t begun;

    let_names_hang(1);
    client = client_from_environment();
    begun = now_ms();
    row("another client", bayar_client_warm_up(client, &error), BAYAR_OUTCOME_NOT_SENT, begun, &error);
    bayar_client_free(client);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    bayar_cancel *flag = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_NUMBER(threads(), 1);
    every_call_ends(client);
    a_hundred_calls_add_no_thread(client);
    CHECK_WORKS(bayar_cancel_new(&flag, &error), error);
    a_flag_ends_it(client, flag);
    cancelling_ends_it(flag);
    bayar_cancel_free(flag);
    names_are_found_again(client);
    bayar_client_free(client);
    leave_one_hanging();
    return check_result();
}
