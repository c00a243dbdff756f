/*
 * Settings: wrong names, wrong values, missing ones, keys of every wrong kind, files with mistakes. Is given a folder
 * with the files that are named here. The marked values in them are secret.
 */
#include "check.h"
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *folder;

static const char *in_folder(const char *name)
{
    static char path[1024];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* One wrong setting; the message has `hint`. */
static void set_fails(const char *name, const char *value, int32_t code, const char *field, const char *hint)
{
    bayar_config *config = NULL;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about(name);
    CHECK_WORKS(bayar_config_new(&config, &error), error);
    result = bayar_config_set(config, name, value, &error);
    CHECK_HAS(bayar_error_message(error), hint);
    CHECK_FAILS(result, code, field, &error);
    CHECK_NUMBER(bayar_config_set(config, name, value, NULL), code);
    bayar_config_free(config);
}

static void names_and_values(void)
{
    set_fails("timeout_m", "5000", BAYAR_ERROR_UNKNOWN_SETTING, "timeout_m", "timeout_ms");
    set_fails("Client_ID", "x", BAYAR_ERROR_UNKNOWN_SETTING, "Client_ID", "client_id");
    set_fails("clientsecret", getenv("MARKED"), BAYAR_ERROR_UNKNOWN_SETTING, "clientsecret", "client_secret");
    set_fails("", "x", BAYAR_ERROR_UNKNOWN_SETTING, "", "no setting");
    set_fails("environment", "live", BAYAR_ERROR_INVALID_SETTING, "environment", "sandbox, production");
    set_fails("timeout_ms", "99", BAYAR_ERROR_INVALID_SETTING, "timeout_ms", "100");
    set_fails("timeout_ms", "5s", BAYAR_ERROR_INVALID_SETTING, "timeout_ms", "5s");
    set_fails("timeout_ms", "18446744073709551616", BAYAR_ERROR_INVALID_SETTING, "timeout_ms", "600000");
    set_fails("client_id", "a b", BAYAR_ERROR_INVALID_SETTING, "client_id", "space");
    set_fails("client_secret", "", BAYAR_ERROR_INVALID_SETTING, "client_secret", "empty");
    set_fails("proxy", getenv("MARKED_PROXY"), BAYAR_ERROR_INVALID_SETTING, "proxy", "proxy");
    set_fails("private_key_passphrase", "", BAYAR_ERROR_INVALID_SETTING, "private_key_passphrase", "empty");
}

/* A client with one setting replaced cannot be made. */
static void client_fails(const char *name, const char *value, int32_t code, const char *field, const char *hint)
{
    bayar_config *config = config_from_environment();
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about(value);
    CHECK_WORKS(bayar_config_set(config, name, value, &error), error);
    result = bayar_client_new(config, &client, &error);
    CHECK(client == NULL);
    CHECK_NUMBER(bayar_error_outcome(error), BAYAR_OUTCOME_NOT_SENT);
    CHECK_HAS(bayar_error_message(error), hint);
    CHECK_FAILS(result, code, field, &error);
    CHECK_NUMBER(bayar_client_new(config, &client, NULL), code);
    bayar_config_free(config);
}

static void key_fails(const char *file, const char *hint)
{
    client_fails("private_key_file", in_folder(file), BAYAR_ERROR_INVALID_KEY, "private_key_file", hint);
}

/* The program's environment has the passphrase of the keys that are protected. */
static void keys(void)
{
    static const char *const sound[] = {"rsa.pem", "traditional.pem", "pbes1.pem", "pbes2.pem"};
    size_t index;

    for (index = 0; index < sizeof sound / sizeof sound[0]; index++) {
        check_about(sound[index]);
        bayar_client_free(client_with("private_key_file", in_folder(sound[index])));
    }
    key_fails("public.pem", "public");
    key_fails("elliptic.pem", "RSA");
    key_fails("short.pem", "2048");
    key_fails("cut.pem", "END");
    key_fails("otherpass1.pem", "passphrase");
    key_fails("otherpass2.pem", "passphrase");
    key_fails("words.txt", "PEM");
    client_fails("private_key_file", in_folder("nowhere.pem"), BAYAR_ERROR_INVALID_SETTING, "private_key_file",
                 "nowhere.pem");
    client_fails("private_key", getenv("MARKED"), BAYAR_ERROR_INVALID_SETTING, "private_key", "private_key_file");
    client_fails("ca_file", in_folder("words.txt"), BAYAR_ERROR_INVALID_SETTING, "ca_file", "certificate");
    client_fails("ca_file", in_folder("nowhere.pem"), BAYAR_ERROR_INVALID_SETTING, "ca_file", "nowhere.pem");
    client_fails("base_url", "ftp://localhost", BAYAR_ERROR_INVALID_SETTING, "base_url", "http");
    client_fails("base_url", "http://api.example", BAYAR_ERROR_INVALID_SETTING, "base_url", "http");
    client_fails("device_id", "KASIR-7", BAYAR_ERROR_INVALID_SETTING, "device_id", "device_id");
    client_fails("channel", "dana", BAYAR_ERROR_INVALID_SETTING, "channel", "channel");
}

/* A proxy's password is in its address. */
static void proxies(void)
{
    bayar_client *client;
    bayar_error *error = UNWRITTEN;

    client_fails("proxy", getenv("PROXY_OF_NO_KIND"), BAYAR_ERROR_INVALID_SETTING, "proxy", "http://");
    client_fails("proxy", getenv("PROXY_OF_NO_PORT"), BAYAR_ERROR_INVALID_SETTING, "proxy", "http://");
    client_fails("base_url", getenv("PROXY_OF_NO_KIND"), BAYAR_ERROR_INVALID_SETTING, "base_url", "http");
    check_about("a proxy that nobody serves");
    client = client_with("proxy", getenv("PROXY_OF_NOBODY"));
    CHECK_FAILS(bayar_client_warm_up(client, &error), BAYAR_ERROR_CONNECT, NULL, &error);
    bayar_client_free(client);
}

/* Each required setting in turn is left out. */
static void missing(void)
{
    static const char *const required[] = {"environment", "client_id", "client_secret", "private_key"};
    size_t left_out, index;

    for (left_out = 0; left_out < 4; left_out++) {
        bayar_config *config = NULL;
        bayar_client *client = UNWRITTEN;
        bayar_error *error = UNWRITTEN;

        check_about(required[left_out]);
        CHECK_WORKS(bayar_config_new(&config, &error), error);
        for (index = 0; index < 3; index++)
            if (index != left_out)
                CHECK_WORKS(bayar_config_set(config, required[index], "sandbox", &error), error);
        CHECK_FAILS(bayar_client_new(config, &client, &error), BAYAR_ERROR_MISSING_SETTING, required[left_out], &error);
        CHECK(client == NULL);
        bayar_config_free(config);
    }
}

static void file_fails(const char *name, int32_t code, const char *field, const char *hint)
{
    bayar_config *config = NULL;
    bayar_error *error = UNWRITTEN;
    int32_t result;

    check_about(name);
    CHECK_WORKS(bayar_config_new(&config, &error), error);
    result = bayar_config_load_file(config, in_folder(name), &error);
    CHECK_HAS(bayar_error_message(error), name);
    CHECK_HAS(bayar_error_message(error), hint);
    CHECK_FAILS(result, code, field, &error);
    bayar_config_free(config);
}

static void files(void)
{
    bayar_config *config = NULL;
    bayar_client *client = UNWRITTEN;
    bayar_error *error = UNWRITTEN;

    file_fails("nowhere.toml", BAYAR_ERROR_INVALID_SETTING, ANY_FIELD, "read");
    file_fails("syntax.toml", BAYAR_ERROR_INVALID_SETTING, ANY_FIELD, "line 3");
    file_fails("twice.toml", BAYAR_ERROR_INVALID_SETTING, ANY_FIELD, "line 2");
    file_fails("unknown.toml", BAYAR_ERROR_UNKNOWN_SETTING, "client_secrets", "client_secret");
    file_fails("value.toml", BAYAR_ERROR_INVALID_SETTING, "timeout_ms", "timeout_ms");
    file_fails("type.toml", BAYAR_ERROR_INVALID_SETTING, "client_secret", "client_secret");
    file_fails("words.txt", BAYAR_ERROR_INVALID_SETTING, ANY_FIELD, "line 1");
    file_fails("not-utf8.toml", BAYAR_ERROR_INVALID_SETTING, ANY_FIELD, "read");

    check_about("a good file");
    CHECK_WORKS(bayar_config_new(&config, &error), error);
    CHECK_WORKS(bayar_config_load_file(config, in_folder("good.toml"), &error), error);
    CHECK_WORKS(bayar_client_new(config, &client, &error), error);
    bayar_config_free(config);
    CHECK_WORKS(bayar_client_warm_up(client, &error), error);
    bayar_client_free(client);
}

int main(int argc, char **argv)
{
    bayar_client *client;
    bayar_error *error = UNWRITTEN;

    if (argc != 2)
        return 2;
    folder = argv[1];
    check_about("the environment");
    client = client_from_environment();
    CHECK_WORKS(bayar_client_warm_up(client, &error), error);
    bayar_client_free(client);
    names_and_values();
    if (getenv("SWAPPED") != NULL) {
        set_fails(getenv("MARKED"), "client_secret", BAYAR_ERROR_UNKNOWN_SETTING, ANY_FIELD, "setting");
        set_fails(getenv("MARKED"), NULL, BAYAR_ERROR_NULL_POINTER, "value", "NULL");
        set_fails(getenv("MARKED"), "\xff", BAYAR_ERROR_INVALID_UTF8, "value", "UTF-8");
    }
    keys();
    proxies();
    missing();
    files();
    return check_result();
}
