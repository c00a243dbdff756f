/* The environment has a variable that cannot be used: the message names it. Is given the variable and the setting. */
#include "check.h"

int main(int argc, char **argv)
{
    bayar_config *config = NULL;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    if (argc != 3)
        return 2;
    CHECK_WORKS(bayar_config_new(&config, &error), error);
    result = bayar_config_load_environment(config, &error);
    CHECK_HAS(bayar_error_message(error), argv[1]);
    CHECK_FAILS(result, BAYAR_ERROR_INVALID_SETTING, argv[2], &error);
    CHECK_NUMBER(bayar_config_load_environment(config, NULL), BAYAR_ERROR_INVALID_SETTING);
    bayar_config_free(config);
    return check_result();
}
