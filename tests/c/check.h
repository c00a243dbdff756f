/*
 * Checks for the test programs. A failed one says where, and the program goes on; main() ends with check_result().
 * Errors are printed whole, so that the test around the program sees every message that the library gives.
 */
#ifndef CHECK_H
#define CHECK_H

#include <bayar.h>

/* For outputs and errors before a call: neither NULL nor an object, so that one which is left alone is seen. */
#define UNWRITTEN ((void *)&check_unwritten)

/* For check_fails() where the field is not of interest. */
#define ANY_FIELD check_any_field

#define CHECK(claim) check_claim((claim) ? 1 : 0, #claim, __FILE__, __LINE__)
#define CHECK_TEXT(found, expected) check_text((found), (expected), #found, __FILE__, __LINE__)
#define CHECK_HAS(found, part) check_has((found), (part), #found, __FILE__, __LINE__)
#define CHECK_NUMBER(found, expected) check_number((int64_t)(found), (int64_t)(expected), #found, __FILE__, __LINE__)

/* A call that succeeded and made the variable `error` NULL, which is UNWRITTEN again then. */
#define CHECK_WORKS(result, error) check_works((result), &(error), #result, __FILE__, __LINE__)

/*
 * A call that failed with this code and field (NULL for none), wrote a new error with a message, and left nothing in
 * its output. Frees the error and makes it UNWRITTEN again.
 */
#define CHECK_FAILS(result, code, field, error) check_fails((result), (code), (field), (error), #result, __FILE__, __LINE__)

extern char check_unwritten;
extern const char *const check_any_field;

/* What the checks that follow are about; it is printed when one fails, and copied. */
void check_about(const char *what);

void check_claim(int holds, const char *claim, const char *file, int line);
void check_text(const char *found, const char *expected, const char *what, const char *file, int line);
void check_has(const char *found, const char *part, const char *what, const char *file, int line);
void check_number(int64_t found, int64_t expected, const char *what, const char *file, int line);
void check_works(int32_t result, bayar_error **error, const char *what, const char *file, int line);
void check_fails(int32_t result, int32_t code, const char *field, bayar_error **error, const char *what,
                 const char *file, int line);

/* Tells the test around the program a fact to compare with what the sandbox knows: a line `fact NAME VALUE`. */
void fact(const char *name, const char *value);

/* Says how many checks were made; returns what main() returns: 0, or 1 if one failed. */
int check_result(void);

#endif
