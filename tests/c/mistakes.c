/*
 * What a program must not do, one mistake at a time, named by the argument. AddressSanitizer and
 * UndefinedBehaviorSanitizer have to end it: a run that comes to its end says that they are not there.
 */
#include <bayar.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bayar_text *number;

static bayar_text *new_number(void)
{
    bayar_text *made = NULL;

    if (bayar_external_id_new(&made, NULL) != BAYAR_OK)
        exit(2);
    return made;
}

/* As large as its bytes, so that whoever reads one more is outside of it. */
static void *exactly(const char *bytes, size_t length)
{
    void *copy = malloc(length);

    if (copy == NULL)
        exit(2);
    memcpy(copy, bytes, length);
    return copy;
}

/* The program reads what the library has freed. */
static void string_of_a_freed_handle(void)
{
    const char *value = bayar_text_value(number);

    bayar_text_free(number);
    printf("%c\n", value[0]);
}

/* The library reads what it has freed. */
static void freed_handle(void)
{
    bayar_text_free(number);
    printf("%d\n", (int)bayar_text_length(number));
}

static void freed_twice(void)
{
    bayar_text_free(number);
    bayar_text_free(number);
}

/* The library reads the program's memory beyond its end. */
static void length_too_long(void)
{
    uint8_t *json = exactly("{\"a\":1}", 7);
    bayar_text *text = NULL;

    bayar_json_minify(json, 8, &text, NULL);
    bayar_text_free(text);
    free(json);
    bayar_text_free(number);
}

static void text_without_an_end(void)
{
    char *reference = exactly("INV-", 4);
    bayar_payment_request *request = NULL;

    bayar_payment_request_new(reference, "10000", &request, NULL);
    bayar_payment_request_free(request);
    free(reference);
    bayar_text_free(number);
}

/* An output that is too small: the library writes beyond it. */
static void output_too_small(void)
{
    char *place = exactly("1234", 4);

    bayar_external_id_new((bayar_text **)(void *)place, NULL);
    free(place);
    bayar_text_free(number);
}

static void never_freed(void)
{
    number = NULL;
}

static void sum_too_large(void)
{
    int length = (int)bayar_text_length(number);

    bayar_text_free(number);
    printf("%d\n", INT_MAX + length);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*make)(void); } mistakes[] = {
        {"string of a freed handle", string_of_a_freed_handle},
        {"freed handle", freed_handle},
        {"freed twice", freed_twice},
        {"length too long", length_too_long},
        {"text without an end", text_without_an_end},
        {"output too small", output_too_small},
        {"never freed", never_freed},
        {"sum too large", sum_too_large},
    };
    size_t index;

    for (index = 0; index < sizeof mistakes / sizeof mistakes[0]; index++)
        if (argc == 2 && strcmp(argv[1], mistakes[index].name) == 0) {
            number = new_number();
            mistakes[index].make();
            printf("nobody minded\n");
            return 0;
        }
    return 2;
}
