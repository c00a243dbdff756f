/*
 * One payment through the C API, as a program makes it: a request with a new reference, the call, the link, and both freed.
 */
#include "sides.h"

#include <bayar.h>
#include <stdio.h>
#include <string.h>

static bayar_client *client;

static int failed(bayar_error *error)
{
    fprintf(stderr, "bayar: %s\n", bayar_error_message(error));
    bayar_error_free(error);
    return 1;
}

int bayar_side_open(const char *base_url, const char *ca_file, const char *key_file, const char *roots)
{
    const char *const settings[][2] = {
        {"environment", "sandbox"},
        {"client_id", "BRN-0211-1696919651918"},
        {"client_secret", "SK-bench0123456789abcdef"},
        {"private_key_file", key_file},
        {"base_url", base_url},
        {"ca_file", ca_file},
        {"tls_roots", roots},
    };
    bayar_config *config = NULL;
    bayar_error *error = NULL;
    int32_t code = bayar_config_new(&config, &error);
    size_t i;

    for (i = 0; code == BAYAR_OK && i < sizeof settings / sizeof settings[0]; i++)
        code = bayar_config_set(config, settings[i][0], settings[i][1], &error);
    if (code == BAYAR_OK)
        code = bayar_client_new(config, &client, &error);
    bayar_config_free(config);
    return code != BAYAR_OK ? failed(error) : bayar_side_pay(0);
}

int bayar_side_pay(unsigned long number)
{
    char reference[REFERENCE_LENGTH + 16];
    bayar_payment_request *request = NULL;
    bayar_payment *payment = NULL;
    bayar_error *error = NULL;
    int32_t code;
    int result = 0;

    snprintf(reference, sizeof reference, REFERENCE_FORMAT, number);
    code = bayar_payment_request_new(reference, "125000.00", &request, &error);
    if (code == BAYAR_OK)
        code = bayar_payment_request_set_return_url(request, "https://shop.example/thanks?order=42", &error);
    if (code == BAYAR_OK)
        code = bayar_payment_request_set_title(request, "Two coffees and a slice of cake, table 42", &error);
    if (code == BAYAR_OK)
        code = bayar_payment_request_set_ip_address(request, "8.8.8.8", &error);
    if (code == BAYAR_OK)
        code = bayar_client_pay(client, request, &payment, &error);
    if (code != BAYAR_OK)
        result = failed(error);
    else if (strncmp(bayar_payment_redirect_url(payment), "https://", 8) != 0)
        result = 1;
    bayar_payment_free(payment);
    bayar_payment_request_free(request);
    return result;
}

void bayar_side_close(void)
{
    bayar_client_free(client);
    client = NULL;
}
