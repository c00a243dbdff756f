/* See shop.h. */
#include "shop.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For what is not the subject of a test but its beginning. No check, which is for the main thread alone. */
static void must(int32_t result, bayar_error **error)
{
    const bayar_error *written = error != NULL ? *error : NULL;
    const char *message = bayar_error_message(written);

    if (result != BAYAR_OK || written != NULL) {
        fprintf(stderr, "the program cannot begin: %d %s\n", (int)result, message != NULL ? message : "");
        exit(2);
    }
}

bayar_config *config_from_environment(void)
{
    bayar_config *config = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    must(bayar_config_new(&config, &error), &error);
    must(bayar_config_load_environment(config, &error), &error);
    return config;
}

bayar_client *client_from_environment(void)
{
    return client_with("environment", "sandbox");
}

bayar_client *client_with(const char *name, const char *value)
{
    bayar_config *config = config_from_environment();
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    must(bayar_config_set(config, name, value, &error), &error);
    must(bayar_client_new(config, &client, &error), &error);
    bayar_config_free(config);
    return client;
}

int32_t pay(const bayar_client *client, const char *reference, const char *amount, bayar_payment **payment,
            bayar_error **error)
{
    bayar_payment_request *request = NULL;
    int32_t result = bayar_payment_request_new(reference, amount, &request, error);

    if (result == BAYAR_OK) {
        must(bayar_payment_request_set_return_url(request, "https://toko.example/kembali", error), error);
        /* Not counted from now, so that whoever pays again sends the same bytes. */
        must(bayar_payment_request_set_valid_up_to(request, "2098-07-10T11:57:58+07:00", error), error);
        result = bayar_client_pay(client, request, payment, error);
    }
    bayar_payment_request_free(request);
    return result;
}

int32_t refund(const bayar_client *client, const char *reference, const char *amount, const char *refund_no,
               bayar_refund **refund, bayar_error **error)
{
    bayar_refund_request *request = NULL;
    int32_t result = bayar_refund_request_new(reference, amount, refund_no, &request, error);

    if (result == BAYAR_OK)
        result = bayar_client_refund(client, request, refund, error);
    bayar_refund_request_free(request);
    return result;
}

void customer(const char *does, const char *reference)
{
    char answer[16];

    printf("customer %s %s\n", does, reference);
    fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) == NULL || strcmp(answer, "done\n") != 0) {
        fprintf(stderr, "the customer did not answer\n");
        exit(2);
    }
}
