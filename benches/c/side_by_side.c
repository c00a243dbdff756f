/*
 * Payments through bayar and the same POSTs through libcurl take turns, and each round's times are printed for payment.rs:
 *
 *     side_by_side BASE_URL CA_FILE KEY_FILE ROUNDS CALLS
 *
 * One line a round, nanoseconds a call: bayar's by the clock, libcurl's by the clock, bayar's and libcurl's of this process's
 * own processor time.
 */
#include "sides.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef int (*side)(unsigned long number);

struct times {
    double clock;
    double cpu;
};

static double now(clockid_t which)
{
    struct timespec time;

    clock_gettime(which, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int measure(side pay, unsigned long calls, unsigned long *number, struct times *times)
{
    double clock = now(CLOCK_MONOTONIC);
    double cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    unsigned long i;

    for (i = 0; i < calls; i++)
        if (pay(++*number) != 0)
            return 1;
    times->cpu = (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double)calls;
    times->clock = (now(CLOCK_MONOTONIC) - clock) / (double)calls;
    return 0;
}

int main(int count, char **values)
{
    unsigned long number = 0;
    unsigned long rounds;
    unsigned long calls;
    unsigned long i;

    if (count != 6)
        return 2;
    rounds = strtoul(values[4], NULL, 10);
    calls = strtoul(values[5], NULL, 10);
    if (bayar_side_open(values[1], values[2], values[3], "none") != 0 || libcurl_side_open(values[1], values[2]) != 0)
        return 1;
    /* The first round is for warming up and goes unprinted. */
    for (i = 0; i <= rounds; i++) {
        struct times bayar;
        struct times libcurl;

        if (measure(bayar_side_pay, calls, &number, &bayar) != 0 ||
            measure(libcurl_side_pay, calls, &number, &libcurl) != 0)
            return 1;
        if (i > 0)
            printf("%.0f %.0f %.0f %.0f\n", bayar.clock, libcurl.clock, bayar.cpu, libcurl.cpu);
    }
    libcurl_side_close();
    bayar_side_close();
    return 0;
}
