/* A journal that cannot be used is refused before anything is sent. Is given parts of the sentence. */
#include "check.h"
#include "shop.h"

int main(int argc, char **argv)
{
    bayar_config *config = config_from_environment();
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result = bayar_client_new(config, &client, &error);
    int part;

    CHECK(client == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    CHECK_NUMBER(bayar_error_retry(error), BAYAR_RETRY_NO);
    for (part = 1; part < argc; part++)
        CHECK_HAS(bayar_error_message(error), argv[part]);
    CHECK_FAILS(result, BAYAR_ERROR_JOURNAL, ANY_FIELD, &error);
    CHECK_NUMBER(bayar_client_new(config, &client, NULL), BAYAR_ERROR_JOURNAL);
    bayar_config_free(config);
    return check_result();
}
