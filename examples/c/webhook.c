/*
 * A shop's web server, on libmicrohttpd: the two routes at which DOKU tells it that a customer has paid.
 *
 *     webhook PORT FILE
 *
 * POST /token    DOKU asks for a token                    -> give_token()
 * POST /notify   DOKU says what became of a payment       -> take_notification()
 *
 * Each event is appended to FILE, and is on the disk before DOKU is told that the shop has it:
 * KEY, REFERENCE, STATUS, AMOUNT and PAID or LOOK, with tabs between. A shop with a database stores KEY as a unique
 * key in the transaction in which it acts, and so acts once, however often DOKU sends the same; here, whoever reads
 * FILE takes each KEY once, and skips a line that is not whole: the power may have gone while it was written.
 *
 * What DOKU tells is also printed, in plain words.
 *
 * The settings come from the environment (see pay.c), BAYAR_DOKU_PUBLIC_KEY_FILE and BAYAR_JOURNAL among them. Port 0 is
 * any free one; which, is printed. DOKU speaks HTTPS: a proxy such as nginx stands in front. Ends at SIGTERM or SIGINT.
 *
 *     cc -std=c99 -pthread -Iinclude examples/c/webhook.c -Ltarget/release -lbayar -lmicrohttpd -o webhook
 */
#define _POSIX_C_SOURCE 200809L
#include <bayar.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN_PATH "/token"
#define NOTIFICATION_PATH "/notify"
/* The library refuses a longer body, so the rest of it need not be kept. */
#define MOST_KEPT 65537
#define THREADS 4
#define CONNECTION_TIMEOUT_S 30

struct shop {
    bayar_client *client;
    int file; /* Opened for appending. */
    pthread_mutex_t writing;
};

/* What became of a payment, as DOKU says it. */
struct event {
    const char *key, *reference, *amount, *what;
    int status;
};

/* A request while its body comes in. */
struct request {
    unsigned char *body;
    size_t length;
};

/* Prints why a call failed, for the shop's own log. */
static void failed(const char *what, bayar_error *error)
{
    fprintf(stderr, "%s failed: %s\n", what, bayar_error_message(error));
    bayar_error_free(error);
}

/* Whether FILE ends in the middle of a line: then the disk was full, or the power went, while it was written. */
static int is_broken_off(int file)
{
    struct stat known;
    char last = '\n';

    return fstat(file, &known) == 0 && known.st_size > 0 && pread(file, &last, 1, known.st_size - 1) == 1 && last != '\n';
}

/* The shop's own work: true once the event is on the disk. */
static int store(struct shop *shop, const struct event *event)
{
    char line[1024];
    int length, stored = 0;

    pthread_mutex_lock(&shop->writing);
    length = snprintf(line, sizeof line, "%s%s\t%s\t%d\t%s\t%s\n", is_broken_off(shop->file) ? "\n" : "", event->key,
                      event->reference, event->status, event->amount != NULL ? event->amount : "-", event->what);
    if (length > 0 && (size_t)length < sizeof line)
        stored = write(shop->file, line, (size_t)length) == length && fsync(shop->file) == 0;
    pthread_mutex_unlock(&shop->writing);
    return stored;
}

/* "10000.00" as "10,000.00". */
static void with_commas(const char *amount, char *text, size_t size)
{
    size_t whole = strcspn(amount, "."), used = 0, index;

    for (index = 0; amount[index] != '\0' && used + 2 < size; index++) {
        if (index > 0 && index < whole && (whole - index) % 3 == 0)
            text[used++] = ',';
        text[used++] = amount[index];
    }
    text[used] = '\0';
}

/* Says what DOKU told, in plain words. */
static void say(const struct event *event, const char *mismatch)
{
    char amount[64] = "";

    if (event->amount != NULL)
        with_commas(event->amount, amount, sizeof amount);
    printf("DOKU says: the payment %s%s%s %s.\n", event->reference, event->amount != NULL ? " of Rp " : "", amount,
           event->status == BAYAR_TRANSACTION_PAID       ? "is paid"
           : event->status == BAYAR_TRANSACTION_REFUNDED ? "is refunded"
                                                         : "is not paid");
    if (mismatch != NULL)
        printf("  But %s\n", mismatch);
    fflush(stdout);
}

/* The first route. NULL after a failure of our own: HTTP 500. */
static bayar_answer *give_token(struct shop *shop, const bayar_incoming *incoming)
{
    bayar_answer *answer = NULL;
    bayar_error *error = NULL;

    if (bayar_client_webhook_token(shop->client, incoming, &answer, &error) != BAYAR_OK)
        failed("Making a token", error);
    if (bayar_answer_is_accepted(answer)) {
        printf("DOKU asked for a token, and has one for 15 minutes.\n");
        fflush(stdout);
    }
    return answer;
}

/* Stores what a genuine notification says, unless it is stored already; a late one says less than what the shop knows. */
static int take(struct shop *shop, const bayar_delivery *delivery)
{
    const char *mismatch = bayar_delivery_mismatch(delivery);
    struct event event;

    event.key = bayar_delivery_key(delivery);
    event.reference = bayar_delivery_original_partner_reference_no(delivery);
    event.amount = bayar_delivery_amount(delivery);
    event.status = bayar_delivery_transaction_status(delivery);
    event.what = mismatch != NULL ? "LOOK" : bayar_delivery_is_paid(delivery) ? "PAID" : "-";
    if (bayar_delivery_order(delivery) != BAYAR_DELIVERY_NEW)
        return 1;
    if (!store(shop, &event))
        return 0;
    say(&event, mismatch);
    return 1;
}

/* One that is DOKU's own but hours old is refused, and DOKU was asked instead: that the customer has paid is not lost. */
static void take_instead(struct shop *shop, const bayar_delivery *delivery)
{
    const char *mismatch = bayar_delivery_mismatch(delivery);
    bayar_status *status = NULL;
    bayar_error *error = NULL;
    struct event event;

    if (bayar_delivery_status_instead(delivery, &status, &error) != BAYAR_OK)
        failed("Reading the status", error);
    if (bayar_status_is_paid(status)) {
        event.key = bayar_delivery_key(delivery); /* as of the notification of it, so that it counts once if that comes too */
        event.reference = bayar_status_original_partner_reference_no(status);
        event.amount = bayar_status_amount(status);
        event.status = bayar_status_transaction_status(status);
        event.what = mismatch != NULL ? "LOOK" : "PAID";
        if (store(shop, &event))
            say(&event, mismatch);
    }
    bayar_status_free(status);
}

/* The second route: check, store, acknowledge, answer. What is not acknowledged DOKU sends again. */
static bayar_answer *take_notification(struct shop *shop, const bayar_incoming *incoming)
{
    bayar_delivery *delivery = NULL;
    bayar_answer *answer = NULL;
    bayar_error *error = NULL;

    if (bayar_client_notification(shop->client, incoming, &delivery, &error) != BAYAR_OK) {
        failed("Checking a notification", error);
        return NULL;
    }
    if (!bayar_delivery_is_genuine(delivery))
        take_instead(shop, delivery);
    else if (take(shop, delivery) && bayar_client_acknowledge(shop->client, delivery, &error) != BAYAR_OK)
        failed("Acknowledging a notification", error);
    if (bayar_delivery_answer(delivery, &answer, &error) != BAYAR_OK)
        failed("Answering a notification", error);
    bayar_delivery_free(delivery);
    return answer;
}

/* The rest is libmicrohttpd's. */

static enum MHD_Result send_back(struct MHD_Connection *connection, unsigned int status, const bayar_answer *answer)
{
    const char *body = answer != NULL ? bayar_answer_body(answer) : "";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(body), (void *)body, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;
    size_t index;

    if (response == NULL)
        return MHD_NO;
    for (index = 0; index < bayar_answer_header_count(answer); index++)
        MHD_add_response_header(response, bayar_answer_header_name(answer, index), bayar_answer_header_value(answer, index));
    result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

struct headers {
    bayar_incoming *incoming;
    int are_sound;
};

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct headers *headers = context;

    (void)kind;
    headers->are_sound &= bayar_incoming_add_header(headers->incoming, name, value != NULL ? value : "", NULL) == BAYAR_OK;
    return headers->are_sound ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer_whole(struct shop *shop, struct MHD_Connection *connection, const char *method,
                                    const char *path, const struct request *request)
{
    bayar_answer *(*route)(struct shop *, const bayar_incoming *) =
        strcmp(path, TOKEN_PATH) == 0 ? give_token : strcmp(path, NOTIFICATION_PATH) == 0 ? take_notification : NULL;
    struct headers headers = {NULL, 1};
    bayar_answer *answer = NULL;
    unsigned int status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    enum MHD_Result result;

    if (route == NULL)
        return send_back(connection, MHD_HTTP_NOT_FOUND, NULL);
    if (bayar_incoming_new(method, path, request->body, request->length, &headers.incoming, NULL) != BAYAR_OK)
        return send_back(connection, MHD_HTTP_BAD_REQUEST, NULL);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
    if (headers.are_sound)
        answer = route(shop, headers.incoming);
    else
        status = MHD_HTTP_BAD_REQUEST;
    if (answer != NULL) {
        status = (unsigned int)bayar_answer_status(answer);
        if (bayar_answer_reason(answer) != NULL)
            fprintf(stderr, "%s: HTTP %u. %s\n", path, status, bayar_answer_reason(answer));
    }
    result = send_back(connection, status, answer);
    bayar_answer_free(answer);
    bayar_incoming_free(headers.incoming);
    return result;
}

static void keep(struct request *request, const char *bytes, size_t length)
{
    size_t room = MOST_KEPT - request->length;

    length = length < room ? length : room;
    memcpy(request->body + request->length, bytes, length);
    request->length += length;
}

/* Called once when the headers are there, then for each piece of the body, then at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *piece, size_t *length, void **state)
{
    struct request *request = *state;

    (void)version;
    if (request == NULL) {
        request = calloc(1, sizeof *request);
        *state = request;
        if (request != NULL)
            request->body = malloc(MOST_KEPT);
        return request != NULL && request->body != NULL ? MHD_YES : MHD_NO;
    }
    if (*length > 0) {
        keep(request, piece, *length);
        *length = 0;
        return MHD_YES;
    }
    return answer_whole(context, connection, method, path, request);
}

static void on_end(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    struct request *request = *state;

    (void)context;
    (void)connection;
    (void)how;
    if (request != NULL)
        free(request->body);
    free(request);
    *state = NULL;
}

/* Listens until a signal says that it is enough. */
static int serve(struct shop *shop, unsigned short port)
{
    struct MHD_Daemon *daemon;
    sigset_t signals;
    int number;

    signal(SIGPIPE, SIG_IGN); /* Whoever leaves before the answer, or stops reading what is printed, ends nothing. */
    /* Before the threads are made, so that none of them is disturbed. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, on_request, shop,
                              MHD_OPTION_THREAD_POOL_SIZE, (unsigned int)THREADS,
                              MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)CONNECTION_TIMEOUT_S,
                              MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf(stderr, "Port %u cannot be listened on.\n", (unsigned)port);
        return 1;
    }
    printf("listening on port %u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&signals, &number);
    MHD_stop_daemon(daemon);
    return 0;
}

static int make_client(bayar_client **client)
{
    bayar_config *config = NULL;
    bayar_error *error = NULL;

    if (bayar_config_new(&config, &error) != BAYAR_OK || bayar_config_load_environment(config, &error) != BAYAR_OK
        || bayar_client_new(config, client, &error) != BAYAR_OK)
        failed("Making the client", error);
    bayar_config_free(config);
    return *client != NULL;
}

int main(int argc, char **argv)
{
    struct shop shop = {NULL, -1, PTHREAD_MUTEX_INITIALIZER};
    long port = argc == 3 ? strtol(argv[1], NULL, 10) : -1;
    int result = 1;

    if (port < 0 || port > 65535) {
        fprintf(stderr, "usage: webhook PORT FILE\n");
        return 2;
    }
    shop.file = open(argv[2], O_RDWR | O_APPEND | O_CREAT, 0600);
    if (shop.file < 0)
        perror(argv[2]);
    else if (make_client(&shop.client))
        result = serve(&shop, (unsigned short)port);
    bayar_client_free(shop.client);
    if (shop.file >= 0)
        close(shop.file);
    return result;
}
