/*
 * bayar.h: DANA e-wallet payments through DOKU (Indonesia's SNAP standard).
 *
 * The contract of every function here:
 *
 * Names. bayar_<thing>_<verb>. The thing comes first, inputs next, outputs after them, and `bayar_error **error` last.
 *
 * Results. A function that can fail returns int32_t: BAYAR_OK (0) or a code of enum bayar_code. Outputs and
 * *error are always written and never read: on success *error is NULL; on failure the output is NULL and *error
 * is a new object. `error` itself may be NULL if the code alone is enough. Treat a code that you do not know by
 * its group of a hundred.
 *
 * Money. After a failure bayar_error_outcome() says which of three is true: nothing was sent, DOKU refused, or
 * it is unknown. There is no fourth. When it is unknown, call again with the SAME reference; a new reference
 * could pay or refund twice.
 *
 * Journal. With the setting journal (a file such as "bayar.db", or postgres://...) every payment and refund is
 * written down before it is sent, and pressing the button again is always right, also after a crash, a power cut,
 * or from another process: the same reference gives the same one result. At start-up, and from a timer, call
 * bayar_client_settle(), which asks DOKU about what is open and sends nothing. Where the journal cannot be written
 * nothing is sent.
 *
 * Notifications. Your web server hands over what came in (bayar_incoming_new) at two routes, and sends back what it is
 * given: bayar_client_webhook_token() answers the one whole, bayar_client_notification() checks what came in at the
 * other. Store it, then call bayar_client_acknowledge(): only then is DOKU told that you have it.
 *
 * Ownership. What is made has one _free function; _free(NULL) is nothing. Nothing is ever consumed. Strings that
 * come back belong to the object they came from and live as long as it does. Strings and bytes that go in are copied.
 *
 * Strings are UTF-8 and NUL-terminated. Amounts are decimal strings in rupiah, "10000" or "10000.00": an integer
 * of unknown scale is how a price becomes its hundredth.
 *
 * NULL. A pointer that must not be NULL gives BAYAR_ERROR_NULL_POINTER; a property of NULL is NULL, 0 or what its
 * comment says. Never a crash. (A pointer that dangles, and memory that is exhausted, are beyond what a library
 * can catch.)
 *
 * Threads. A client may be shared by all threads. Results and errors never change and may be read from any
 * thread. Requests, what comes in from DOKU, configs and lists of records belong to one thread at a time. Free an
 * object once, when no call uses it any more.
 *
 * Fork. A client that was made before fork() works on in the child, with a connection of its own, and in the
 * parent as before. Free it in each. A journal in a file or on PostgreSQL, and the token in it, they share; one in
 * memory they do not.
 *
 * Time. Every call returns within the setting timeout_ms (those with a limit_ms within that), whatever the network
 * or the journal does. No call starts a thread, except one that ends by itself for looking up a host name.
 *
 * Secrets are in no message. All memory that the library frees is wiped, and the stack that a call used. The
 * environment, a settings file and the strings that you pass in are yours to wipe.
 *
 * Versions. Before 1.0 this ABI may still change; compare bayar_abi_version() with BAYAR_ABI_VERSION. From 1.0
 * on it only grows.
 *
 * Settings are listed in docs/settings.md. This library is not DOKU's, nor DANA's.
 */

/* Made by build.rs from src/capi/; do not edit. */

#ifndef BAYAR_H
#define BAYAR_H

#include <stddef.h>
#include <stdint.h>

/* The calling convention. Old Windows programs may be compiled with another default. */
#if defined(_WIN32)
#define BAYAR_CALL __cdecl
#else
#define BAYAR_CALL
#endif

/* Where the functions are. Define BAYAR_STATIC on Windows when linking the static library. */
#if defined(_WIN32) && !defined(BAYAR_STATIC)
#define BAYAR_API __declspec(dllimport)
#else
#define BAYAR_API
#endif

/**
 * The version of the C ABI that this header describes; see bayar_abi_version().
 */
#define BAYAR_ABI_VERSION 0

/**
 * What every function that can fail returns. The hundreds are groups: 1xx an argument, 2xx a setting, 3xx the network,
 * 4xx DOKU's answer, 5xx this library or its journal. A later version may add codes within these groups; treat one
 * that you do not know by its group.
 */
typedef enum bayar_code {
    /**
     * Success.
     */
    BAYAR_OK = 0,
    /**
     * A value cannot be used; bayar_error_field() names it.
     */
    BAYAR_ERROR_INVALID_ARGUMENT = 101,
    /**
     * A pointer that must not be NULL was NULL.
     */
    BAYAR_ERROR_NULL_POINTER = 102,
    /**
     * A string is not UTF-8.
     */
    BAYAR_ERROR_INVALID_UTF8 = 103,
    /**
     * The reference was already used for something else.
     */
    BAYAR_ERROR_REFERENCE_REUSED = 104,
    /**
     * A signature does not match (verifying functions).
     */
    BAYAR_ERROR_SIGNATURE_MISMATCH = 105,
    /**
     * A setting that must be given is missing.
     */
    BAYAR_ERROR_MISSING_SETTING = 201,
    /**
     * There is no setting of that name.
     */
    BAYAR_ERROR_UNKNOWN_SETTING = 202,
    /**
     * The value of a setting cannot be used.
     */
    BAYAR_ERROR_INVALID_SETTING = 203,
    /**
     * A key cannot be read: the wrong kind, damaged, too short, or a wrong passphrase.
     */
    BAYAR_ERROR_INVALID_KEY = 204,
    /**
     * The host name could not be looked up.
     */
    BAYAR_ERROR_NAME_LOOKUP = 301,
    /**
     * No connection could be made.
     */
    BAYAR_ERROR_CONNECT = 302,
    /**
     * The TLS handshake failed: a certificate that is not trusted, expired, or for another name.
     */
    BAYAR_ERROR_TLS = 303,
    /**
     * The proxy refused, or answered something that is no tunnel.
     */
    BAYAR_ERROR_PROXY = 304,
    /**
     * The time limit was reached.
     */
    BAYAR_ERROR_TIMEOUT = 305,
    /**
     * The connection broke before the answer was complete.
     */
    BAYAR_ERROR_CONNECTION_LOST = 306,
    /**
     * An answer that is not DOKU's: a web page, half an answer, a redirect, one that is too large.
     */
    BAYAR_ERROR_BAD_ANSWER = 307,
    /**
     * The call was cancelled; see bayar_cancel_set().
     */
    BAYAR_ERROR_CANCELLED = 308,
    /**
     * DOKU does not accept the client id, the signature or the token.
     */
    BAYAR_ERROR_UNAUTHORIZED = 401,
    /**
     * DOKU refused, and will refuse the same again.
     */
    BAYAR_ERROR_DECLINED = 402,
    /**
     * DOKU refused for now.
     */
    BAYAR_ERROR_TRY_LATER = 403,
    /**
     * DOKU does not know the transaction.
     */
    BAYAR_ERROR_NOT_FOUND = 404,
    /**
     * DOKU has something else recorded under the reference: a person has to look.
     */
    BAYAR_ERROR_CONFLICT = 405,
    /**
     * DOKU has taken the request and is not finished.
     */
    BAYAR_ERROR_IN_PROGRESS = 406,
    /**
     * DOKU, or a system behind it, failed.
     */
    BAYAR_ERROR_SERVER_ERROR = 407,
    /**
     * A fault inside this library. Please report it.
     */
    BAYAR_ERROR_INTERNAL = 501,
    /**
     * The journal could not be read or written.
     */
    BAYAR_ERROR_JOURNAL = 502,
} bayar_code;

/**
 * What is true about the payment or refund after a failure; see bayar_error_outcome().
 */
typedef enum bayar_outcome {
    /**
     * Nothing can have happened: no byte of it was sent by this call.
     */
    BAYAR_OUTCOME_NOT_SENT = 1,
    /**
     * DOKU said no: nothing happened.
     */
    BAYAR_OUTCOME_REFUSED = 2,
    /**
     * It may have happened. Ask, or call again with the same reference; never repeat it under a new one.
     */
    BAYAR_OUTCOME_UNKNOWN = 3,
} bayar_outcome;

/**
 * What to do after a failure; see bayar_error_retry().
 */
typedef enum bayar_retry {
    /**
     * Calling again changes nothing: something has to be corrected first.
     */
    BAYAR_RETRY_NO = 0,
    /**
     * Call again with the same reference, at once if you like.
     */
    BAYAR_RETRY_SAME_REFERENCE = 1,
    /**
     * Call again with the same reference after a while, seconds to minutes.
     */
    BAYAR_RETRY_LATER = 2,
} bayar_retry;

/**
 * How important an entry of the log is; see bayar_log_entry_level().
 */
typedef enum bayar_log_level {
    /**
     * A person has to look.
     */
    BAYAR_LOG_ERROR = 1,
    /**
     * Something went wrong or was tried again.
     */
    BAYAR_LOG_WARN = 2,
    /**
     * What was done.
     */
    BAYAR_LOG_INFO = 3,
    /**
     * Every request and its answer's code.
     */
    BAYAR_LOG_DEBUG = 4,
} bayar_log_level;

/**
 * DOKU's latestTransactionStatus; see bayar_status_transaction_status().
 */
typedef enum bayar_transaction_status {
    /**
     * DOKU said nothing readable about it.
     */
    BAYAR_TRANSACTION_UNKNOWN = -1,
    /**
     * 00: paid.
     */
    BAYAR_TRANSACTION_PAID = 0,
    /**
     * 01: the customer has not begun.
     */
    BAYAR_TRANSACTION_INITIATED = 1,
    /**
     * 02: the customer is paying.
     */
    BAYAR_TRANSACTION_PAYING = 2,
    /**
     * 03: pending.
     */
    BAYAR_TRANSACTION_PENDING = 3,
    /**
     * 04: refunded.
     */
    BAYAR_TRANSACTION_REFUNDED = 4,
    /**
     * 05: cancelled; not final before the link dies.
     */
    BAYAR_TRANSACTION_CANCELLED = 5,
    /**
     * 06: failed; not final before the link dies.
     */
    BAYAR_TRANSACTION_FAILED = 6,
    /**
     * 07: not found; proves nothing.
     */
    BAYAR_TRANSACTION_NOT_FOUND = 7,
} bayar_transaction_status;

/**
 * The state of one refund in a status; see bayar_status_refund_status().
 */
typedef enum bayar_refund_status {
    /**
     * DOKU said nothing readable about it.
     */
    BAYAR_REFUND_UNKNOWN = -1,
    /**
     * 00: refunded.
     */
    BAYAR_REFUND_DONE = 0,
    /**
     * 03: in progress.
     */
    BAYAR_REFUND_PENDING = 3,
    /**
     * 06: failed; nothing was refunded.
     */
    BAYAR_REFUND_FAILED = 6,
} bayar_refund_status;

/**
 * What was ordered; see bayar_record_operation().
 */
typedef enum bayar_operation {
    /**
     * A payment, found by its partner_reference_no.
     */
    BAYAR_OPERATION_PAYMENT = 1,
    /**
     * A refund, found by its partner_refund_no.
     */
    BAYAR_OPERATION_REFUND = 2,
} bayar_operation;

/**
 * What the journal knows of a payment or refund; see bayar_record_state(). A later version may add states.
 */
typedef enum bayar_state {
    /**
     * Open: a call is at work on it, or died at work.
     */
    BAYAR_RECORD_SENDING = 1,
    /**
     * Nothing of it was sent. The next call with the reference sends it.
     */
    BAYAR_RECORD_NOT_SENT = 2,
    /**
     * DOKU did not take the access token, and so did not look at it. The next call with the reference sends it.
     */
    BAYAR_RECORD_NOT_TAKEN = 3,
    /**
     * Done: the payment has its link, the refund is made.
     */
    BAYAR_RECORD_DONE = 4,
    /**
     * Refused for good.
     */
    BAYAR_RECORD_REFUSED = 5,
    /**
     * Refused for now: the next call with the reference makes a new attempt.
     */
    BAYAR_RECORD_REFUSED_FOR_NOW = 6,
    /**
     * Open: it may have happened; DOKU is asked.
     */
    BAYAR_RECORD_UNKNOWN = 7,
    /**
     * Open: DOKU has something else under the reference; a person has to look.
     */
    BAYAR_RECORD_CONFLICT = 8,
    /**
     * The payment's link died, and nobody had paid.
     */
    BAYAR_RECORD_EXPIRED = 9,
    /**
     * A person gave it up; money that comes all the same is reported.
     */
    BAYAR_RECORD_ABANDONED = 10,
} bayar_state;

/**
 * How a person closes a record; see bayar_client_resolve().
 */
typedef enum bayar_resolution {
    /**
     * It happened: DOKU's dashboard shows it.
     */
    BAYAR_RESOLUTION_DONE = 1,
    /**
     * It did not happen, and will not.
     */
    BAYAR_RESOLUTION_REFUSED = 2,
    /**
     * Whatever became of it, it is not wanted any more. A payment's link may still be paid, which is reported.
     */
    BAYAR_RESOLUTION_ABANDONED = 3,
} bayar_resolution;

/**
 * How a record compares with what DOKU says; see bayar_record_comparison().
 */
typedef enum bayar_comparison {
    /**
     * It was not compared.
     */
    BAYAR_COMPARISON_NONE = 0,
    /**
     * The two agree.
     */
    BAYAR_COMPARISON_AGREES = 1,
    /**
     * DOKU's answer does not tell.
     */
    BAYAR_COMPARISON_UNCLEAR = 2,
    /**
     * They contradict each other: a person has to look.
     */
    BAYAR_COMPARISON_DIFFERS = 3,
} bayar_comparison;

/**
 * Which records; see bayar_client_records().
 */
typedef enum bayar_which {
    /**
     * All of them.
     */
    BAYAR_RECORDS_ALL = 1,
    /**
     * Those whose fate is not known, and payments that were given up while their link lives.
     */
    BAYAR_RECORDS_OPEN = 2,
    /**
     * A payment and its refunds, or a refund, by its reference.
     */
    BAYAR_RECORDS_REFERENCE = 3,
    /**
     * Those that were first written down on a day of Jakarta, such as "2026-11-22".
     */
    BAYAR_RECORDS_DAY = 4,
} bayar_which;

/**
 * Where a notification stands among those that came before; see bayar_delivery_order().
 */
typedef enum bayar_standing {
    /**
     * It was not acknowledged before: act on it.
     */
    BAYAR_DELIVERY_NEW = 1,
    /**
     * The same was acknowledged before: there is nothing left to do but to acknowledge it again.
     */
    BAYAR_DELIVERY_REPEAT = 2,
    /**
     * It says less than what is known already, such as pending after paid: acknowledge it, and do not go back.
     */
    BAYAR_DELIVERY_LATE = 3,
} bayar_standing;

/**
 * What your server is to send back to DOKU. Never changes; may be read from any thread; free it with bayar_answer_free().
 */
typedef struct bayar_answer bayar_answer;

/**
 * A flag that ends calls in flight. May be set from any thread and from a signal handler; free it with
 * bayar_cancel_free().
 */
typedef struct bayar_cancel bayar_cancel;

/**
 * A merchant's client. Make one, keep it, and share it among all threads: it keeps the connection, the access token and
 * the parsed key. Free it with bayar_client_free() when no call is running.
 */
typedef struct bayar_client bayar_client;

/**
 * Settings for a client. Used by one thread at a time; free it with bayar_config_free(), also right after the client
 * was made.
 */
typedef struct bayar_config bayar_config;

/**
 * A notification that came in, and what you decide about it. Used by one thread at a time; free it with
 * bayar_delivery_free().
 */
typedef struct bayar_delivery bayar_delivery;

/**
 * Why a call failed. Never changes; may be read from any thread; free it with bayar_error_free().
 */
typedef struct bayar_error bayar_error;

/**
 * Notifications that somebody has yet to look at, as they were when they were read. Never changes; may be read from any
 * thread; free it with bayar_inbox_free().
 */
typedef struct bayar_inbox bayar_inbox;

/**
 * A request that came in at your server. Used by one thread at a time; free it with bayar_incoming_free().
 */
typedef struct bayar_incoming bayar_incoming;

/**
 * One entry of a client's log. Never changes; may be read from any thread; free it with bayar_log_entry_free().
 */
typedef struct bayar_log_entry bayar_log_entry;

/**
 * A payment that DOKU has taken. Never changes; may be read from any thread; free it with bayar_payment_free().
 */
typedef struct bayar_payment bayar_payment;

/**
 * What the customer is to pay. Used by one thread at a time; free it with bayar_payment_request_free().
 */
typedef struct bayar_payment_request bayar_payment_request;

/**
 * A payment or refund in the journal, as it was when it was read. Never changes; may be read from any thread; free it with
 * bayar_record_free().
 */
typedef struct bayar_record bayar_record;

/**
 * Records of the journal, one after the other. Used by one thread at a time; free it with bayar_records_free().
 */
typedef struct bayar_records bayar_records;

/**
 * A refund that DOKU has made. Never changes; may be read from any thread; free it with bayar_refund_free().
 */
typedef struct bayar_refund bayar_refund;

/**
 * What the customer is to get back. Used by one thread at a time; free it with bayar_refund_request_free().
 */
typedef struct bayar_refund_request bayar_refund_request;

/**
 * What DOKU says of a payment. Never changes; may be read from any thread; free it with bayar_status_free().
 */
typedef struct bayar_status bayar_status;

/**
 * A text, such as a signature. Never changes; may be read from any thread; free it with bayar_text_free().
 */
typedef struct bayar_text bayar_text;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that is loaded, such as "0.1.0". A constant; not to be freed.
 */
BAYAR_API const char *BAYAR_CALL bayar_version(void);

/**
 * The version of the C ABI: 0 until 1.0, when it may still change; compare it with BAYAR_ABI_VERSION of the header that
 * the program was compiled with. From 1 on a program that was built with an equal number runs on every later library.
 */
BAYAR_API int32_t BAYAR_CALL bayar_abi_version(void);

/**
 * The code, the same that the function returned (enum bayar_code); BAYAR_OK for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_error_code(const struct bayar_error *error);

/**
 * A sentence for people, in English and UTF-8, without any secret: what was wrong and what to do. It may change between
 * versions: do not compare it. Lives as long as the error; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_error_message(const struct bayar_error *error);

/**
 * What is true about the payment or refund (enum bayar_outcome): not sent, refused, or unknown. After
 * bayar_client_status() and bayar_client_wait() it is BAYAR_OUTCOME_UNKNOWN whenever the question could not be answered,
 * for a question that failed proves nothing about the payment. For NULL BAYAR_OUTCOME_UNKNOWN, the answer that can do no
 * harm.
 */
BAYAR_API int32_t BAYAR_CALL bayar_error_outcome(const struct bayar_error *error);

/**
 * What to do next (enum bayar_retry); BAYAR_RETRY_NO for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_error_retry(const struct bayar_error *error);

/**
 * The seven digits that DOKU answered (responseCode), such as "4045413"; NULL if there was no such answer. Lives as
 * long as the error.
 */
BAYAR_API const char *BAYAR_CALL bayar_error_response_code(const struct bayar_error *error);

/**
 * The HTTP status of the answer; 0 if none came, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_error_http_status(const struct bayar_error *error);

/**
 * The parameter or setting at fault, by its name in this API, such as "amount"; NULL if none is. Lives as long as the
 * error.
 */
BAYAR_API const char *BAYAR_CALL bayar_error_field(const struct bayar_error *error);

/**
 * The X-EXTERNAL-ID of the request, which DOKU's support asks for; NULL if it had none. Lives as long as the error.
 */
BAYAR_API const char *BAYAR_CALL bayar_error_external_id(const struct bayar_error *error);

/**
 * Frees an error; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_error_free(struct bayar_error *error);

/**
 * Makes an empty set of settings: all defaults.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_config_new(struct bayar_config **config, struct bayar_error **error);

/**
 * Sets one setting; a later value replaces an earlier one. docs/settings.md lists the names, values and defaults. All
 * values are text: bayar_config_set(config, "timeout_ms", "5000", &error).
 *
 * Fails with BAYAR_ERROR_UNKNOWN_SETTING (the message tells the nearest name) or BAYAR_ERROR_INVALID_SETTING; then
 * nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_config_set(
    struct bayar_config *config,
    const char *name,
    const char *value,
    struct bayar_error **error);

/**
 * Sets every setting for which the environment has a variable BAYAR_<NAME>, such as BAYAR_TIMEOUT_MS. Nothing else
 * reads the environment. An empty variable counts as not set; one that names no setting is ignored.
 *
 * Fails as bayar_config_set(); the message names the variable.
 */
BAYAR_API int32_t BAYAR_CALL bayar_config_load_environment(struct bayar_config *config, struct bayar_error **error);

/**
 * Sets what a file says: TOML, one setting a line, such as client_id = "BRN-0211-1696919651918" or timeout_ms = 5000.
 * `path` is UTF-8 on every system.
 *
 * Fails as bayar_config_set(), and with BAYAR_ERROR_INVALID_SETTING when the file cannot be read; the message names the
 * file, and where it is no TOML the line, never what is in it.
 */
BAYAR_API int32_t BAYAR_CALL bayar_config_load_file(
    struct bayar_config *config,
    const char *path,
    struct bayar_error **error);

/**
 * Frees settings and wipes the secrets among them; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_config_free(struct bayar_config *config);

/**
 * Makes a client from settings, which are copied: the config may be changed or freed afterwards. Reads the key and CA
 * files, and opens the journal; opens no connection to DOKU.
 *
 * Fails with BAYAR_ERROR_MISSING_SETTING, BAYAR_ERROR_INVALID_SETTING or BAYAR_ERROR_INVALID_KEY; bayar_error_field()
 * names the setting. With BAYAR_ERROR_JOURNAL where the journal cannot be used: a file that others may read (its mode must
 * be 600), that is no journal, is damaged, or is on a network file system.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_new(
    const struct bayar_config *config,
    struct bayar_client **client,
    struct bayar_error **error);

/**
 * Gives the client with these settings that this process already has, or makes one as bayar_client_new() does and keeps it
 * for the next who asks. For programs that begin anew again and again in one process, as PHP does with every web request:
 * the connection, the access token, the parsed key and what is remembered without a journal go on from one to the next.
 * The config may be changed or freed afterwards.
 *
 * Two are the same if all settings have the same values, and the key and CA files are the same and unchanged (told by
 * device, number, times and size), and so is the journal's file (device, number, time of its making): where one was
 * replaced, a new client takes the place of the old. Settings are compared by a hash with a key that is random for each
 * process. At most 32 clients are kept; beyond, the one that was used least recently is let go.
 *
 * Free it with bayar_client_free() as any other: what is freed is your hold on it. Who else holds the same client is not
 * touched, and the library's own hold stays, until bayar_client_forget_acquired() or the end of the process. A log is one
 * for all who hold the client, and a flag is given to your hold alone (bayar_client_with_cancel()).
 *
 * A forked child keeps clients of its own: it never gets one that its parent acquired. May be called from any thread; of
 * threads that come first at the same moment all get the same client. Opens no connection to DOKU, and starts no thread.
 *
 * Fails as bayar_client_new(), and then keeps nothing.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_acquire(
    const struct bayar_config *config,
    struct bayar_client **client,
    struct bayar_error **error);

/**
 * Keeps no client of bayar_client_acquire() any longer: each is closed and its secrets are wiped as soon as nobody holds
 * it, those that nobody holds at once. The next bayar_client_acquire() makes a new one. May be called from any thread.
 */
BAYAR_API void BAYAR_CALL bayar_client_forget_acquired(void);

/**
 * Connects to DOKU and fetches the access token ahead, so that the next payment costs one round trip; does nothing while a
 * token is held that is not near its end. Not needed for correctness: every call does it by itself when it has to.
 *
 * Fails with a code of the 3xx or 4xx group; nothing but the token request was sent. Returns within timeout_ms.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_warm_up(const struct bayar_client *client, struct bayar_error **error);

/**
 * Makes a payment: DOKU is asked for a link, to which the customer is then sent. The payment is not paid yet; see
 * bayar_client_wait(). The request may be used again or freed afterwards.
 *
 * Calling again with the same reference is always safe: there is one payment, and every call tells the same of it; with the
 * setting journal also after a crash or a power cut, and from every process and machine on the same journal. A call that
 * finds another at work on the reference waits for it within timeout_ms.
 *
 * Without that setting what was paid is remembered within this client only (up to 10,000 payments and refunds). A restarted
 * program sends the same X-EXTERNAL-ID again, so that DOKU's own deduplication protects for the day: it repeats its answer
 * if the body is the same (give valid_up_to for that, for it is otherwise counted from now); else this call fails with
 * BAYAR_ERROR_CONFLICT, or gives a payment without a link if it is paid. Nor can an outcome after a restart tell what the
 * program did before.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT (valid_up_to is past), BAYAR_ERROR_REFERENCE_REUSED (the same reference with
 * another amount or channel; bayar_error_field() says which), BAYAR_ERROR_JOURNAL (it cannot be written down, so nothing
 * was sent), or a code of the 3xx, 4xx or 5xx group: then
 * bayar_error_outcome() says whether it may have happened. Returns within timeout_ms.
 *
 * Wire: POST /direct-debit/core/v1/debit/payment-host-to-host, developers.doku.com, E-Wallet DANA.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_pay(
    const struct bayar_client *client,
    const struct bayar_payment_request *request,
    struct bayar_payment **payment,
    struct bayar_error **error);

/**
 * Refunds a payment, in whole or in part. The request may be used again or freed afterwards.
 *
 * Calling again with the same partner_refund_no is always safe and gives the same one refund (remembered as for
 * bayar_client_pay()). Two numbers are two refunds: one that would bring the refunds of a payment, as far as the journal
 * knows them, above the payment is not sent; see bayar_refund_request_set_allow_over_refund().
 *
 * Fails as bayar_client_pay(); BAYAR_ERROR_INVALID_ARGUMENT with the field "amount" where the refunds would exceed the
 * payment, BAYAR_ERROR_REFERENCE_REUSED also for the same number with another original payment, and
 * BAYAR_ERROR_IN_PROGRESS (outcome unknown) while DOKU is working on it. Returns within timeout_ms.
 *
 * Wire: POST /direct-debit/core/v1/debit/refund, developers.doku.com, E-Wallet DANA. Whether DOKU's API allows partial
 * refunds for DANA is not published.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_refund(
    const struct bayar_client *client,
    const struct bayar_refund_request *request,
    struct bayar_refund **refund,
    struct bayar_error **error);

/**
 * Asks DOKU for the status of a payment, by your own reference (1 to 64 characters). DOKU wishes to be asked no earlier
 * than 60 seconds after the payment.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT or a code of the 3xx or 4xx group. Whatever fails, also
 * BAYAR_ERROR_NOT_FOUND, proves nothing about the payment: perhaps the customer has not opened the link.
 * BAYAR_ERROR_CONFLICT if DOKU's amount is another than this client ordered. Returns within timeout_ms.
 *
 * Wire: POST /orders/v1.0/debit/status (DOKU's SDKs).
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_status(
    const struct bayar_client *client,
    const char *original_partner_reference_no,
    struct bayar_status **status,
    struct bayar_error **error);

/**
 * Asks for the status of a payment again and again until it is final (bayar_status_is_final()) or `limit_ms`
 * milliseconds are over, and gives the last answer, which then is not final. The pauses begin with the setting
 * status_interval_ms and grow to ten times that. Failed inquiries are repeated within the limit. This is how a till
 * behind a router, which gets no notification, learns that the customer has paid.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT (also for a limit below 0), at once with BAYAR_ERROR_UNAUTHORIZED if DOKU does
 * not accept the merchant, with BAYAR_ERROR_CONFLICT if DOKU's amount is another than this client ordered, and as
 * bayar_client_status() when no inquiry was answered by the end. An answer that is not final may be some pauses old when
 * the network failed since: where "not paid" matters, ask bayar_client_status(). The first inquiry is always made: returns
 * within the limit, or within 2 seconds where that is longer.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_wait(
    const struct bayar_client *client,
    const char *original_partner_reference_no,
    int64_t limit_ms,
    struct bayar_status **status,
    struct bayar_error **error);

/**
 * Frees a client, closes its connections and wipes its secrets; NULL is nothing. No call may be running on it. Of an acquired
 * client, and of one with a flag, only this hold on it is freed.
 */
BAYAR_API void BAYAR_CALL bayar_client_free(struct bayar_client *client);

/**
 * Makes a flag that is not set.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_cancel_new(struct bayar_cancel **cancel, struct bayar_error **error);

/**
 * Sets the flag: the calls of every client that it was given to end within some 50 ms, and those to come at once, with
 * BAYAR_ERROR_CANCELLED and what is true about the money: not sent if no byte of the payment or refund was, else unknown;
 * then the next call with its reference settles it. NULL is nothing. May be called from any thread and from a signal
 * handler, as often as you like.
 */
BAYAR_API void BAYAR_CALL bayar_cancel_set(const struct bayar_cancel *cancel);

/**
 * Takes the flag back, so that calls go through again. NULL is nothing. May be called from any thread.
 */
BAYAR_API void BAYAR_CALL bayar_cancel_reset(const struct bayar_cancel *cancel);

/**
 * Frees a flag; NULL is nothing. Clients that it was given to keep what they need of it.
 */
BAYAR_API void BAYAR_CALL bayar_cancel_free(struct bayar_cancel *cancel);

/**
 * Makes another face of the same client, whose calls end when the flag is set. Connection, token and what is remembered
 * are shared with `client`. Free it with bayar_client_free(); either of the two may be freed first.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_with_cancel(
    const struct bayar_client *client,
    const struct bayar_cancel *cancel,
    struct bayar_client **cancellable,
    struct bayar_error **error);

/**
 * Makes the request for a payment of `amount` rupiah under your own number `partner_reference_no`.
 *
 * `partner_reference_no`: 1 to 64 printable ASCII characters without space, quote and backslash; it is the payment's
 * identity, and the same number is never paid twice. `amount`: digits, with no decimals or exactly two, such as "10000"
 * or "10000.00"; at least 1 rupiah, at most 16 digits before the point.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; bayar_error_field() says which of the two.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_new(
    const char *partner_reference_no,
    const char *amount,
    struct bayar_payment_request **request,
    struct bayar_error **error);

/**
 * Where the customer goes after paying (urlParam.url): at most 512 characters that are legal in a URL, such as
 * "https://shop.example/thanks" or an app's own "shop://thanks". Without it that of the settings is sent; DOKU's SDKs
 * make it mandatory.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_return_url(
    struct bayar_payment_request *request,
    const char *return_url,
    struct bayar_error **error);

/**
 * Whether the return URL opens an app (urlParam.isDeepLink): 0 for no, which is the default, anything else for yes. It is
 * sent only together with a return URL.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_is_deep_link(
    struct bayar_payment_request *request,
    int32_t is_deep_link,
    struct bayar_error **error);

/**
 * When the link dies (validUpTo): a date with its zone, such as "2024-07-10T11:57:58+07:00"; it is sent in Jakarta time.
 * Without it the setting payment_lifetime_s counts from the moment of paying. DANA's own limit is one week.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT, and bayar_client_pay() does when it is past; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_valid_up_to(
    struct bayar_payment_request *request,
    const char *valid_up_to,
    struct bayar_error **error);

/**
 * Where the customer is (pointOfInitiation): "app", "pc" or "mweb".
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_point_of_initiation(
    struct bayar_payment_request *request,
    const char *point_of_initiation,
    struct bayar_error **error);

/**
 * What the customer reads in DANA (additionalInfo.orderTitle): 1 to 255 characters of any script, without control
 * characters and U+2028, U+2029.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_title(
    struct bayar_payment_request *request,
    const char *title,
    struct bayar_error **error);

/**
 * Whether the checkout jumps into the DANA app instead of a web view (additionalInfo.supportDeepLinkCheckoutUrl): 0 for
 * no, anything else for yes. Not sent unless set; DOKU's default is no.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_support_deep_link_checkout_url(
    struct bayar_payment_request *request,
    int32_t support_deep_link_checkout_url,
    struct bayar_error **error);

/**
 * Another channel than that of the settings (additionalInfo.channel), such as "EMONEY_DANA_SNAP".
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_channel(
    struct bayar_payment_request *request,
    const char *channel,
    struct bayar_error **error);

/**
 * The customer's device or the till (X-DEVICE-ID): 1 to 64 letters and digits. Without it that of the settings is sent.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_device_id(
    struct bayar_payment_request *request,
    const char *device_id,
    struct bayar_error **error);

/**
 * The customer's IPv4 address (X-IP-ADDRESS), such as "8.8.8.8".
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_ip_address(
    struct bayar_payment_request *request,
    const char *ip_address,
    struct bayar_error **error);

/**
 * Members to add to the body, as one JSON object of at most 64 KiB, for what DOKU adds tomorrow:
 * {"additionalInfo":{"origin":{"source":"till"}}}. They may only add: a member that this API writes is refused. A later
 * call replaces an earlier one's.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_request_set_extra_json(
    struct bayar_payment_request *request,
    const char *extra_json,
    struct bayar_error **error);

/**
 * Frees a request; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_payment_request_free(struct bayar_payment_request *request);

/**
 * Your own reference. Lives as long as the payment; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_partner_reference_no(const struct bayar_payment *payment);

/**
 * The amount in rupiah with two decimals, such as "10000.00". Lives as long as the payment; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_amount(const struct bayar_payment *payment);

/**
 * The page to send the customer to (webRedirectUrl). Lives as long as the payment. NULL for NULL, and where the payment
 * exists without a link: it is paid already and was found by its status after its first answer was lost, or DOKU's
 * answer had no link. Then do not make another payment: see bayar_client_status().
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_redirect_url(const struct bayar_payment *payment);

/**
 * DOKU's reference (referenceNo); NULL if DOKU gave none. Lives as long as the payment.
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_reference_no(const struct bayar_payment *payment);

/**
 * The X-EXTERNAL-ID that it was sent under, which DOKU's support asks for. Lives as long as the payment; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_external_id(const struct bayar_payment *payment);

/**
 * When the link dies, in Jakarta time, such as "2024-07-10T11:57:58+07:00". Lives as long as the payment; NULL for NULL,
 * and where the payment was found by its status.
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_valid_up_to(const struct bayar_payment *payment);

/**
 * The seven digits that DOKU answered (responseCode); empty where a person recorded the payment. Lives as long as the
 * payment; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_response_code(const struct bayar_payment *payment);

/**
 * All that DOKU answered, as JSON in UTF-8; empty where a person recorded the payment. Lives as long as the payment; NULL
 * for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_payment_json(const struct bayar_payment *payment);

/**
 * 1 if the journal has this result; 0 where it could not be written down (a full disk), and for NULL. The payment is true
 * all the same, and is found again by asking DOKU.
 */
BAYAR_API int32_t BAYAR_CALL bayar_payment_is_recorded(const struct bayar_payment *payment);

/**
 * Frees a payment's description; NULL is nothing. The payment itself goes on.
 */
BAYAR_API void BAYAR_CALL bayar_payment_free(struct bayar_payment *payment);

/**
 * Makes the request for a refund of `amount` rupiah of the payment `original_partner_reference_no`, under your own number
 * `partner_refund_no`.
 *
 * Both numbers: 1 to 64 printable ASCII characters without space, quote and backslash. `partner_refund_no` is the
 * refund's identity: the same number is never refunded twice, two numbers are two refunds. `amount` as for
 * bayar_payment_request_new().
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; bayar_error_field() says which of the three.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_new(
    const char *original_partner_reference_no,
    const char *amount,
    const char *partner_refund_no,
    struct bayar_refund_request **request,
    struct bayar_error **error);

/**
 * Why (reason): 1 to 255 characters of any script, without control characters and U+2028, U+2029.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_set_reason(
    struct bayar_refund_request *request,
    const char *reason,
    struct bayar_error **error);

/**
 * The X-EXTERNAL-ID of the payment (originalExternalId), as bayar_payment_external_id() told it: 1 to 64 letters, digits
 * and hyphens. DOKU does not require it.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_set_original_external_id(
    struct bayar_refund_request *request,
    const char *original_external_id,
    struct bayar_error **error);

/**
 * Another channel than that of the settings (additionalInfo.channel), such as "EMONEY_DANA_SNAP".
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_set_channel(
    struct bayar_refund_request *request,
    const char *channel,
    struct bayar_error **error);

/**
 * The customer's device or the till (X-DEVICE-ID): 1 to 64 letters and digits. Without it that of the settings is sent.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_set_device_id(
    struct bayar_refund_request *request,
    const char *device_id,
    struct bayar_error **error);

/**
 * The customer's IPv4 address (X-IP-ADDRESS), such as "8.8.8.8".
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_set_ip_address(
    struct bayar_refund_request *request,
    const char *ip_address,
    struct bayar_error **error);

/**
 * Lets this refund through although, with the payment's other refunds that are done or may be, it comes to more than the
 * payment: 0 for no, which is the default, anything else for yes. Without it such a refund fails and nothing is sent: two
 * numbers are two refunds, and the second is more often a mistake.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_set_allow_over_refund(
    struct bayar_refund_request *request,
    int32_t allow_over_refund,
    struct bayar_error **error);

/**
 * Members to add to the body, as one JSON object of at most 64 KiB, for what DOKU adds tomorrow:
 * {"additionalInfo":{"origin":{"source":"till"}}}. They may only add: a member that this API writes is refused. A later
 * call replaces an earlier one's.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_request_set_extra_json(
    struct bayar_refund_request *request,
    const char *extra_json,
    struct bayar_error **error);

/**
 * Frees a request; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_refund_request_free(struct bayar_refund_request *request);

/**
 * Your own reference of the payment. Lives as long as the refund; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_original_partner_reference_no(const struct bayar_refund *refund);

/**
 * Your own number of the refund. Lives as long as the refund; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_partner_refund_no(const struct bayar_refund *refund);

/**
 * The amount in rupiah with two decimals, such as "10000.00". Lives as long as the refund; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_amount(const struct bayar_refund *refund);

/**
 * DOKU's number of the refund (refundNo); NULL if DOKU gave none. Lives as long as the refund.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_refund_no(const struct bayar_refund *refund);

/**
 * DOKU's reference of the payment (originalReferenceNo); NULL if DOKU gave none. Lives as long as the refund.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_original_reference_no(const struct bayar_refund *refund);

/**
 * When, as DOKU wrote it (its documents disagree on form and zone); NULL if DOKU did not say. Lives as long as the
 * refund.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_refund_time(const struct bayar_refund *refund);

/**
 * The X-EXTERNAL-ID that it was sent under. Lives as long as the refund; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_external_id(const struct bayar_refund *refund);

/**
 * The seven digits that DOKU answered (responseCode); empty where a person recorded the refund. Lives as long as the
 * refund; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_response_code(const struct bayar_refund *refund);

/**
 * All that DOKU answered, as JSON in UTF-8: the answer to the refund, or the status in which it was found; empty where a
 * person recorded the refund. Lives as long as the refund; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_refund_json(const struct bayar_refund *refund);

/**
 * 1 if the journal has this result; 0 where it could not be written down (a full disk), and for NULL. The refund is made all
 * the same, and is found again by asking DOKU.
 */
BAYAR_API int32_t BAYAR_CALL bayar_refund_is_recorded(const struct bayar_refund *refund);

/**
 * Frees a refund's description; NULL is nothing. The refund itself stays made.
 */
BAYAR_API void BAYAR_CALL bayar_refund_free(struct bayar_refund *refund);

/**
 * The state (enum bayar_transaction_status); BAYAR_TRANSACTION_UNKNOWN when DOKU said nothing readable, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_status_transaction_status(const struct bayar_status *status);

/**
 * 1 if the customer has paid (00); else 0, also for NULL, and when the payment was refunded (04).
 */
BAYAR_API int32_t BAYAR_CALL bayar_status_is_paid(const struct bayar_status *status);

/**
 * 1 if asking again will not change the answer: paid or refunded, or cancelled or failed after the link died (known for
 * payments that this client made); else 0, also for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_status_is_final(const struct bayar_status *status);

/**
 * Your own reference. Lives as long as the status; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_original_partner_reference_no(const struct bayar_status *status);

/**
 * DOKU's reference (originalReferenceNo); NULL if DOKU gave none. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_original_reference_no(const struct bayar_status *status);

/**
 * DOKU's words for the state; NULL if it gave none. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_transaction_status_desc(const struct bayar_status *status);

/**
 * The amount in rupiah (transAmount), such as "10000.00"; NULL if DOKU gave none. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_amount(const struct bayar_status *status);

/**
 * DOKU's fee in rupiah (feeAmount); NULL if DOKU gave none. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_fee(const struct bayar_status *status);

/**
 * When it was paid, as DOKU wrote it; NULL if DOKU did not say. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_paid_time(const struct bayar_status *status);

/**
 * The approval code; NULL if DOKU gave none. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_approval_code(const struct bayar_status *status);

/**
 * The X-EXTERNAL-ID of the payment; NULL if DOKU gave none. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_original_external_id(const struct bayar_status *status);

/**
 * The seven digits that DOKU answered (responseCode). Lives as long as the status; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_response_code(const struct bayar_status *status);

/**
 * All that DOKU answered, as JSON in UTF-8. Lives as long as the status; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_json(const struct bayar_status *status);

/**
 * 1 if DOKU's answer had a list of refunds, even an empty one; else 0, also for NULL. A refund that is missing where there
 * is no list proves nothing.
 */
BAYAR_API int32_t BAYAR_CALL bayar_status_has_refund_history(const struct bayar_status *status);

/**
 * How many refunds DOKU lists; 0 for NULL.
 */
BAYAR_API size_t BAYAR_CALL bayar_status_refund_count(const struct bayar_status *status);

/**
 * The state of the refund at `index`, counted from 0 (enum bayar_refund_status); BAYAR_REFUND_UNKNOWN when DOKU said
 * nothing readable, beyond the end, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_status_refund_status(const struct bayar_status *status, size_t index);

/**
 * Your own number of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_refund_partner_refund_no(const struct bayar_status *status, size_t index);

/**
 * DOKU's number of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_refund_refund_no(const struct bayar_status *status, size_t index);

/**
 * The amount in rupiah of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_refund_amount(const struct bayar_status *status, size_t index);

/**
 * When the refund at `index` was made, as DOKU wrote it; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_refund_date(const struct bayar_status *status, size_t index);

/**
 * The reason of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
 */
BAYAR_API const char *BAYAR_CALL bayar_status_refund_reason(const struct bayar_status *status, size_t index);

/**
 * Frees a status; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_status_free(struct bayar_status *status);

/**
 * Asks DOKU about every payment and refund whose fate is not known and whose time has come, and gives those that were
 * asked about, as they are now. Call it at start-up and from a timer, once a minute or less often; 30000 is a good limit.
 *
 * It only asks: nothing is ever sent again by it. DOKU is asked about a record a minute after the call that left it open,
 * then ever less often, up to once an hour (bayar_record_next_inquiry()). Payments that were given up by
 * bayar_client_resolve() are asked about until their link is dead; see bayar_record_is_paid_after_cancel(). An inquiry that
 * fails is no failure of this call: the record stays open. Settled records older than the setting journal_keep_days are
 * removed by the way, up to 1,000 a call. Where the time was over before all that was due was asked about,
 * bayar_records_is_complete() is 0: call it again.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT (a limit below 0) or BAYAR_ERROR_JOURNAL. Returns within `limit_ms`
 * milliseconds; a journal that others keep busy can hold it for up to timeout_ms longer. May be called from any thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_settle(
    const struct bayar_client *client,
    int64_t limit_ms,
    struct bayar_records **records,
    struct bayar_error **error);

/**
 * Closes by hand a record whose fate is not known, after a look into DOKU's dashboard; or gives up
 * (BAYAR_RESOLUTION_ABANDONED) a payment that has its link and is not paid, which the customer can still do.
 *
 * `operation`: enum bayar_operation. `reference`: its partner_reference_no or partner_refund_no. `resolution`: enum
 * bayar_resolution. `reason`: 1 to 255 characters, without control characters and U+2028, U+2029; it is kept, and told to
 * whoever calls with that reference again. Gives the record as it is then. The same call again changes nothing, and gives
 * the same.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT, also where the record is settled, a call is at work on it, or there is none
 * (bayar_error_field() is "reference"); or with BAYAR_ERROR_JOURNAL. Then nothing has changed. Returns within timeout_ms.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_resolve(
    const struct bayar_client *client,
    int32_t operation,
    const char *reference,
    int32_t resolution,
    const char *reason,
    struct bayar_record **record,
    struct bayar_error **error);

/**
 * Compares the records that were first written down on a day with what DOKU says of each now: for the till's closing, or the
 * back office the morning after. `day` is one of Jakarta, such as "2026-11-22". Each record says by
 * bayar_record_comparison() whether the two agree, and by bayar_record_finding() what was found. DOKU is asked once for each
 * payment; what that tells of an open record is written down. Nothing is sent again.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT (the day, or a limit below 0) or BAYAR_ERROR_JOURNAL. Returns within `limit_ms`
 * milliseconds (as bayar_client_settle()); where the time was over before all were compared,
 * bayar_records_is_complete() is 0. May be called from any thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_reconcile(
    const struct bayar_client *client,
    const char *day,
    int64_t limit_ms,
    struct bayar_records **records,
    struct bayar_error **error);

/**
 * Lists records of the journal, the oldest first. `which`: enum bayar_which. `value`: the reference for
 * BAYAR_RECORDS_REFERENCE, the day for BAYAR_RECORDS_DAY, else NULL. They are read as bayar_records_next() comes to them,
 * 200 at a time; what is written meanwhile may or may not be among them. The client may be freed before the list.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT; that the journal cannot be read bayar_records_next() tells. May be called from any
 * thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_records(
    const struct bayar_client *client,
    int32_t which,
    const char *value,
    struct bayar_records **records,
    struct bayar_error **error);

/**
 * Gives one payment or refund as the journal knows it; `*record` is NULL where it does not. Asks DOKU nothing. `operation`:
 * enum bayar_operation. `reference`: 1 to 64 characters.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT or BAYAR_ERROR_JOURNAL. Returns within timeout_ms. May be called from any thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_record(
    const struct bayar_client *client,
    int32_t operation,
    const char *reference,
    struct bayar_record **record,
    struct bayar_error **error);

/**
 * Makes the tables of a journal on PostgreSQL, or brings those of an earlier version forward; does nothing where they are
 * up to date. Only this call needs a database user with the right to make tables. A journal in a file, or in memory, is
 * made by itself, and this call does nothing.
 *
 * Fails with BAYAR_ERROR_JOURNAL. Returns within timeout_ms.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_create_journal(const struct bayar_client *client, struct bayar_error **error);

/**
 * Gives the next record; `*record` is NULL at the end. Each record is freed by bayar_record_free(), before or after the
 * list.
 *
 * Fails with BAYAR_ERROR_JOURNAL where the journal cannot be read on, and from then on always: what came until then is not all.
 * Returns within timeout_ms.
 */
BAYAR_API int32_t BAYAR_CALL bayar_records_next(
    struct bayar_records *records,
    struct bayar_record **record,
    struct bayar_error **error);

/**
 * 0 if bayar_client_settle() ran out of time before it had asked about all that was due, or bayar_client_reconcile() before
 * it had compared all records of the day, or if bayar_records_next() has failed; else 1. 0 for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_records_is_complete(const struct bayar_records *records);

/**
 * Frees a list; NULL is nothing. The records that it gave live on.
 */
BAYAR_API void BAYAR_CALL bayar_records_free(struct bayar_records *records);

/**
 * What was ordered (enum bayar_operation); 0 for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_operation(const struct bayar_record *record);

/**
 * Your own number: the partner_reference_no of a payment, the partner_refund_no of a refund. Lives as long as the record;
 * NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_reference(const struct bayar_record *record);

/**
 * The payment that a refund is for; NULL for a payment. Lives as long as the record.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_original_partner_reference_no(const struct bayar_record *record);

/**
 * The amount in rupiah, such as "10000.00". Lives as long as the record; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_amount(const struct bayar_record *record);

/**
 * What the journal knows of it (enum bayar_state); 0 for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_state(const struct bayar_record *record);

/**
 * 1 if its fate is not known: it may have happened, and it is asked about until it is settled, or closed by
 * bayar_client_resolve(); else 0, also for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_is_open(const struct bayar_record *record);

/**
 * What DOKU last said of a payment's money (enum bayar_transaction_status): a payment that is done has its link, and is not
 * thereby paid. BAYAR_TRANSACTION_UNKNOWN if DOKU was not asked since, for a refund, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_transaction_status(const struct bayar_record *record);

/**
 * 1 if a payment was paid after it had been given up or had expired: the customer's money is to be given back; else 0, also
 * for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_is_paid_after_cancel(const struct bayar_record *record);

/**
 * The X-EXTERNAL-ID of its last attempt, which DOKU's support asks for. Lives as long as the record; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_external_id(const struct bayar_record *record);

/**
 * How many attempts there were, each under an X-EXTERNAL-ID of its own; 0 for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_attempts(const struct bayar_record *record);

/**
 * When it was first written down, in Jakarta time, such as "2026-11-22T20:15:00+07:00". Lives as long as the record; NULL
 * for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_created(const struct bayar_record *record);

/**
 * When it last changed, in the form of bayar_record_created(). Lives as long as the record; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_changed(const struct bayar_record *record);

/**
 * When the payment's link dies, in the form of bayar_record_created(); NULL for a refund. Lives as long as the record.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_valid_up_to(const struct bayar_record *record);

/**
 * From when on bayar_client_settle() asks DOKU about it, in the form of bayar_record_created(); NULL where it is not asked
 * about any more. Lives as long as the record.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_next_inquiry(const struct bayar_record *record);

/**
 * How often DOKU was asked about it; 0 for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_inquiries(const struct bayar_record *record);

/**
 * What a person should know: what is in conflict, or why it was closed by hand; NULL if there is nothing. Lives as long as
 * the record.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_note(const struct bayar_record *record);

/**
 * What DOKU answered, as JSON in UTF-8; NULL where it has not, or a person closed the record. Lives as long as the record.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_answer_json(const struct bayar_record *record);

/**
 * What happened, for a support desk: English lines, each with its time and a line break at its end, the last 4,000 bytes of
 * them. Lives as long as the record; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_trail(const struct bayar_record *record);

/**
 * How it compares with what DOKU says (enum bayar_comparison); BAYAR_COMPARISON_NONE unless it comes from
 * bayar_client_reconcile(), and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_record_comparison(const struct bayar_record *record);

/**
 * What the comparison found: an English sentence; NULL where nothing was compared. Lives as long as the record.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_finding(const struct bayar_record *record);

/**
 * All of it as one line of JSON in UTF-8, without a line break: a line of an export. docs/journal.md lists the members.
 * Lives as long as the record; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_record_json(const struct bayar_record *record);

/**
 * Frees a record; NULL is nothing. What is in the journal stays.
 */
BAYAR_API void BAYAR_CALL bayar_record_free(struct bayar_record *record);

/**
 * Answers DOKU's request for the token with which it then sends notifications: the whole of your token route. Send the
 * answer back, whatever it is. Any process with the same settings accepts the token, also after a restart.
 *
 * What is no request of DOKU's is no failure: the answer says so, and bayar_answer_reason() why. Fails with
 * BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INTERNAL; answer HTTP 500 then. May be called from any thread.
 *
 * Needs the setting doku_public_key or doku_public_key_file; without it nobody is given a token.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_webhook_token(
    const struct bayar_client *client,
    const struct bayar_incoming *incoming,
    struct bayar_answer **answer,
    struct bayar_error **error);

/**
 * Checks a notification: your notification route. Where bayar_delivery_is_genuine() is 1, store it durably or act on it, then
 * call bayar_client_acknowledge(); in any case send back what bayar_delivery_answer() gives. It comes at least once:
 * bayar_delivery_key() is there to act on it once.
 *
 * A forged one is no failure: the answer refuses it. One that is DOKU's own but old is refused too, is kept in
 * bayar_client_inbox(), and unless it was acknowledged before, DOKU is asked about the payment for at most 5 seconds; see
 * bayar_delivery_status_instead(). Nor is it a failure where the journal cannot be used, or the client was cancelled: then it
 * is not genuine, bayar_answer_reason() says why, and the answer is HTTP 500 with 5005601: DOKU sends it again.
 *
 * Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INTERNAL; answer HTTP 500 then. Returns within timeout_ms. May be called
 * from any thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_notification(
    const struct bayar_client *client,
    const struct bayar_incoming *incoming,
    struct bayar_delivery **delivery,
    struct bayar_error **error);

/**
 * Says that you have taken a notification: it is in your own database, or what it asks for is done. From now on
 * bayar_delivery_answer() gives HTTP 200, and the same notification is a BAYAR_DELIVERY_REPEAT when it comes again. A program
 * that dies before this call is offered the notification again.
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT where it is not genuine, or with BAYAR_ERROR_JOURNAL or BAYAR_ERROR_CANCELLED where
 * it could not be written down; then the answer stays as it was. Returns within timeout_ms.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_acknowledge(
    const struct bayar_client *client,
    struct bayar_delivery *delivery,
    struct bayar_error **error);

/**
 * Says that you have no such order and never will: from now on bayar_delivery_answer() gives HTTP 404. The notification
 * stays in bayar_client_inbox().
 *
 * Fails with BAYAR_ERROR_INVALID_ARGUMENT where it is not genuine; then the answer stays as it was.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_reject_unknown(
    const struct bayar_client *client,
    struct bayar_delivery *delivery,
    struct bayar_error **error);

/**
 * Lists the notifications that somebody has yet to look at, the oldest first, at most 1,000: not acknowledged, too old to be
 * believed, or of a payment that the journal does not know.
 *
 * Fails with BAYAR_ERROR_JOURNAL or BAYAR_ERROR_CANCELLED. Returns within timeout_ms. May be called from any thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_inbox(
    const struct bayar_client *client,
    struct bayar_inbox **inbox,
    struct bayar_error **error);

/**
 * Makes a request of what your web server received, to be handed to bayar_client_webhook_token() or
 * bayar_client_notification().
 *
 * `method`: such as "POST". `path`: as it was requested; the signature is checked over the setting notification_path,
 * because a proxy may have changed this one. `body`: its bytes as they came, neither decoded nor parsed (may be NULL if
 * `body_length` is 0); any bytes are taken here, and judged later. A body over 65536 bytes is refused there, so the server
 * may stop reading after 65537 and hand over those.
 *
 * Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8 (method or path). May be called from any thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_incoming_new(
    const char *method,
    const char *path,
    const uint8_t *body,
    size_t body_length,
    struct bayar_incoming **incoming,
    struct bayar_error **error);

/**
 * Adds a header as it came, its name in whatever letters; one that came twice is added twice. Add all of them: which ones
 * count, and that none of those came twice, is the library's business.
 *
 * Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8, and then nothing is added; no header of DOKU's is such,
 * so answer HTTP 400.
 */
BAYAR_API int32_t BAYAR_CALL bayar_incoming_add_header(
    struct bayar_incoming *incoming,
    const char *name,
    const char *value,
    struct bayar_error **error);

/**
 * Frees a request that came in; NULL is nothing. What was made of it lives on.
 */
BAYAR_API void BAYAR_CALL bayar_incoming_free(struct bayar_incoming *incoming);

/**
 * The HTTP status to answer with; 0 for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_answer_status(const struct bayar_answer *answer);

/**
 * The body to answer with: JSON, ASCII or UTF-8. It may hold the token that was issued: do not log it. Lives as long as the
 * answer; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_answer_body(const struct bayar_answer *answer);

/**
 * How many headers are to be sent, Content-Type among them, Content-Length and Date not; 0 for NULL.
 */
BAYAR_API size_t BAYAR_CALL bayar_answer_header_count(const struct bayar_answer *answer);

/**
 * The name of the header at `index`, counted from 0; NULL beyond the end, and for NULL. Lives as long as the answer.
 */
BAYAR_API const char *BAYAR_CALL bayar_answer_header_name(const struct bayar_answer *answer, size_t index);

/**
 * The value of the header at `index`, counted from 0; NULL beyond the end, and for NULL. Lives as long as the answer.
 */
BAYAR_API const char *BAYAR_CALL bayar_answer_header_value(const struct bayar_answer *answer, size_t index);

/**
 * 1 if what came in is accepted (HTTP 200); else 0, also for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_answer_is_accepted(const struct bayar_answer *answer);

/**
 * Why it is not accepted: an English sentence for your own log, without secrets. DOKU is told less. NULL where it is
 * accepted. Lives as long as the answer.
 */
BAYAR_API const char *BAYAR_CALL bayar_answer_reason(const struct bayar_answer *answer);

/**
 * Frees an answer; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_answer_free(struct bayar_answer *answer);

/**
 * 1 if it is genuine: from DOKU, for this merchant, unchanged and fresh. Else 0, also for NULL: then it says nothing that may be
 * believed, the texts of it are NULL, and there is nothing to decide; see bayar_delivery_status_instead().
 */
BAYAR_API int32_t BAYAR_CALL bayar_delivery_is_genuine(const struct bayar_delivery *delivery);

/**
 * 1 if it is genuine and says that the customer has paid (00); else 0, also for NULL. Look at bayar_delivery_order() and
 * bayar_delivery_mismatch() as well before anything is handed over.
 */
BAYAR_API int32_t BAYAR_CALL bayar_delivery_is_paid(const struct bayar_delivery *delivery);

/**
 * Where it stands among those that came before (enum bayar_standing); 0 where it is not genuine, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_delivery_order(const struct bayar_delivery *delivery);

/**
 * 1 if the journal knows the payment; else 0, also for NULL. One that it does not know stays in bayar_client_inbox().
 */
BAYAR_API int32_t BAYAR_CALL bayar_delivery_is_known(const struct bayar_delivery *delivery);

/**
 * What differs from what was ordered, as an English sentence: another amount, in the notification or, where that was too old
 * to be believed, in bayar_delivery_status_instead(). Then a person has to look before anything is handed over. NULL where
 * nothing differs, or the journal does not know the payment. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_mismatch(const struct bayar_delivery *delivery);

/**
 * What tells one event from another: the reference, the status and DOKU's own reference. Store it under a unique key in the
 * transaction in which you act, and you act exactly once. Where bayar_delivery_status_instead() has something, it is the key of
 * that, the same as a notification of it would have. NULL where it is neither genuine nor asked about. Lives as long as the
 * delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_key(const struct bayar_delivery *delivery);

/**
 * Your own reference of the payment. NULL where it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_original_partner_reference_no(const struct bayar_delivery *delivery);

/**
 * DOKU's reference; NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_original_reference_no(const struct bayar_delivery *delivery);

/**
 * The X-EXTERNAL-ID of the payment; NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_original_external_id(const struct bayar_delivery *delivery);

/**
 * The state (enum bayar_transaction_status); BAYAR_TRANSACTION_UNKNOWN when DOKU said something unknown, where it is not
 * genuine, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_delivery_transaction_status(const struct bayar_delivery *delivery);

/**
 * DOKU's words for the state; NULL if it gave none, or it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_transaction_status_desc(const struct bayar_delivery *delivery);

/**
 * The amount in rupiah, such as "10000.00"; NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_amount(const struct bayar_delivery *delivery);

/**
 * The channel (channelId or channel); NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_channel(const struct bayar_delivery *delivery);

/**
 * When the transaction began, as DOKU wrote it; NULL if DOKU did not say, or it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_created_time(const struct bayar_delivery *delivery);

/**
 * When the transaction ended, as DOKU wrote it; NULL if DOKU did not say, or it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_finished_time(const struct bayar_delivery *delivery);

/**
 * All that DOKU sent, as JSON in UTF-8; NULL where it is not genuine. Lives as long as the delivery.
 */
BAYAR_API const char *BAYAR_CALL bayar_delivery_json(const struct bayar_delivery *delivery);

/**
 * Gives, of a notification that was DOKU's own but too old to be believed, what DOKU said when it was asked instead; believe
 * that, and look at bayar_delivery_mismatch(). `*status` is NULL for every other notification, for one that was acknowledged
 * before, and where DOKU could not be asked. Free it with bayar_status_free(), before or after the delivery.
 *
 * Fails with BAYAR_ERROR_NULL_POINTER alone.
 */
BAYAR_API int32_t BAYAR_CALL bayar_delivery_status_instead(
    const struct bayar_delivery *delivery,
    struct bayar_status **status,
    struct bayar_error **error);

/**
 * Gives what to send back, as it is decided now: a refusal where the notification is not genuine; else, until
 * bayar_client_acknowledge() or bayar_client_reject_unknown(), HTTP 500, which makes DOKU send it again. An answer that was
 * given earlier does not change. Free each with bayar_answer_free(), before or after the delivery.
 *
 * Fails with BAYAR_ERROR_NULL_POINTER alone.
 */
BAYAR_API int32_t BAYAR_CALL bayar_delivery_answer(
    const struct bayar_delivery *delivery,
    struct bayar_answer **answer,
    struct bayar_error **error);

/**
 * Frees a delivery; NULL is nothing. What was decided stays in the journal; the answers that it gave live on.
 */
BAYAR_API void BAYAR_CALL bayar_delivery_free(struct bayar_delivery *delivery);

/**
 * How many there are; 0 for NULL.
 */
BAYAR_API size_t BAYAR_CALL bayar_inbox_count(const struct bayar_inbox *inbox);

/**
 * The key of the notification at `index`, counted from 0; see bayar_delivery_key(). NULL beyond the end, and for NULL. Lives as
 * long as the inbox.
 */
BAYAR_API const char *BAYAR_CALL bayar_inbox_key(const struct bayar_inbox *inbox, size_t index);

/**
 * The payment's reference in the notification at `index`; NULL beyond the end, and for NULL. Lives as long as the inbox.
 */
BAYAR_API const char *BAYAR_CALL bayar_inbox_reference(const struct bayar_inbox *inbox, size_t index);

/**
 * 1 if the notification at `index` was acknowledged; else 0, also beyond the end, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_inbox_is_acknowledged(const struct bayar_inbox *inbox, size_t index);

/**
 * 1 if the notification at `index` was DOKU's own but too old to be believed; else 0, also beyond the end, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_inbox_is_stale(const struct bayar_inbox *inbox, size_t index);

/**
 * 1 if the journal knew the payment of the notification at `index`; else 0, also beyond the end, and for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_inbox_is_known(const struct bayar_inbox *inbox, size_t index);

/**
 * When the notification at `index` first came, in Jakarta time, such as "2026-11-22T20:15:00+07:00"; NULL beyond the end, and
 * for NULL. Lives as long as the inbox.
 */
BAYAR_API const char *BAYAR_CALL bayar_inbox_first_came(const struct bayar_inbox *inbox, size_t index);

/**
 * When the notification at `index` last came or was acknowledged, in the form of bayar_inbox_first_came(); NULL beyond the end,
 * and for NULL. Lives as long as the inbox.
 */
BAYAR_API const char *BAYAR_CALL bayar_inbox_last_came(const struct bayar_inbox *inbox, size_t index);

/**
 * How often the notification at `index` came or was acknowledged; 0 beyond the end, and for NULL.
 */
BAYAR_API int64_t BAYAR_CALL bayar_inbox_times(const struct bayar_inbox *inbox, size_t index);

/**
 * All that DOKU sent in the notification at `index`, as JSON in UTF-8; NULL beyond the end, and for NULL. One that is stale
 * is not to be believed. Lives as long as the inbox.
 */
BAYAR_API const char *BAYAR_CALL bayar_inbox_json(const struct bayar_inbox *inbox, size_t index);

/**
 * Frees an inbox; NULL is nothing. What is in the journal stays.
 */
BAYAR_API void BAYAR_CALL bayar_inbox_free(struct bayar_inbox *inbox);

/**
 * Takes the oldest entry from the client's log; `*entry` is NULL when there is none. The setting log_level turns the log
 * on. It holds 1,000 entries; when more come, the oldest are lost, and an entry tells how many. No entry holds a secret,
 * a token or a signature. A forked child has a log of its own. May be called from any thread.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_client_poll_log(
    const struct bayar_client *client,
    struct bayar_log_entry **entry,
    struct bayar_error **error);

/**
 * How important it is (enum bayar_log_level); 0 for NULL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_log_entry_level(const struct bayar_log_entry *log_entry);

/**
 * When it was written, by this machine's clock: milliseconds since 1970 UTC; 0 for NULL.
 */
BAYAR_API int64_t BAYAR_CALL bayar_log_entry_unix_ms(const struct bayar_log_entry *log_entry);

/**
 * What happened: one line in English and UTF-8. Lives as long as the entry; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_log_entry_message(const struct bayar_log_entry *log_entry);

/**
 * Frees an entry; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_log_entry_free(struct bayar_log_entry *log_entry);

/**
 * Makes the X-SIGNATURE of a payment, refund or status request: base64 of HMAC-SHA512 over
 * METHOD:path:token:sha256(minified body):timestamp, 88 characters.
 *
 * `method` in capitals; `path` from its leading slash, without host; `token` without the word Bearer; `body` the very
 * bytes that are sent (may be NULL if `body_length` is 0), which are minified for the hash as DOKU documents it: send
 * compact JSON, then no reading of that rule can differ; `timestamp` the very text of X-TIMESTAMP. Nothing is checked
 * but that the strings are UTF-8.
 *
 * Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8. May be called from any thread.
 *
 * Source: developers.doku.com, Symmetric Signature (SNAP).
 */
BAYAR_API int32_t BAYAR_CALL bayar_request_sign(
    const char *client_secret,
    const char *method,
    const char *path,
    const char *token,
    const uint8_t *body,
    size_t body_length,
    const char *timestamp,
    struct bayar_text **signature,
    struct bayar_error **error);

/**
 * Gives the string that bayar_request_sign() signs, for finding out where another implementation differs. It contains
 * the token: do not log it. Parameters and failures as there.
 */
BAYAR_API int32_t BAYAR_CALL bayar_request_string_to_sign(
    const char *method,
    const char *path,
    const char *token,
    const uint8_t *body,
    size_t body_length,
    const char *timestamp,
    struct bayar_text **result,
    struct bayar_error **error);

/**
 * Verifies a signature as bayar_request_sign() makes it, in constant time: over the body's bytes as they are, or over the
 * minified body, for signers differ in this.
 *
 * Returns BAYAR_OK if it matches and BAYAR_ERROR_SIGNATURE_MISMATCH if not, also if it is not base64. Fails as
 * bayar_request_sign().
 */
BAYAR_API int32_t BAYAR_CALL bayar_request_verify(
    const char *client_secret,
    const char *method,
    const char *path,
    const char *token,
    const uint8_t *body,
    size_t body_length,
    const char *timestamp,
    const char *signature,
    struct bayar_error **error);

/**
 * Makes the X-SIGNATURE of a token request: base64 of SHA256withRSA (PKCS#1 v1.5) over client_id|timestamp.
 *
 * `private_key_pem`: PEM text, PKCS#8 or PKCS#1, RSA with 2048 to 4096 bits; if it is encrypted, `passphrase` opens it,
 * else that may be NULL. The key is parsed at every call; a client keeps it.
 *
 * Fails with BAYAR_ERROR_INVALID_KEY, BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8. May be called from any
 * thread.
 *
 * Source: developers.doku.com, Asymmetric Signature (SNAP).
 */
BAYAR_API int32_t BAYAR_CALL bayar_token_request_sign(
    const char *private_key_pem,
    const char *passphrase,
    const char *client_id,
    const char *timestamp,
    struct bayar_text **signature,
    struct bayar_error **error);

/**
 * Verifies a signature as bayar_token_request_sign() makes it, with the public key as PEM text ("PUBLIC KEY" or "RSA
 * PUBLIC KEY").
 *
 * Returns BAYAR_OK if it matches and BAYAR_ERROR_SIGNATURE_MISMATCH if not, also if it is not base64. Fails with
 * BAYAR_ERROR_INVALID_KEY, BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8.
 */
BAYAR_API int32_t BAYAR_CALL bayar_token_request_verify(
    const char *public_key_pem,
    const char *client_id,
    const char *timestamp,
    const char *signature,
    struct bayar_error **error);

/**
 * Removes the white space between the tokens of a JSON text, as DOKU minifies before hashing: strings, numbers, escapes
 * and order stay. The text is not checked to be JSON.
 *
 * Fails with BAYAR_ERROR_NULL_POINTER, or BAYAR_ERROR_INVALID_UTF8 for bytes that are not UTF-8 or contain a NUL.
 */
BAYAR_API int32_t BAYAR_CALL bayar_json_minify(
    const uint8_t *json,
    size_t json_length,
    struct bayar_text **minified,
    struct bayar_error **error);

/**
 * Writes a moment as X-TIMESTAMP: Jakarta time without milliseconds, such as "2024-07-10T11:57:58+07:00", whatever the
 * zone of this machine. `unix_ms`: milliseconds since 1970 UTC, of the years 1 to 9999.
 *
 * Fails only with BAYAR_ERROR_NULL_POINTER.
 */
BAYAR_API int32_t BAYAR_CALL bayar_timestamp_format(
    int64_t unix_ms,
    struct bayar_text **timestamp,
    struct bayar_error **error);

/**
 * Makes a random X-EXTERNAL-ID: 32 decimal digits. Store it before you send it, and send the same one with every repeat.
 *
 * Fails with BAYAR_ERROR_INTERNAL if the system gives no random numbers. May be called from any thread.
 */
BAYAR_API int32_t BAYAR_CALL bayar_external_id_new(struct bayar_text **external_id, struct bayar_error **error);

/**
 * The text, NUL-terminated. Lives as long as the object; NULL for NULL.
 */
BAYAR_API const char *BAYAR_CALL bayar_text_value(const struct bayar_text *text);

/**
 * Its length in bytes, without the NUL; 0 for NULL.
 */
BAYAR_API size_t BAYAR_CALL bayar_text_length(const struct bayar_text *text);

/**
 * Frees a text; NULL is nothing.
 */
BAYAR_API void BAYAR_CALL bayar_text_free(struct bayar_text *text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BAYAR_H */
