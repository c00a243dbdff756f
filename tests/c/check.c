/* See check.h. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char check_unwritten;
const char *const check_any_field = "any field";

static char about[256];
static long made;
static long failed;

/* Counts a check; true if it failed, and then it has begun to say so. */
static int fails(int holds, const char *file, int line)
{
    if (made++ == 0)
        alarm(600); /* A program that hangs ends by itself. */
    if (holds)
        return 0;
    failed++;
    fprintf(stderr, "%s:%d: %s%s", file, line, about, about[0] != '\0' ? ": " : "");
    return 1;
}

static const char *shown(const char *text)
{
    return text != NULL ? text : "NULL";
}

void check_about(const char *what)
{
    snprintf(about, sizeof about, "%s", what);
}

void check_claim(int holds, const char *claim, const char *file, int line)
{
    if (fails(holds, file, line))
        fprintf(stderr, "%s does not hold\n", claim);
}

void check_text(const char *found, const char *expected, const char *what, const char *file, int line)
{
    int same = found == expected || (found != NULL && expected != NULL && strcmp(found, expected) == 0);

    if (fails(same, file, line))
        fprintf(stderr, "%s is '%s', not '%s'\n", what, shown(found), shown(expected));
}

void check_has(const char *found, const char *part, const char *what, const char *file, int line)
{
    if (fails(found != NULL && strstr(found, part) != NULL, file, line))
        fprintf(stderr, "%s is '%s', without '%s'\n", what, shown(found), part);
}

void check_number(int64_t found, int64_t expected, const char *what, const char *file, int line)
{
    if (fails(found == expected, file, line))
        fprintf(stderr, "%s is %" PRId64 ", not %" PRId64 "\n", what, found, expected);
}

void check_works(int32_t result, bayar_error **error, const char *what, const char *file, int line)
{
    if (fails(result == BAYAR_OK && *error == NULL, file, line)) {
        int real = *error != NULL && *error != UNWRITTEN;

        fprintf(stderr, "%s gave %" PRId32 ": %s\n", what, result,
                real ? bayar_error_message(*error) : "and *error was not made NULL");
        if (real)
            bayar_error_free(*error);
    }
    *error = UNWRITTEN;
}

void check_fails(int32_t result, int32_t code, const char *field, bayar_error **error, const char *what,
                 const char *file, int line)
{
    const char *message;

    check_number(result, code, what, file, line);
    if (fails(*error != NULL && *error != UNWRITTEN, file, line)) {
        fprintf(stderr, "%s wrote no error\n", what);
        *error = UNWRITTEN;
        return;
    }
    message = bayar_error_message(*error);
    printf("error %" PRId32 " %s %s\n", result, shown(bayar_error_field(*error)), shown(message));
    check_number(bayar_error_code(*error), result, "the code in the error", file, line);
    check_claim(message != NULL && strlen(message) >= 10, "an error has a message", file, line);
    if (field != check_any_field)
        check_text(bayar_error_field(*error), field, "the field of the error", file, line);
    bayar_error_free(*error);
    *error = UNWRITTEN;
}

void fact(const char *name, const char *value)
{
    printf("fact %s %s\n", name, shown(value));
}

int check_result(void)
{
    printf("%ld checks, %ld failed\n", made, failed);
    return failed == 0 && made > 0 ? 0 : 1;
}
