/*
 * What a warm payment through bayar and the same POST through libcurl take from malloc:
 *
 *     allocations BASE_URL CA_FILE KEY_FILE CALLS
 *
 * One line a call: the allocations of bayar's and of libcurl's, the bytes that they asked for, and the most bytes that they
 * had at once beyond what they began with.
 */
#include "counting.h"
#include "sides.h"

#include <stdio.h>
#include <stdlib.h>

#define WARM 50

int main(int count, char **values)
{
    unsigned long calls;
    unsigned long i;

    if (count != 5)
        return 2;
    calls = strtoul(values[4], NULL, 10);
    if (bayar_side_open(values[1], values[2], values[3], "none") != 0 || libcurl_side_open(values[1], values[2]) != 0)
        return 1;
    for (i = 1; i <= WARM + calls; i++) {
        struct counted bayar;
        struct counted libcurl;

        counting_begin();
        if (bayar_side_pay(i) != 0)
            return 1;
        bayar = counting_end();
        counting_begin();
        if (libcurl_side_pay(i) != 0)
            return 1;
        libcurl = counting_end();
        if (i > WARM)
            printf("%lu %lu %lu %lu %lu %lu\n", bayar.allocations, libcurl.allocations, bayar.bytes, libcurl.bytes,
                   bayar.peak, libcurl.peak);
    }
    libcurl_side_close();
    bayar_side_close();
    return 0;
}
