/* Sending with libcurl what bayar sent: a recorded request taken apart, and a handle that has bayar's limits. All that return
 * an int return 0 for success and have then said why not. */
#ifndef REQUEST_H
#define REQUEST_H

#include <curl/curl.h>

#define MOST 8192

/* Bytes with their length, and always a NUL behind them. */
struct text {
    char bytes[MOST + 1];
    size_t length;
};

/* A request as it came over the wire, and its parts. */
struct request {
    struct text recorded;
    char path[256];
    struct curl_slist *headers;
    char *body;
};

/* Finds the parts of what is recorded. */
int request_take_apart(struct request *request);

/* Makes the handle send it. */
int request_prepare(const struct request *request, CURL *curl, const char *base_url);

void request_free(struct request *request);

/* A handle for one server, which trusts one file of authorities. */
CURL *libcurl_handle(const char *ca_file);

/* Sends what the handle is prepared for; the answer must be a 200. */
int libcurl_perform(CURL *curl, struct text *answer);

#endif
