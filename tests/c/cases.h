/*
 * Cases of the shared vectors, as the test around the program writes them to its standard input: for each member a line
 * `NAME LENGTH`, that many bytes, and a line break; after the last member of a case the line `end`.
 */
#ifndef CASES_H
#define CASES_H

#include <stddef.h>
#include <stdint.h>

#define MOST_MEMBERS 32

struct member {
    char name[64];
    char *value; /* NUL-terminated behind its length */
    uint8_t *bytes; /* the same in memory that ends with them, so that a read beyond them is found; NULL for none */
    size_t length;
};

struct test_case {
    struct member members[MOST_MEMBERS];
    size_t count;
};

/* Reads the next case and makes its name what the checks are about; 0 at the end. Free each case. */
int read_case(struct test_case *read);
void free_case(struct test_case *read);

/* A member by its name; NULL if the case has none. */
const struct member *find_member(const struct test_case *among, const char *name);

/* Its text; the program ends if the case has none. */
const char *value_of(const struct test_case *among, const char *name);

#endif
