/* See cases.h. */
#include "cases.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void broken(const char *why)
{
    fprintf(stderr, "the cases cannot be read: %s\n", why);
    exit(2);
}

static void read_member(struct test_case *read, const char *line)
{
    struct member *member = &read->members[read->count];
    unsigned long length;

    if (read->count == MOST_MEMBERS || sscanf(line, "%63s %lu", member->name, &length) != 2)
        broken(line);
    member->length = length;
    member->value = malloc(member->length + 1);
    if (member->value == NULL || fread(member->value, 1, member->length, stdin) != member->length)
        broken(member->name);
    member->value[member->length] = '\0';
    member->bytes = member->length > 0 ? malloc(member->length) : NULL;
    if (member->bytes != NULL)
        memcpy(member->bytes, member->value, member->length);
    else if (member->length > 0)
        broken(member->name);
    read->count++;
    if (getchar() != '\n')
        broken("a member is longer than it says");
}

int read_case(struct test_case *read)
{
    char line[128];

    read->count = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "end\n") == 0) {
            check_about(value_of(read, "name"));
            return 1;
        }
        read_member(read, line);
    }
    if (read->count != 0)
        broken("the last case has no end");
    return 0;
}

void free_case(struct test_case *read)
{
    while (read->count > 0) {
        free(read->members[--read->count].value);
        free(read->members[read->count].bytes);
    }
}

const struct member *find_member(const struct test_case *among, const char *name)
{
    size_t index;

    for (index = 0; index < among->count; index++)
        if (strcmp(among->members[index].name, name) == 0)
            return &among->members[index];
    return NULL;
}

const char *value_of(const struct test_case *among, const char *name)
{
    const struct member *member = find_member(among, name);

    if (member == NULL)
        broken(name);
    return member->value;
}
