/*
 * Eight threads share one client and pay at once: each its own payments, and all of them one and the same. Results and
 * errors are read and freed by another thread than that which got them.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "shop.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define THREADS 8
#define EACH 4

struct worker {
    pthread_t thread;
    const bayar_client *client;
    int number;
    bayar_payment *own[EACH];
    bayar_payment *shared;
    bayar_error *errors[EACH + 1];
    bayar_error *refused;
};

static pthread_barrier_t start;

/* Checks belong to the main thread: this one only calls. */
static void *work(void *argument)
{
    struct worker *worker = argument;
    char reference[32];
    int index;

    pthread_barrier_wait(&start);
    pay(worker->client, "SHARED", "7000", &worker->shared, &worker->errors[EACH]);
    for (index = 0; index < EACH; index++) {
        snprintf(reference, sizeof reference, "T%d-%d", worker->number, index);
        pay(worker->client, reference, "1000", &worker->own[index], &worker->errors[index]);
    }
    pay(worker->client, "not a reference", "1000", &worker->shared, &worker->refused);
    return NULL;
}

static void look_at(struct worker *worker, const char *shared_url)
{
    char reference[32];
    int index;

    CHECK_WORKS(BAYAR_OK, worker->errors[EACH]);
    CHECK_TEXT(bayar_payment_redirect_url(worker->shared), shared_url);
    bayar_payment_free(worker->shared);
    for (index = 0; index < EACH; index++) {
        snprintf(reference, sizeof reference, "T%d-%d", worker->number, index);
        check_about(reference);
        CHECK_WORKS(BAYAR_OK, worker->errors[index]);
        CHECK_TEXT(bayar_payment_partner_reference_no(worker->own[index]), reference);
        fact("url", bayar_payment_redirect_url(worker->own[index]));
        fact("external_id", bayar_payment_external_id(worker->own[index]));
        bayar_payment_free(worker->own[index]);
    }
    CHECK_FAILS(bayar_error_code(worker->refused), BAYAR_ERROR_INVALID_ARGUMENT, "partner_reference_no",
                &worker->refused);
}

int main(void)
{
    bayar_client *client = client_from_environment();
    static struct worker workers[THREADS];
    const char *shared_url;
    char url[256] = "";
    int index;

    CHECK_NUMBER(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (index = 0; index < THREADS; index++) {
        workers[index].client = client;
        workers[index].number = index;
        CHECK_NUMBER(pthread_create(&workers[index].thread, NULL, work, &workers[index]), 0);
    }
    for (index = 0; index < THREADS; index++)
        CHECK_NUMBER(pthread_join(workers[index].thread, NULL), 0);
    shared_url = bayar_payment_redirect_url(workers[0].shared);
    CHECK(shared_url != NULL && strlen(shared_url) < sizeof url);
    if (shared_url != NULL)
        strncpy(url, shared_url, sizeof url - 1);
    for (index = 0; index < THREADS; index++)
        look_at(&workers[index], url);
    pthread_barrier_destroy(&start);
    bayar_client_free(client);
    return check_result();
}
