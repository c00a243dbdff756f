/*
 * The shared vectors of good and bad input, from standard input: what is bad is refused with the field's name, what is
 * good goes as far as the network. The environment's address is one where nobody listens.
 */
#include "cases.h"
#include "check.h"
#include "shop.h"

#include <stdio.h>
#include <string.h>

typedef int32_t (*payment_setter)(bayar_payment_request *, const char *, bayar_error **);
typedef int32_t (*refund_setter)(bayar_refund_request *, const char *, bayar_error **);
typedef int32_t (*payment_switch)(bayar_payment_request *, int32_t, bayar_error **);

static const struct {
    const char *name;
    payment_setter set;
} payment_setters[] = {
    {"request.return_url", bayar_payment_request_set_return_url},
    {"request.valid_up_to", bayar_payment_request_set_valid_up_to},
    {"request.point_of_initiation", bayar_payment_request_set_point_of_initiation},
    {"request.title", bayar_payment_request_set_title},
    {"request.channel", bayar_payment_request_set_channel},
    {"request.device_id", bayar_payment_request_set_device_id},
    {"request.ip_address", bayar_payment_request_set_ip_address},
    {"request.extra_json", bayar_payment_request_set_extra_json},
};

static const struct {
    const char *name;
    payment_switch set;
} payment_switches[] = {
    {"request.is_deep_link", bayar_payment_request_set_is_deep_link},
    {"request.support_deep_link_checkout_url", bayar_payment_request_set_support_deep_link_checkout_url},
};

static const struct {
    const char *name;
    refund_setter set;
} refund_setters[] = {
    {"request.reason", bayar_refund_request_set_reason},
    {"request.original_external_id", bayar_refund_request_set_original_external_id},
    {"request.channel", bayar_refund_request_set_channel},
    {"request.device_id", bayar_refund_request_set_device_id},
    {"request.ip_address", bayar_refund_request_set_ip_address},
    {"request.extra_json", bayar_refund_request_set_extra_json},
};

/* How many members of the request were given to the API; all of them must be. */
static size_t used;

static const char *given(const struct test_case *from, const char *name)
{
    const struct member *member = find_member(from, name);

    if (member == NULL)
        return NULL;
    used++;
    return member->value;
}

static int32_t payment(const bayar_client *client, const struct test_case *from, bayar_error **error)
{
    bayar_payment_request *request = NULL;
    bayar_payment *made = UNWRITTEN;
    const char *reference = given(from, "request.partner_reference_no"), *amount = given(from, "request.amount");
    int32_t result = bayar_payment_request_new(reference, amount, &request, error);
    size_t index;

    for (index = 0; index < sizeof payment_setters / sizeof payment_setters[0]; index++) {
        const char *value = given(from, payment_setters[index].name);

        if (result == BAYAR_OK && value != NULL)
            result = payment_setters[index].set(request, value, error);
    }
    for (index = 0; index < sizeof payment_switches / sizeof payment_switches[0]; index++) {
        const char *value = given(from, payment_switches[index].name);

        if (result == BAYAR_OK && value != NULL)
            result = payment_switches[index].set(request, strcmp(value, "true") == 0, error);
    }
    if (result == BAYAR_OK) {
        result = bayar_client_pay(client, request, &made, error);
        CHECK(made == NULL);
    }
    bayar_payment_request_free(request);
    return result;
}

static int32_t refund_of(const bayar_client *client, const struct test_case *from, bayar_error **error)
{
    bayar_refund_request *request = NULL;
    bayar_refund *made = UNWRITTEN;
    const char *original = given(from, "request.original_partner_reference_no");
    const char *amount = given(from, "request.amount"), *refund_no = given(from, "request.partner_refund_no");
    int32_t result = bayar_refund_request_new(original, amount, refund_no, &request, error);
    size_t index;

    for (index = 0; index < sizeof refund_setters / sizeof refund_setters[0]; index++) {
        const char *value = given(from, refund_setters[index].name);

        if (result == BAYAR_OK && value != NULL)
            result = refund_setters[index].set(request, value, error);
    }
    if (result == BAYAR_OK) {
        result = bayar_client_refund(client, request, &made, error);
        CHECK(made == NULL);
    }
    bayar_refund_request_free(request);
    return result;
}

static int32_t status_of(const bayar_client *client, const struct test_case *from, bayar_error **error)
{
    bayar_status *status = UNWRITTEN;
    const char *reference = given(from, "request.original_partner_reference_no");
    int32_t result = bayar_client_status(client, reference, &status, error);

    CHECK(status == NULL);
    return result;
}

/* What is left out where it must be given is NULL in C. */
static int32_t expected_code(const struct test_case *from, const char *field)
{
    char name[64];

    snprintf(name, sizeof name, "request.%s", field);
    return find_member(from, name) != NULL ? BAYAR_ERROR_INVALID_ARGUMENT : BAYAR_ERROR_NULL_POINTER;
}

static void check_case(const bayar_client *client, const struct test_case *from)
{
    const char *operation = value_of(from, "operation");
    const struct member *field = find_member(from, "field");
    bayar_error *error = UNWRITTEN;
    size_t index, members = 0;
    int32_t result;

    used = 0;
    if (strcmp(operation, "payment") == 0)
        result = payment(client, from, &error);
    else if (strcmp(operation, "refund") == 0)
        result = refund_of(client, from, &error);
    else
        result = status_of(client, from, &error);
    if (field == NULL)
        CHECK_FAILS(result, BAYAR_ERROR_CONNECT, NULL, &error);
    else
        CHECK_FAILS(result, expected_code(from, field->value), field->value, &error);
    for (index = 0; index < from->count; index++)
        members += strncmp(from->members[index].name, "request.", 8) == 0;
    CHECK_NUMBER(used, members);
}

int main(void)
{
    struct test_case next;
    long walked = 0;
    char count[24];

    while (read_case(&next)) {
        /* Cases share references, so each has a client of its own. */
        bayar_client *client = client_with("device_id", value_of(&next, "settings.device_id"));

        check_case(client, &next);
        bayar_client_free(client);
        free_case(&next);
        walked++;
    }
    snprintf(count, sizeof count, "%ld", walked);
    fact("walked", count);
    return check_result();
}
