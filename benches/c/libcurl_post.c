/*
 * The same POST through libcurl: one easy handle, its connection kept, the same path, headers and body as bayar sent, only the
 * reference in the body is new each time. Nothing is built, signed, read or remembered here: it is what sending alone costs.
 */
#include "sides.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MOST 8192

/* Bytes with their length, and always a NUL behind them. */
struct text {
    char bytes[MOST + 1];
    size_t length;
};

static CURL *curl;
static struct curl_slist *headers;
static struct text recorded;
static struct text answer;
static char *body;
static char *reference;

static size_t keep(char *data, size_t size, size_t count, void *place)
{
    struct text *text = place;
    size_t length = size * count;

    if (length > MOST - text->length)
        return 0;
    memcpy(text->bytes + text->length, data, length);
    text->length += length;
    text->bytes[text->length] = '\0';
    return length;
}

static int perform(struct text *into)
{
    long status = 0;
    CURLcode code;

    into->length = 0;
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, into);
    code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status == 200)
        return 0;
    fprintf(stderr, "libcurl: %s, status %ld\n", curl_easy_strerror(code), status);
    return 1;
}

/* curl writes these itself: Host from the URL, the length from the body. */
static int is_curls_own(const char *line)
{
    return strncasecmp(line, "host:", 5) == 0 || strncasecmp(line, "content-length:", 15) == 0;
}

/* Takes the recorded request apart: the path into `path`, the headers into the list, and where body and reference begin. */
static int take_apart(char *path, size_t size)
{
    char *head_end = strstr(recorded.bytes, "\r\n\r\n");
    char *line_end;
    char *line;

    if (head_end == NULL || sscanf(recorded.bytes, "POST %255s", path) != 1 || strlen(path) >= size)
        return 1;
    body = head_end + 4;
    reference = strstr(body, "BENCH-");
    for (line = strstr(recorded.bytes, "\r\n"); line < head_end; line = line_end) {
        struct curl_slist *longer;

        line += 2;
        line_end = strstr(line, "\r\n");
        if (is_curls_own(line))
            continue;
        *line_end = '\0';
        longer = curl_slist_append(headers, line);
        *line_end = '\r';
        if (longer == NULL)
            return 1;
        headers = longer;
    }
    return reference == NULL;
}

int libcurl_side_open(const char *base_url, const char *ca_file)
{
    char path[256];
    char url[512];

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (curl = curl_easy_init()) == NULL)
        return 1;
    curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    /* Bayar's own limits: a payment without any is not the same thing. */
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    snprintf(url, sizeof url, "%s/recorded", base_url);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    if (perform(&recorded) != 0 || take_apart(path, sizeof path) != 0)
        return 1;
    snprintf(url, sizeof url, "%s%s", base_url, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
    return 0;
}

int libcurl_side_pay(unsigned long number)
{
    char text[REFERENCE_LENGTH + 16];

    snprintf(text, sizeof text, REFERENCE_FORMAT, number);
    memcpy(reference, text, REFERENCE_LENGTH);
    return perform(&answer) != 0 || strstr(answer.bytes, text) == NULL;
}

void libcurl_side_close(void)
{
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_global_cleanup();
}
