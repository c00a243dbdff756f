/*
 * The same POST through libcurl: one easy handle, its connection kept, the same path, headers and body as bayar sent, only the
 * reference in the body is new each time. Nothing is built, signed, read or remembered here: it is what sending alone costs.
 */
#include "request.h"
#include "sides.h"

#include <stdio.h>
#include <string.h>

static CURL *curl;
static struct request request;
static struct text answer;
static char *reference;

int libcurl_side_open(const char *base_url, const char *ca_file)
{
    char url[512];

    curl = libcurl_handle(ca_file);
    if (curl == NULL)
        return 1;
    snprintf(url, sizeof url, "%s/recorded", base_url);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    if (libcurl_perform(curl, &request.recorded) != 0 || request_take_apart(&request) != 0)
        return 1;
    reference = strstr(request.body, REFERENCE_BEGIN);
    return reference == NULL || request_prepare(&request, curl, base_url) != 0;
}

int libcurl_side_pay(unsigned long number)
{
    char text[REFERENCE_LENGTH + 16];

    snprintf(text, sizeof text, REFERENCE_FORMAT, number);
    memcpy(reference, text, REFERENCE_LENGTH);
    return libcurl_perform(curl, &answer) != 0 || strstr(answer.bytes, text) == NULL;
}

void libcurl_side_close(void)
{
    curl_easy_cleanup(curl);
    request_free(&request);
    curl_global_cleanup();
}
