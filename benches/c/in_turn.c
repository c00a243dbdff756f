/*
 * Starts two programs in turn, to their ends:
 *
 *     in_turn ROUNDS PROGRAM_A ARGUMENT_A ... -- PROGRAM_B ARGUMENT_B ...
 *
 * One line a round: the microseconds of A and of B from before their start to after their end, the microseconds of processor
 * time, and the most memory that they had at once, in KiB. This program is small, since the memory of the process that
 * starts another counts as that one's, too.
 */
#define _DEFAULT_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

struct run {
    double clock;
    double cpu;
    long memory;
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double microseconds(struct timeval time)
{
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static int measure(char **command, struct run *run)
{
    double begun = now();
    struct rusage used;
    pid_t child;
    int status;

    if (posix_spawn(&child, command[0], NULL, NULL, command, environ) != 0 || wait4(child, &status, 0, &used) != child)
        return 1;
    run->clock = now() - begun;
    run->cpu = microseconds(used.ru_utime) + microseconds(used.ru_stime);
    run->memory = used.ru_maxrss;
    if (status == 0)
        return 0;
    fprintf(stderr, "%s: status %d\n", command[0], status);
    return 1;
}

int main(int count, char **values)
{
    char **commands[2];
    long rounds;
    long i;
    int at;

    for (at = 2; at < count && strcmp(values[at], "--") != 0; at++)
        continue;
    if (at < 3 || at + 1 >= count)
        return 2;
    rounds = strtol(values[1], NULL, 10);
    commands[0] = values + 2;
    commands[1] = values + at + 1;
    values[at] = NULL;
    /* The first round is for warming up and goes unprinted. Who is first changes. */
    for (i = 0; i <= rounds; i++) {
        struct run runs[2];
        int first = (int)(i % 2);

        if (measure(commands[first], &runs[first]) != 0 || measure(commands[1 - first], &runs[1 - first]) != 0)
            return 1;
        if (i > 0)
            printf("%.0f %.0f %.0f %.0f %ld %ld\n", runs[0].clock, runs[1].clock, runs[0].cpu, runs[1].cpu,
                   runs[0].memory, runs[1].memory);
    }
    return 0;
}
