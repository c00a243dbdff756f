/*
 * The library may be loaded and "unloaded" by a plugin's host as often as it likes, with threads alive that used it: no
 * crash, and no growth of memory or descriptors. The program is not linked with the library. Each round opens it, has a
 * thread that lives on and one that ends only after the dlclose() make a client and a failing payment, and closes it.
 * Is given the library's path and the rounds.
 */
#define _POSIX_C_SOURCE 200809L
#include "growth.h"

#include <bayar.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WARM_UP 100
#define LIVING 3

struct library {
    void *handle;
    int32_t (*config_new)(bayar_config **, bayar_error **);
    int32_t (*load_environment)(bayar_config *, bayar_error **);
    void (*config_free)(bayar_config *);
    int32_t (*client_new)(const bayar_config *, bayar_client **, bayar_error **);
    void (*client_free)(bayar_client *);
    int32_t (*request_new)(const char *, const char *, bayar_payment_request **, bayar_error **);
    void (*request_free)(bayar_payment_request *);
    int32_t (*pay)(const bayar_client *, const bayar_payment_request *, bayar_payment **, bayar_error **);
    int32_t (*outcome)(const bayar_error *);
    void (*error_free)(bayar_error *);
};

static struct library library;
static pthread_barrier_t opened, used, closed;
static int turn, rounds;

static void must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* ISO C knows no way from an object's address to a function's but its bytes. */
static void find(void *function, const char *name)
{
    void *found = dlsym(library.handle, name);

    must(found != NULL, name);
    memcpy(function, &found, sizeof found);
}

static void open_library(const char *path)
{
    library.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    must(library.handle != NULL, "the library cannot be opened");
    find(&library.config_new, "bayar_config_new");
    find(&library.load_environment, "bayar_config_load_environment");
    find(&library.config_free, "bayar_config_free");
    find(&library.client_new, "bayar_client_new");
    find(&library.client_free, "bayar_client_free");
    find(&library.request_new, "bayar_payment_request_new");
    find(&library.request_free, "bayar_payment_request_free");
    find(&library.pay, "bayar_client_pay");
    find(&library.outcome, "bayar_error_outcome");
    find(&library.error_free, "bayar_error_free");
}

static void close_library(void)
{
    must(dlclose(library.handle) == 0, "the library cannot be closed");
    memset(&library, 0, sizeof library);
}

static void fails_to_pay(void)
{
    bayar_config *config = NULL;
    bayar_client *client = NULL;
    bayar_payment_request *request = NULL;
    bayar_payment *payment = NULL;
    bayar_error *error = NULL;

    must(library.config_new(&config, NULL) == BAYAR_OK, "no config");
    must(library.load_environment(config, NULL) == BAYAR_OK, "the environment is wrong");
    must(library.client_new(config, &client, NULL) == BAYAR_OK, "no client");
    library.config_free(config);
    must(library.request_new("INV-1", "10000", &request, NULL) == BAYAR_OK, "no request");
    must(library.pay(client, request, &payment, &error) == BAYAR_ERROR_CONNECT, "a dead address was paid to");
    must(payment == NULL && library.outcome(error) == BAYAR_OUTCOME_NOT_SENT, "nothing was sent");
    library.error_free(error);
    library.request_free(request);
    library.client_free(client);
}

/* Lives through all rounds, and uses the library in its turn. */
static void *lives(void *argument)
{
    int round, own = *(int *)argument;

    for (round = 0; round < rounds; round++) {
        pthread_barrier_wait(&opened);
        if (turn == own)
            fails_to_pay();
        pthread_barrier_wait(&used);
        pthread_barrier_wait(&closed);
    }
    return NULL;
}

/* What the library left in this thread is cleared away after the library was closed. */
static void *outlives(void *argument)
{
    (void)argument;
    pthread_barrier_wait(&opened);
    fails_to_pay();
    pthread_barrier_wait(&used);
    pthread_barrier_wait(&closed);
    return NULL;
}

static void one_round(const char *path, int round)
{
    pthread_t late;

    must(pthread_create(&late, NULL, outlives, NULL) == 0, "no thread");
    turn = round % LIVING;
    open_library(path);
    pthread_barrier_wait(&opened);
    pthread_barrier_wait(&used);
    close_library();
    pthread_barrier_wait(&closed);
    must(pthread_join(late, NULL) == 0, "a thread did not end");
}

int main(int argc, char **argv)
{
    pthread_t living[LIVING];
    int numbers[LIVING], index, round;
    long memory = 0, descriptors = 0;

    alarm(600);
    if (argc != 3)
        return 2;
    rounds = atoi(argv[2]);
    must(rounds > WARM_UP, "too few rounds");
    must(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) == NULL, "the library was here before it was opened");
    pthread_barrier_init(&opened, NULL, LIVING + 2);
    pthread_barrier_init(&used, NULL, LIVING + 2);
    pthread_barrier_init(&closed, NULL, LIVING + 2);
    for (index = 0; index < LIVING; index++) {
        numbers[index] = index;
        must(pthread_create(&living[index], NULL, lives, &numbers[index]) == 0, "no thread");
    }
    for (round = 0; round < rounds; round++) {
        one_round(argv[1], round);
        if (round + 1 == WARM_UP) {
            memory = resident_kib();
            descriptors = open_descriptors();
        }
    }
    printf("rounds %d, resident KiB %ld then %ld, descriptors %ld then %ld\n", rounds, memory, resident_kib(),
           descriptors, open_descriptors());
    must(memory > 0 && resident_kib() - memory <= growth_allowed_kib(), "the memory grew");
    must(descriptors > 0 && open_descriptors() == descriptors, "the number of descriptors changed");
    for (index = 0; index < LIVING; index++)
        must(pthread_join(living[index], NULL) == 0, "a thread did not end");
    return 0;
}
