/*
 * The journal: what a till does with it at start-up, and what a back office does with it.
 *
 *     journal                                     asks DOKU about what is open, then lists what still is
 *     journal list REFERENCE                      a payment and its refunds, or a refund
 *     journal export                              all records, one JSON object a line
 *     journal reconcile DAY                       a day of Jakarta against DOKU, such as 2026-11-22
 *     journal resolve KIND REFERENCE HOW REASON   closes a record by hand, after a look into DOKU's dashboard
 *                                                 KIND: payment, refund; HOW: done, refused, abandoned
 *
 * The settings come from the environment (see pay.c), BAYAR_JOURNAL=bayar.db among them. None of this sends a payment or a
 * refund: it only asks. The exit status is 0, 1 after an error, or 3 when a person has to look at something.
 */
#include <bayar.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_LIMIT_MS 30000
#define RECONCILE_LIMIT_MS 600000
#define LOOK 3

/* Prints why a call failed; returns 1 for main(). */
static int failed(const char *what, bayar_error *error)
{
    fprintf(stderr, "%s failed: %s\n", what, bayar_error_message(error));
    bayar_error_free(error);
    return 1;
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static int make_client(bayar_client **client)
{
    bayar_config *config = NULL;
    bayar_error *error = NULL;
    int result = 0;

    if (bayar_config_new(&config, &error) != BAYAR_OK)
        return failed("Making the settings", error);
    if (bayar_config_load_environment(config, &error) != BAYAR_OK)
        result = failed("Reading the environment", error);
    else if (bayar_client_new(config, client, &error) != BAYAR_OK)
        result = failed("Making the client", error);
    bayar_config_free(config);
    return result;
}

static const char *state_of(const bayar_record *record)
{
    switch (bayar_record_state(record)) {
    case BAYAR_RECORD_SENDING: return "being sent";
    case BAYAR_RECORD_NOT_SENT: return "not sent";
    case BAYAR_RECORD_NOT_TAKEN: return "not taken";
    case BAYAR_RECORD_DONE: return "done";
    case BAYAR_RECORD_REFUSED: return "refused";
    case BAYAR_RECORD_REFUSED_FOR_NOW: return "refused for now";
    case BAYAR_RECORD_UNKNOWN: return "unknown";
    case BAYAR_RECORD_CONFLICT: return "in conflict";
    case BAYAR_RECORD_EXPIRED: return "expired";
    case BAYAR_RECORD_ABANDONED: return "abandoned";
    default: return "in a state of a newer version";
    }
}

/* What, since when, what is known, and when it will be asked about; returns LOOK when a person has to look. */
static int show(const bayar_record *record)
{
    int result = 0;

    printf("%-7s %s over %s IDR, since %s: %s", bayar_record_operation(record) == BAYAR_OPERATION_REFUND ? "refund" : "payment",
           bayar_record_reference(record), bayar_record_amount(record), bayar_record_created(record), state_of(record));
    if (bayar_record_next_inquiry(record) != NULL)
        printf(", asked %ld times, next from %s", (long)bayar_record_inquiries(record), bayar_record_next_inquiry(record));
    printf("\n");
    if (bayar_record_note(record) != NULL)
        printf("        %s\n", bayar_record_note(record));
    if (bayar_record_state(record) == BAYAR_RECORD_CONFLICT) {
        printf("        LOOK: DOKU has something else under this reference; then use `journal resolve`.\n");
        result = LOOK;
    }
    if (bayar_record_is_paid_after_cancel(record)) {
        printf("        LOOK: it was paid after it had been given up. Give the money back.\n");
        result = LOOK;
    }
    if (bayar_record_comparison(record) == BAYAR_COMPARISON_DIFFERS) {
        printf("        LOOK: %s\n", or_dash(bayar_record_finding(record)));
        result = LOOK;
    }
    return result;
}

static int show_json(const bayar_record *record)
{
    printf("%s\n", bayar_record_json(record));
    return 0;
}

/* Shows a whole list and frees it; `shown` counts. A list that breaks off is not a list that ends. */
static int show_all(bayar_records *records, int (*show_one)(const bayar_record *), long *shown)
{
    bayar_record *record = NULL;
    bayar_error *error = NULL;
    int one, result = 0;

    *shown = 0;
    for (;;) {
        if (bayar_records_next(records, &record, &error) != BAYAR_OK) {
            result = failed("Reading the journal", error);
            break;
        }
        if (record == NULL)
            break;
        ++*shown;
        one = show_one(record);
        result = one > result ? one : result;
        bayar_record_free(record);
    }
    bayar_records_free(records);
    return result;
}

static int list(const bayar_client *client, int32_t which, const char *value, int (*show_one)(const bayar_record *),
                long *shown)
{
    bayar_records *records = NULL;
    bayar_error *error = NULL;

    if (bayar_client_records(client, which, value, &records, &error) != BAYAR_OK)
        return failed("Listing", error);
    return show_all(records, show_one, shown);
}

static int start_up(const bayar_client *client)
{
    bayar_records *records = NULL;
    bayar_error *error = NULL;
    long asked, open;
    int settled, result;

    if (bayar_client_settle(client, SETTLE_LIMIT_MS, &records, &error) != BAYAR_OK)
        return failed("Settling", error);
    settled = show_all(records, show, &asked);
    printf("%ld asked about\n", asked);
    result = settled == 1 ? 1 : list(client, BAYAR_RECORDS_OPEN, NULL, show, &open);
    if (settled != 1 && result != 1)
        printf("%ld open\n", open);
    return result > settled ? result : settled;
}

static int reconcile(const bayar_client *client, const char *day)
{
    bayar_records *records = NULL;
    bayar_error *error = NULL;
    long compared;
    int complete, result;

    if (bayar_client_reconcile(client, day, RECONCILE_LIMIT_MS, &records, &error) != BAYAR_OK)
        return failed("Comparing", error);
    complete = bayar_records_is_complete(records);
    result = show_all(records, show, &compared);
    printf("%ld compared%s\n", compared, complete ? "" : ", and the time was over before all were");
    return complete ? result : 1;
}

static int resolve(const bayar_client *client, char **argv)
{
    int32_t operation = strcmp(argv[0], "refund") == 0 ? BAYAR_OPERATION_REFUND : BAYAR_OPERATION_PAYMENT;
    int32_t resolution = strcmp(argv[2], "done") == 0      ? BAYAR_RESOLUTION_DONE
                         : strcmp(argv[2], "refused") == 0 ? BAYAR_RESOLUTION_REFUSED
                                                           : BAYAR_RESOLUTION_ABANDONED;
    bayar_record *record = NULL;
    bayar_error *error = NULL;
    int result;

    if (bayar_client_resolve(client, operation, argv[1], resolution, argv[3], &record, &error) != BAYAR_OK)
        return failed("Closing the record", error);
    result = show(record);
    bayar_record_free(record);
    return result;
}

static int is_one_of(const char *word, const char *first, const char *second, const char *third)
{
    return strcmp(word, first) == 0 || strcmp(word, second) == 0 || strcmp(word, third) == 0;
}

static int run(const bayar_client *client, int argc, char **argv)
{
    long shown;

    if (argc == 1)
        return start_up(client);
    if (argc == 3 && strcmp(argv[1], "list") == 0)
        return list(client, BAYAR_RECORDS_REFERENCE, argv[2], show, &shown);
    if (argc == 2 && strcmp(argv[1], "export") == 0)
        return list(client, BAYAR_RECORDS_ALL, NULL, show_json, &shown);
    if (argc == 3 && strcmp(argv[1], "reconcile") == 0)
        return reconcile(client, argv[2]);
    if (argc == 6 && strcmp(argv[1], "resolve") == 0 && is_one_of(argv[2], "payment", "refund", "refund")
        && is_one_of(argv[4], "done", "refused", "abandoned"))
        return resolve(client, argv + 2);
    fprintf(stderr, "usage: journal [list REFERENCE | export | reconcile DAY\n"
                    "               | resolve payment|refund REFERENCE done|refused|abandoned REASON]\n");
    return 2;
}

int main(int argc, char **argv)
{
    bayar_client *client = NULL;
    int result;

    if (bayar_abi_version() != BAYAR_ABI_VERSION) {
        fprintf(stderr, "libbayar %s is not the one that this program was compiled for.\n", bayar_version());
        return 1;
    }
    result = make_client(&client);
    if (result == 0)
        result = run(client, argc, argv);
    bayar_client_free(client);
    return result;
}
