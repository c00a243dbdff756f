/*
 * See request.h. Nothing is built or signed here: the path, the headers and the body are those that bayar sent.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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

/* curl writes these itself: Host from the URL, the length from the body. */
static int is_curls_own(const char *line)
{
    return strncasecmp(line, "host:", 5) == 0 || strncasecmp(line, "content-length:", 15) == 0;
}

int request_take_apart(struct request *request)
{
    char *head_end = strstr(request->recorded.bytes, "\r\n\r\n");
    char *line_end;
    char *line;

    if (head_end == NULL || sscanf(request->recorded.bytes, "POST %255s", request->path) != 1)
        return 1;
    request->body = head_end + 4;
    for (line = strstr(request->recorded.bytes, "\r\n"); line < head_end; line = line_end) {
        struct curl_slist *longer;

        line += 2;
        line_end = strstr(line, "\r\n");
        if (is_curls_own(line))
            continue;
        *line_end = '\0';
        longer = curl_slist_append(request->headers, line);
        *line_end = '\r';
        if (longer == NULL)
            return 1;
        request->headers = longer;
    }
    return 0;
}

int request_prepare(const struct request *request, CURL *curl, const char *base_url)
{
    char url[512];

    snprintf(url, sizeof url, "%s%s", base_url, request->path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request->headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    return curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(request->body)) != CURLE_OK;
}

void request_free(struct request *request)
{
    curl_slist_free_all(request->headers);
    request->headers = NULL;
}

CURL *libcurl_handle(const char *ca_file)
{
    CURL *curl;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (curl = curl_easy_init()) == NULL)
        return NULL;
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
    return curl;
}

int libcurl_perform(CURL *curl, struct text *answer)
{
    long status = 0;
    CURLcode code;

    answer->length = 0;
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status == 200)
        return 0;
    fprintf(stderr, "libcurl: %s, status %ld\n", curl_easy_strerror(code), status);
    return 1;
}
