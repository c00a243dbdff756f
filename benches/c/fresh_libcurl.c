/*
 * A fresh process that sends bayar's two recorded requests, the token's and the payment's, through libcurl, and ends:
 *
 *     fresh_libcurl BASE_URL CA_FILE TOKEN_REQUEST_FILE PAYMENT_REQUEST_FILE
 *
 * Without arguments it is only loaded.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>

static struct request requests[2];
static struct text answer;

static int read_request(struct request *request, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return 1;
    request->recorded.length = fread(request->recorded.bytes, 1, MOST, file);
    fclose(file);
    return request_take_apart(request);
}

int main(int count, char **values)
{
    CURL *curl;
    int i;

    if (count == 1)
        return 0;
    if (count != 5 || (curl = libcurl_handle(values[2])) == NULL)
        return 1;
    for (i = 0; i < 2; i++)
        if (read_request(&requests[i], values[3 + i]) != 0 || request_prepare(&requests[i], curl, values[1]) != 0 ||
            libcurl_perform(curl, &answer) != 0)
            return 1;
    curl_easy_cleanup(curl);
    for (i = 0; i < 2; i++)
        request_free(&requests[i]);
    curl_global_cleanup();
    return strstr(answer.bytes, "webRedirectUrl") == NULL;
}
