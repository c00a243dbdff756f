/*
 * A payment from beginning to end: the token, the payment and its link, the customer pays, the status, a refund, and the
 * status that shows the refund.
 *
 *     pay REFERENCE AMOUNT [REFUND_NUMBER]        such as: pay INV-0001 10000.00 INV-0001-R1
 *
 * Without a refund number it ends when the customer has paid.
 *
 * The settings come from the environment (BAYAR_ENVIRONMENT, BAYAR_CLIENT_ID, ...; see docs/settings.md) and, if
 * BAYAR_CONFIG names one, from a file. Run it again with the same reference: nothing is paid or refunded twice. Set
 * BAYAR_JOURNAL=bayar.db as well, and every run has the same link and the same refund to show, also after a power cut.
 */
#include <bayar.h>
#include <stdio.h>
#include <stdlib.h>

#define WAIT_LIMIT_S 300
#define WAIT_SLICE_S 15

/* Prints why a call failed, what that means for the money, and what to do; returns 1 for main(). */
static int failed(const char *what, bayar_error *error)
{
    const char *external_id = bayar_error_external_id(error);

    fprintf(stderr, "%s failed: %s\n", what, bayar_error_message(error));
    if (bayar_error_outcome(error) == BAYAR_OUTCOME_NOT_SENT)
        fprintf(stderr, "  Nothing was sent.\n");
    else if (bayar_error_outcome(error) == BAYAR_OUTCOME_REFUSED)
        fprintf(stderr, "  DOKU refused; nothing happened.\n");
    else if (bayar_error_retry(error) == BAYAR_RETRY_NO)
        fprintf(stderr, "  It may have happened, and a person has to look.\n");
    else
        fprintf(stderr, "  It may have happened: run this again with the same reference.\n");
    if (external_id != NULL)
        fprintf(stderr, "  X-EXTERNAL-ID for DOKU's support: %s\n", external_id);
    bayar_error_free(error);
    return 1;
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static int make_client(bayar_client **client)
{
    const char *file = getenv("BAYAR_CONFIG");
    bayar_config *config = NULL;
    bayar_error *error = NULL;
    int result = 0;

    if (bayar_config_new(&config, &error) != BAYAR_OK)
        return failed("Making the settings", error);
    if (file != NULL && bayar_config_load_file(config, file, &error) != BAYAR_OK)
        result = failed("Reading the config file", error);
    else if (bayar_config_load_environment(config, &error) != BAYAR_OK)
        result = failed("Reading the environment", error);
    else if (bayar_client_new(config, client, &error) != BAYAR_OK)
        result = failed("Making the client", error);
    bayar_config_free(config);
    return result;
}

static int pay(const bayar_client *client, const char *reference, const char *amount)
{
    bayar_payment_request *request = NULL;
    bayar_payment *payment = NULL;
    bayar_error *error = NULL;
    int result = 0;

    if (bayar_payment_request_new(reference, amount, &request, &error) != BAYAR_OK)
        return failed("The payment", error);
    if (bayar_payment_request_set_title(request, "Kopi susu \xE2\x98\x95", &error) != BAYAR_OK
        || bayar_payment_request_set_return_url(request, "https://shop.example/thanks", &error) != BAYAR_OK
        || bayar_client_pay(client, request, &payment, &error) != BAYAR_OK) {
        /* DOKU has it already, from a run without a journal that was broken off: whether it is paid, waiting tells. */
        result = bayar_error_code(error) == BAYAR_ERROR_CONFLICT ? 0 : 1;
        failed("The payment", error);
    } else if (bayar_payment_redirect_url(payment) == NULL) {
        printf("2. payment    %s is known to DOKU already, without a link\n", bayar_payment_partner_reference_no(payment));
    } else {
        printf("2. payment    %s over %s IDR, DOKU's reference %s, X-EXTERNAL-ID %s\n",
               bayar_payment_partner_reference_no(payment), bayar_payment_amount(payment),
               or_dash(bayar_payment_reference_no(payment)), bayar_payment_external_id(payment));
        printf("   send the customer to %s (valid until %s)\n", bayar_payment_redirect_url(payment),
               bayar_payment_valid_up_to(payment));
    }
    if (payment != NULL && !bayar_payment_is_recorded(payment))
        printf("   the journal could not be written: is the disk full? (The payment is true all the same.)\n");
    bayar_payment_free(payment);
    bayar_payment_request_free(request);
    return result;
}

/* Waits until the customer has paid; without a notification this is how a till learns of it. */
static int wait_for_the_customer(const bayar_client *client, const char *reference)
{
    bayar_status *status = NULL;
    bayar_error *error = NULL;
    int waited, result = 0;

    for (waited = 0; waited < WAIT_LIMIT_S && !bayar_status_is_final(status); waited += WAIT_SLICE_S) {
        printf("3. waiting    for the customer, %d s at the most\n", WAIT_LIMIT_S - waited);
        bayar_status_free(status);
        if (bayar_client_wait(client, reference, WAIT_SLICE_S * 1000, &status, &error) != BAYAR_OK) {
            if (bayar_error_retry(error) == BAYAR_RETRY_NO)
                return failed("Waiting", error);
            printf("   %s\n", bayar_error_message(error));
            bayar_error_free(error);
        }
    }
    if (bayar_status_is_paid(status)) {
        printf("4. paid       %s IDR at %s, DOKU's reference %s\n", or_dash(bayar_status_amount(status)),
               or_dash(bayar_status_paid_time(status)), or_dash(bayar_status_original_reference_no(status)));
    } else if (bayar_status_transaction_status(status) == BAYAR_TRANSACTION_REFUNDED) {
        printf("4. refunded   already: it was paid, and the money went back\n");
    } else {
        printf("4. not paid   DOKU says: %s\n", or_dash(bayar_status_transaction_status_desc(status)));
        result = 1;
    }
    bayar_status_free(status);
    return result;
}

static int refund(const bayar_client *client, const char *reference, const char *amount, const char *refund_no)
{
    bayar_refund_request *request = NULL;
    bayar_refund *made = NULL;
    bayar_error *error = NULL;
    int result = 0;

    if (bayar_refund_request_new(reference, amount, refund_no, &request, &error) != BAYAR_OK)
        return failed("The refund", error);
    if (bayar_refund_request_set_reason(request, "Request by customer", &error) != BAYAR_OK
        || bayar_client_refund(client, request, &made, &error) != BAYAR_OK) {
        result = failed("The refund", error);
    } else {
        printf("5. refund     %s over %s IDR, DOKU's number %s, X-EXTERNAL-ID %s\n", bayar_refund_partner_refund_no(made),
               bayar_refund_amount(made), or_dash(bayar_refund_refund_no(made)), bayar_refund_external_id(made));
    }
    if (made != NULL && !bayar_refund_is_recorded(made))
        printf("   the journal could not be written: is the disk full? (The refund is made all the same.)\n");
    bayar_refund_free(made);
    bayar_refund_request_free(request);
    return result;
}

static int show_refunds(const bayar_client *client, const char *reference)
{
    bayar_status *status = NULL;
    bayar_error *error = NULL;
    size_t index;

    if (bayar_client_status(client, reference, &status, &error) != BAYAR_OK)
        return failed("The status", error);
    printf("6. status     %s: %s, %lu refund(s)\n", bayar_status_original_partner_reference_no(status),
           bayar_status_transaction_status(status) == BAYAR_TRANSACTION_REFUNDED ? "refunded" : "not wholly refunded",
           (unsigned long)bayar_status_refund_count(status));
    for (index = 0; index < bayar_status_refund_count(status); index++) {
        printf("   %s over %s IDR %s\n", or_dash(bayar_status_refund_partner_refund_no(status, index)),
               or_dash(bayar_status_refund_amount(status, index)),
               bayar_status_refund_status(status, index) == BAYAR_REFUND_DONE ? "done" : "not done");
    }
    bayar_status_free(status);
    return 0;
}

int main(int argc, char **argv)
{
    bayar_client *client = NULL;
    bayar_error *error = NULL;
    int result;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: pay REFERENCE AMOUNT [REFUND_NUMBER], such as: pay INV-0001 10000.00 INV-0001-R1\n");
        return 2;
    }
    if (bayar_abi_version() != BAYAR_ABI_VERSION) {
        fprintf(stderr, "libbayar %s is not the one that this program was compiled for.\n", bayar_version());
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* so that the link is seen at once also in a log */
    result = make_client(&client);
    if (result == 0 && bayar_client_warm_up(client, &error) != BAYAR_OK)
        result = failed("The access token", error);
    if (result == 0) {
        printf("1. token      DOKU knows this client id and key\n");
        result = pay(client, argv[1], argv[2]);
    }
    if (result == 0)
        result = wait_for_the_customer(client, argv[1]);
    if (result == 0 && argc == 4)
        result = refund(client, argv[1], argv[2], argv[3]);
    if (result == 0 && argc == 4)
        result = show_refunds(client, argv[1]);
    bayar_client_free(client);
    return result;
}
