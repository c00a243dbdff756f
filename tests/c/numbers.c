/*
 * Eight processes, forked from one that has drawn a number already, draw a million X-EXTERNAL-IDs at once: each is 32
 * digits, and no two are the same.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 8
#define EACH 125000
#define DIGITS 32

static char numbers[PROCESSES * EACH + 1][DIGITS];

/* Draws one number; false if it is none. */
static int draw(char *number)
{
    bayar_text *text = NULL;
    int works = bayar_external_id_new(&text, NULL) == BAYAR_OK && bayar_text_length(text) == DIGITS &&
                strspn(bayar_text_value(text), "0123456789") == DIGITS;

    if (works)
        memcpy(number, bayar_text_value(text), DIGITS);
    bayar_text_free(text);
    return works;
}

static int child(int descriptor)
{
    FILE *pipe = fdopen(descriptor, "w");
    char number[DIGITS];
    int index;

    if (pipe == NULL)
        return 1;
    for (index = 0; index < EACH; index++)
        if (!draw(number) || fwrite(number, DIGITS, 1, pipe) != 1)
            return 1;
    return fclose(pipe) == 0 ? 0 : 1;
}

static int compared(const void *one, const void *other)
{
    return memcmp(one, other, DIGITS);
}

int main(void)
{
    FILE *pipes[PROCESSES];
    pid_t children[PROCESSES];
    long found = 1, same = 0, index;
    int which, status;

    CHECK(draw(numbers[0]));
    for (which = 0; which < PROCESSES; which++) {
        int ends[2] = {-1, -1};

        CHECK_NUMBER(pipe(ends), 0);
        children[which] = fork();
        if (children[which] == 0) {
            close(ends[0]);
            _exit(child(ends[1]));
        }
        CHECK(children[which] > 0);
        close(ends[1]);
        pipes[which] = fdopen(ends[0], "r");
    }
    for (which = 0; which < PROCESSES; which++) {
        found += (long)fread(numbers[found], DIGITS, EACH, pipes[which]);
        CHECK(fgetc(pipes[which]) == EOF);
        fclose(pipes[which]);
        CHECK(waitpid(children[which], &status, 0) == children[which]);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    CHECK_NUMBER(found, PROCESSES * EACH + 1);
    qsort(numbers, (size_t)found, DIGITS, compared);
    for (index = 1; index < found; index++)
        same += compared(numbers[index - 1], numbers[index]) == 0;
    CHECK_NUMBER(same, 0);
    return check_result();
}
