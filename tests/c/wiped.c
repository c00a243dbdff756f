/*
 * The life of a client whose secrets come in by a pipe and are wiped here after use. Wherever this program stands still
 * the test around it looks into its memory for what is left of them.
 *
 * Standard input: NAME NUL VALUE NUL for each value, an empty name at the end; after that one byte for each stop. The
 * argument says how the settings get to the library: set, file or environment.
 */
#include "check.h"
#include "shop.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

#define VALUES 24

static struct {
    char name[64];
    char value[8192];
} values[VALUES];
static int count;

/* By a volatile pointer, so that no compiler leaves it out. */
static void wipe(void *place, size_t length)
{
    volatile char *bytes = place;

    while (length-- > 0)
        *bytes++ = 0;
}

static void read_text(char *into, size_t size)
{
    size_t length = 0;

    for (; length < size; length++) {
        if (read(0, into + length, 1) != 1)
            exit(2);
        if (into[length] == '\0')
            return;
    }
    exit(2);
}

static void read_values(void)
{
    while (count < VALUES) {
        read_text(values[count].name, sizeof values[count].name);
        if (values[count].name[0] == '\0')
            return;
        read_text(values[count].value, sizeof values[count].value);
        count++;
    }
    exit(2);
}

static const char *value_of(const char *name)
{
    int i;

    for (i = 0; i < count; i++) {
        if (strcmp(values[i].name, name) == 0)
            return values[i].value;
    }
    return NULL;
}

/* Uses as little of the stack as can be, for what is on it is of interest. */
static void stop(const char *where)
{
    char byte;

    if (write(1, where, strlen(where)) < 0 || write(1, "\n", 1) != 1 || read(0, &byte, 1) != 1)
        exit(2);
}

/* What a careless program does, for the search must find it: one copy that stays and one that is freed as it is. */
static void leak_on_purpose(void)
{
    const char *kept = value_of("leak.kept"), *freed = value_of("leak.freed");
    char *copy = malloc(strlen(kept) + 1);
    /* Beyond what malloc keeps in a block for itself. */
    char *block = malloc(256);
    char *volatile *place = malloc(sizeof *place);

    *place = strcpy(copy, kept);
    memcpy((char *volatile)block + 128, freed, strlen(freed));
    __asm__ volatile("" : : "r"(block) : "memory");
    free(block);
}

static void wipe_environment(void)
{
    char **variable;

    for (variable = environ; *variable != NULL; variable++) {
        if (strncmp(*variable, "BAYAR_", 6) == 0)
            wipe(*variable, strlen(*variable));
    }
}

static bayar_config *configure(const char *how)
{
    bayar_config *config = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int i;

    CHECK_WORKS(bayar_config_new(&config, &error), error);
    if (strcmp(how, "environment") == 0)
        CHECK_WORKS(bayar_config_load_environment(config, &error), error);
    if (strcmp(how, "file") == 0)
        CHECK_WORKS(bayar_config_load_file(config, value_of("file"), &error), error);
    for (i = 0; i < count; i++) {
        if (strncmp(values[i].name, "set.", 4) == 0)
            CHECK_WORKS(bayar_config_set(config, values[i].name + 4, values[i].value, &error), error);
    }
    wipe_environment();
    return config;
}

static void pay_for(const bayar_client *client, const char *reference)
{
    bayar_payment *payment = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(pay(client, reference, "10000", &payment, &error), error);
    bayar_payment_free(payment);
}

static void *pay_in_a_thread(void *client)
{
    pay_for(client, "INV-2");
    return NULL;
}

/* A payment that DOKU refuses, and its error; a status; and the same payment again, which makes no request. */
static void use(const bayar_client *client)
{
    bayar_status *status = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    bayar_refund *made = UNWRITTEN;

    pay_for(client, "INV-1");
    stop("stop: a payment was made");
    CHECK_WORKS(bayar_client_status(client, "INV-1", &status, &error), error);
    bayar_status_free(status);
    CHECK(refund(client, "INV-1", "1000", "R-1", &made, &error) != BAYAR_OK);
    bayar_error_free(error);
    pay_for(client, "INV-1");
}

/* A passphrase that does not open the key, and a client that cannot be made. */
static void fail(const char *how)
{
    bayar_config *config = configure(how);
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_config_set(config, "private_key_passphrase", value_of("other passphrase"), &error), error);
    CHECK_WORKS(bayar_config_set(config, "base_url", "https://no.example/path", &error), error);
    CHECK(bayar_client_new(config, &client, &error) != BAYAR_OK);
    bayar_error_free(error);
    bayar_config_free(config);
}

static void sign(void)
{
    bayar_text *signature = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    CHECK_WORKS(bayar_request_sign(value_of("client_secret"), "POST", "/p", "t", NULL, 0, "2024-07-10T11:57:58+07:00",
                                   &signature, &error),
                error);
    bayar_text_free(signature);
    stop("stop: a request was signed");
    CHECK_WORKS(bayar_token_request_sign(value_of("private_key"), value_of("passphrase"), "BRN-1",
                                         "2024-07-10T11:57:58+07:00", &signature, &error),
                error);
    bayar_text_free(signature);
    stop("stop: a token request was signed");
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    bayar_config *config;
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    pthread_t thread;

    read_values();
    leak_on_purpose();
    if (strcmp(how, "set") == 0) {
        sign();
        fail(how);
    }
    config = configure(how);
    CHECK_WORKS(bayar_client_new(config, &client, &error), error);
    stop("stop: a client was made");
    bayar_config_free(config);
    wipe(values, sizeof values);

    use(client);
    stop("stop: in use");
    CHECK(pthread_create(&thread, NULL, pay_in_a_thread, client) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    bayar_client_free(client);
    stop("stop: freed");
    return check_result();
}
