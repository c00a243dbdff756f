/* bayar.h for parsers without a preprocessor, such as PHP's FFI. Made by build.rs; do not edit. */
typedef enum bayar_code {
    BAYAR_OK = 0,
    BAYAR_ERROR_INVALID_ARGUMENT = 101,
    BAYAR_ERROR_NULL_POINTER = 102,
    BAYAR_ERROR_INVALID_UTF8 = 103,
    BAYAR_ERROR_REFERENCE_REUSED = 104,
    BAYAR_ERROR_SIGNATURE_MISMATCH = 105,
    BAYAR_ERROR_MISSING_SETTING = 201,
    BAYAR_ERROR_UNKNOWN_SETTING = 202,
    BAYAR_ERROR_INVALID_SETTING = 203,
    BAYAR_ERROR_INVALID_KEY = 204,
    BAYAR_ERROR_NAME_LOOKUP = 301,
    BAYAR_ERROR_CONNECT = 302,
    BAYAR_ERROR_TLS = 303,
    BAYAR_ERROR_PROXY = 304,
    BAYAR_ERROR_TIMEOUT = 305,
    BAYAR_ERROR_CONNECTION_LOST = 306,
    BAYAR_ERROR_BAD_ANSWER = 307,
    BAYAR_ERROR_CANCELLED = 308,
    BAYAR_ERROR_UNAUTHORIZED = 401,
    BAYAR_ERROR_DECLINED = 402,
    BAYAR_ERROR_TRY_LATER = 403,
    BAYAR_ERROR_NOT_FOUND = 404,
    BAYAR_ERROR_CONFLICT = 405,
    BAYAR_ERROR_IN_PROGRESS = 406,
    BAYAR_ERROR_SERVER_ERROR = 407,
    BAYAR_ERROR_INTERNAL = 501,
    BAYAR_ERROR_JOURNAL = 502,
} bayar_code;
typedef enum bayar_outcome {
    BAYAR_OUTCOME_NOT_SENT = 1,
    BAYAR_OUTCOME_REFUSED = 2,
    BAYAR_OUTCOME_UNKNOWN = 3,
} bayar_outcome;
typedef enum bayar_retry {
    BAYAR_RETRY_NO = 0,
    BAYAR_RETRY_SAME_REFERENCE = 1,
    BAYAR_RETRY_LATER = 2,
} bayar_retry;
typedef enum bayar_log_level {
    BAYAR_LOG_ERROR = 1,
    BAYAR_LOG_WARN = 2,
    BAYAR_LOG_INFO = 3,
    BAYAR_LOG_DEBUG = 4,
} bayar_log_level;
typedef enum bayar_transaction_status {
    BAYAR_TRANSACTION_UNKNOWN = -1,
    BAYAR_TRANSACTION_PAID = 0,
    BAYAR_TRANSACTION_INITIATED = 1,
    BAYAR_TRANSACTION_PAYING = 2,
    BAYAR_TRANSACTION_PENDING = 3,
    BAYAR_TRANSACTION_REFUNDED = 4,
    BAYAR_TRANSACTION_CANCELLED = 5,
    BAYAR_TRANSACTION_FAILED = 6,
    BAYAR_TRANSACTION_NOT_FOUND = 7,
} bayar_transaction_status;
typedef enum bayar_refund_status {
    BAYAR_REFUND_UNKNOWN = -1,
    BAYAR_REFUND_DONE = 0,
    BAYAR_REFUND_PENDING = 3,
    BAYAR_REFUND_FAILED = 6,
} bayar_refund_status;
typedef enum bayar_operation {
    BAYAR_OPERATION_PAYMENT = 1,
    BAYAR_OPERATION_REFUND = 2,
} bayar_operation;
typedef enum bayar_state {
    BAYAR_RECORD_SENDING = 1,
    BAYAR_RECORD_NOT_SENT = 2,
    BAYAR_RECORD_NOT_TAKEN = 3,
    BAYAR_RECORD_DONE = 4,
    BAYAR_RECORD_REFUSED = 5,
    BAYAR_RECORD_REFUSED_FOR_NOW = 6,
    BAYAR_RECORD_UNKNOWN = 7,
    BAYAR_RECORD_CONFLICT = 8,
    BAYAR_RECORD_EXPIRED = 9,
    BAYAR_RECORD_ABANDONED = 10,
} bayar_state;
typedef enum bayar_resolution {
    BAYAR_RESOLUTION_DONE = 1,
    BAYAR_RESOLUTION_REFUSED = 2,
    BAYAR_RESOLUTION_ABANDONED = 3,
} bayar_resolution;
typedef enum bayar_comparison {
    BAYAR_COMPARISON_NONE = 0,
    BAYAR_COMPARISON_AGREES = 1,
    BAYAR_COMPARISON_UNCLEAR = 2,
    BAYAR_COMPARISON_DIFFERS = 3,
} bayar_comparison;
typedef enum bayar_which {
    BAYAR_RECORDS_ALL = 1,
    BAYAR_RECORDS_OPEN = 2,
    BAYAR_RECORDS_REFERENCE = 3,
    BAYAR_RECORDS_DAY = 4,
} bayar_which;
typedef enum bayar_standing {
    BAYAR_DELIVERY_NEW = 1,
    BAYAR_DELIVERY_REPEAT = 2,
    BAYAR_DELIVERY_LATE = 3,
} bayar_standing;
typedef struct bayar_answer bayar_answer;
typedef struct bayar_cancel bayar_cancel;
typedef struct bayar_client bayar_client;
typedef struct bayar_config bayar_config;
typedef struct bayar_delivery bayar_delivery;
typedef struct bayar_error bayar_error;
typedef struct bayar_inbox bayar_inbox;
typedef struct bayar_incoming bayar_incoming;
typedef struct bayar_log_entry bayar_log_entry;
typedef struct bayar_payment bayar_payment;
typedef struct bayar_payment_request bayar_payment_request;
typedef struct bayar_record bayar_record;
typedef struct bayar_records bayar_records;
typedef struct bayar_refund bayar_refund;
typedef struct bayar_refund_request bayar_refund_request;
typedef struct bayar_status bayar_status;
typedef struct bayar_text bayar_text;
const char *bayar_version(void);
int32_t bayar_abi_version(void);
int32_t bayar_error_code(const struct bayar_error *error);
const char *bayar_error_message(const struct bayar_error *error);
int32_t bayar_error_outcome(const struct bayar_error *error);
int32_t bayar_error_retry(const struct bayar_error *error);
const char *bayar_error_response_code(const struct bayar_error *error);
int32_t bayar_error_http_status(const struct bayar_error *error);
const char *bayar_error_field(const struct bayar_error *error);
const char *bayar_error_external_id(const struct bayar_error *error);
void bayar_error_free(struct bayar_error *error);
int32_t bayar_config_new(struct bayar_config **config, struct bayar_error **error);
int32_t bayar_config_set(struct bayar_config *config, const char *name, const char *value, struct bayar_error **error);
int32_t bayar_config_load_environment(struct bayar_config *config, struct bayar_error **error);
int32_t bayar_config_load_file(struct bayar_config *config, const char *path, struct bayar_error **error);
void bayar_config_free(struct bayar_config *config);
int32_t bayar_client_new(const struct bayar_config *config, struct bayar_client **client, struct bayar_error **error);
int32_t bayar_client_acquire(const struct bayar_config *config,
                             struct bayar_client **client,
                             struct bayar_error **error);
void bayar_client_forget_acquired(void);
int32_t bayar_client_warm_up(const struct bayar_client *client, struct bayar_error **error);
int32_t bayar_client_pay(const struct bayar_client *client,
                         const struct bayar_payment_request *request,
                         struct bayar_payment **payment,
                         struct bayar_error **error);
int32_t bayar_client_refund(const struct bayar_client *client,
                            const struct bayar_refund_request *request,
                            struct bayar_refund **refund,
                            struct bayar_error **error);
int32_t bayar_client_status(const struct bayar_client *client,
                            const char *original_partner_reference_no,
                            struct bayar_status **status,
                            struct bayar_error **error);
int32_t bayar_client_wait(const struct bayar_client *client,
                          const char *original_partner_reference_no,
                          int64_t limit_ms,
                          struct bayar_status **status,
                          struct bayar_error **error);
void bayar_client_free(struct bayar_client *client);
int32_t bayar_cancel_new(struct bayar_cancel **cancel, struct bayar_error **error);
void bayar_cancel_set(const struct bayar_cancel *cancel);
void bayar_cancel_reset(const struct bayar_cancel *cancel);
void bayar_cancel_free(struct bayar_cancel *cancel);
int32_t bayar_client_with_cancel(const struct bayar_client *client,
                                 const struct bayar_cancel *cancel,
                                 struct bayar_client **cancellable,
                                 struct bayar_error **error);
int32_t bayar_payment_request_new(const char *partner_reference_no,
                                  const char *amount,
                                  struct bayar_payment_request **request,
                                  struct bayar_error **error);
int32_t bayar_payment_request_set_return_url(struct bayar_payment_request *request,
                                             const char *return_url,
                                             struct bayar_error **error);
int32_t bayar_payment_request_set_is_deep_link(struct bayar_payment_request *request,
                                               int32_t is_deep_link,
                                               struct bayar_error **error);
int32_t bayar_payment_request_set_valid_up_to(struct bayar_payment_request *request,
                                              const char *valid_up_to,
                                              struct bayar_error **error);
int32_t bayar_payment_request_set_point_of_initiation(struct bayar_payment_request *request,
                                                      const char *point_of_initiation,
                                                      struct bayar_error **error);
int32_t bayar_payment_request_set_title(struct bayar_payment_request *request,
                                        const char *title,
                                        struct bayar_error **error);
int32_t bayar_payment_request_set_support_deep_link_checkout_url(struct bayar_payment_request *request,
                                                                 int32_t support_deep_link_checkout_url,
                                                                 struct bayar_error **error);
int32_t bayar_payment_request_set_channel(struct bayar_payment_request *request,
                                          const char *channel,
                                          struct bayar_error **error);
int32_t bayar_payment_request_set_device_id(struct bayar_payment_request *request,
                                            const char *device_id,
                                            struct bayar_error **error);
int32_t bayar_payment_request_set_ip_address(struct bayar_payment_request *request,
                                             const char *ip_address,
                                             struct bayar_error **error);
int32_t bayar_payment_request_set_extra_json(struct bayar_payment_request *request,
                                             const char *extra_json,
                                             struct bayar_error **error);
void bayar_payment_request_free(struct bayar_payment_request *request);
const char *bayar_payment_partner_reference_no(const struct bayar_payment *payment);
const char *bayar_payment_amount(const struct bayar_payment *payment);
const char *bayar_payment_redirect_url(const struct bayar_payment *payment);
const char *bayar_payment_reference_no(const struct bayar_payment *payment);
const char *bayar_payment_external_id(const struct bayar_payment *payment);
const char *bayar_payment_valid_up_to(const struct bayar_payment *payment);
const char *bayar_payment_response_code(const struct bayar_payment *payment);
const char *bayar_payment_json(const struct bayar_payment *payment);
int32_t bayar_payment_is_recorded(const struct bayar_payment *payment);
void bayar_payment_free(struct bayar_payment *payment);
int32_t bayar_refund_request_new(const char *original_partner_reference_no,
                                 const char *amount,
                                 const char *partner_refund_no,
                                 struct bayar_refund_request **request,
                                 struct bayar_error **error);
int32_t bayar_refund_request_set_reason(struct bayar_refund_request *request,
                                        const char *reason,
                                        struct bayar_error **error);
int32_t bayar_refund_request_set_original_external_id(struct bayar_refund_request *request,
                                                      const char *original_external_id,
                                                      struct bayar_error **error);
int32_t bayar_refund_request_set_channel(struct bayar_refund_request *request,
                                         const char *channel,
                                         struct bayar_error **error);
int32_t bayar_refund_request_set_device_id(struct bayar_refund_request *request,
                                           const char *device_id,
                                           struct bayar_error **error);
int32_t bayar_refund_request_set_ip_address(struct bayar_refund_request *request,
                                            const char *ip_address,
                                            struct bayar_error **error);
int32_t bayar_refund_request_set_allow_over_refund(struct bayar_refund_request *request,
                                                   int32_t allow_over_refund,
                                                   struct bayar_error **error);
int32_t bayar_refund_request_set_extra_json(struct bayar_refund_request *request,
                                            const char *extra_json,
                                            struct bayar_error **error);
void bayar_refund_request_free(struct bayar_refund_request *request);
const char *bayar_refund_original_partner_reference_no(const struct bayar_refund *refund);
const char *bayar_refund_partner_refund_no(const struct bayar_refund *refund);
const char *bayar_refund_amount(const struct bayar_refund *refund);
const char *bayar_refund_refund_no(const struct bayar_refund *refund);
const char *bayar_refund_original_reference_no(const struct bayar_refund *refund);
const char *bayar_refund_refund_time(const struct bayar_refund *refund);
const char *bayar_refund_external_id(const struct bayar_refund *refund);
const char *bayar_refund_response_code(const struct bayar_refund *refund);
const char *bayar_refund_json(const struct bayar_refund *refund);
int32_t bayar_refund_is_recorded(const struct bayar_refund *refund);
void bayar_refund_free(struct bayar_refund *refund);
int32_t bayar_status_transaction_status(const struct bayar_status *status);
int32_t bayar_status_is_paid(const struct bayar_status *status);
int32_t bayar_status_is_final(const struct bayar_status *status);
const char *bayar_status_original_partner_reference_no(const struct bayar_status *status);
const char *bayar_status_original_reference_no(const struct bayar_status *status);
const char *bayar_status_transaction_status_desc(const struct bayar_status *status);
const char *bayar_status_amount(const struct bayar_status *status);
const char *bayar_status_fee(const struct bayar_status *status);
const char *bayar_status_paid_time(const struct bayar_status *status);
const char *bayar_status_approval_code(const struct bayar_status *status);
const char *bayar_status_original_external_id(const struct bayar_status *status);
const char *bayar_status_response_code(const struct bayar_status *status);
const char *bayar_status_json(const struct bayar_status *status);
int32_t bayar_status_has_refund_history(const struct bayar_status *status);
size_t bayar_status_refund_count(const struct bayar_status *status);
int32_t bayar_status_refund_status(const struct bayar_status *status, size_t index);
const char *bayar_status_refund_partner_refund_no(const struct bayar_status *status, size_t index);
const char *bayar_status_refund_refund_no(const struct bayar_status *status, size_t index);
const char *bayar_status_refund_amount(const struct bayar_status *status, size_t index);
const char *bayar_status_refund_date(const struct bayar_status *status, size_t index);
const char *bayar_status_refund_reason(const struct bayar_status *status, size_t index);
void bayar_status_free(struct bayar_status *status);
int32_t bayar_client_settle(const struct bayar_client *client,
                            int64_t limit_ms,
                            struct bayar_records **records,
                            struct bayar_error **error);
int32_t bayar_client_resolve(const struct bayar_client *client,
                             int32_t operation,
                             const char *reference,
                             int32_t resolution,
                             const char *reason,
                             struct bayar_record **record,
                             struct bayar_error **error);
int32_t bayar_client_reconcile(const struct bayar_client *client,
                               const char *day,
                               int64_t limit_ms,
                               struct bayar_records **records,
                               struct bayar_error **error);
int32_t bayar_client_records(const struct bayar_client *client,
                             int32_t which,
                             const char *value,
                             struct bayar_records **records,
                             struct bayar_error **error);
int32_t bayar_client_record(const struct bayar_client *client,
                            int32_t operation,
                            const char *reference,
                            struct bayar_record **record,
                            struct bayar_error **error);
int32_t bayar_client_create_journal(const struct bayar_client *client, struct bayar_error **error);
int32_t bayar_records_next(struct bayar_records *records, struct bayar_record **record, struct bayar_error **error);
int32_t bayar_records_is_complete(const struct bayar_records *records);
void bayar_records_free(struct bayar_records *records);
int32_t bayar_record_operation(const struct bayar_record *record);
const char *bayar_record_reference(const struct bayar_record *record);
const char *bayar_record_original_partner_reference_no(const struct bayar_record *record);
const char *bayar_record_amount(const struct bayar_record *record);
int32_t bayar_record_state(const struct bayar_record *record);
int32_t bayar_record_is_open(const struct bayar_record *record);
int32_t bayar_record_transaction_status(const struct bayar_record *record);
int32_t bayar_record_is_paid_after_cancel(const struct bayar_record *record);
const char *bayar_record_external_id(const struct bayar_record *record);
int32_t bayar_record_attempts(const struct bayar_record *record);
const char *bayar_record_created(const struct bayar_record *record);
const char *bayar_record_changed(const struct bayar_record *record);
const char *bayar_record_valid_up_to(const struct bayar_record *record);
const char *bayar_record_next_inquiry(const struct bayar_record *record);
int32_t bayar_record_inquiries(const struct bayar_record *record);
const char *bayar_record_note(const struct bayar_record *record);
const char *bayar_record_answer_json(const struct bayar_record *record);
const char *bayar_record_trail(const struct bayar_record *record);
int32_t bayar_record_comparison(const struct bayar_record *record);
const char *bayar_record_finding(const struct bayar_record *record);
const char *bayar_record_json(const struct bayar_record *record);
void bayar_record_free(struct bayar_record *record);
int32_t bayar_client_webhook_token(const struct bayar_client *client,
                                   const struct bayar_incoming *incoming,
                                   struct bayar_answer **answer,
                                   struct bayar_error **error);
int32_t bayar_client_notification(const struct bayar_client *client,
                                  const struct bayar_incoming *incoming,
                                  struct bayar_delivery **delivery,
                                  struct bayar_error **error);
int32_t bayar_client_acknowledge(const struct bayar_client *client,
                                 struct bayar_delivery *delivery,
                                 struct bayar_error **error);
int32_t bayar_client_reject_unknown(const struct bayar_client *client,
                                    struct bayar_delivery *delivery,
                                    struct bayar_error **error);
int32_t bayar_client_inbox(const struct bayar_client *client, struct bayar_inbox **inbox, struct bayar_error **error);
int32_t bayar_incoming_new(const char *method,
                           const char *path,
                           const uint8_t *body,
                           size_t body_length,
                           struct bayar_incoming **incoming,
                           struct bayar_error **error);
int32_t bayar_incoming_add_header(struct bayar_incoming *incoming,
                                  const char *name,
                                  const char *value,
                                  struct bayar_error **error);
void bayar_incoming_free(struct bayar_incoming *incoming);
int32_t bayar_answer_status(const struct bayar_answer *answer);
const char *bayar_answer_body(const struct bayar_answer *answer);
size_t bayar_answer_header_count(const struct bayar_answer *answer);
const char *bayar_answer_header_name(const struct bayar_answer *answer, size_t index);
const char *bayar_answer_header_value(const struct bayar_answer *answer, size_t index);
int32_t bayar_answer_is_accepted(const struct bayar_answer *answer);
const char *bayar_answer_reason(const struct bayar_answer *answer);
void bayar_answer_free(struct bayar_answer *answer);
int32_t bayar_delivery_is_genuine(const struct bayar_delivery *delivery);
int32_t bayar_delivery_is_paid(const struct bayar_delivery *delivery);
int32_t bayar_delivery_order(const struct bayar_delivery *delivery);
int32_t bayar_delivery_is_known(const struct bayar_delivery *delivery);
const char *bayar_delivery_mismatch(const struct bayar_delivery *delivery);
const char *bayar_delivery_key(const struct bayar_delivery *delivery);
const char *bayar_delivery_original_partner_reference_no(const struct bayar_delivery *delivery);
const char *bayar_delivery_original_reference_no(const struct bayar_delivery *delivery);
const char *bayar_delivery_original_external_id(const struct bayar_delivery *delivery);
int32_t bayar_delivery_transaction_status(const struct bayar_delivery *delivery);
const char *bayar_delivery_transaction_status_desc(const struct bayar_delivery *delivery);
const char *bayar_delivery_amount(const struct bayar_delivery *delivery);
const char *bayar_delivery_channel(const struct bayar_delivery *delivery);
const char *bayar_delivery_created_time(const struct bayar_delivery *delivery);
const char *bayar_delivery_finished_time(const struct bayar_delivery *delivery);
const char *bayar_delivery_json(const struct bayar_delivery *delivery);
int32_t bayar_delivery_status_instead(const struct bayar_delivery *delivery,
                                      struct bayar_status **status,
                                      struct bayar_error **error);
int32_t bayar_delivery_answer(const struct bayar_delivery *delivery,
                              struct bayar_answer **answer,
                              struct bayar_error **error);
void bayar_delivery_free(struct bayar_delivery *delivery);
size_t bayar_inbox_count(const struct bayar_inbox *inbox);
const char *bayar_inbox_key(const struct bayar_inbox *inbox, size_t index);
const char *bayar_inbox_reference(const struct bayar_inbox *inbox, size_t index);
int32_t bayar_inbox_is_acknowledged(const struct bayar_inbox *inbox, size_t index);
int32_t bayar_inbox_is_stale(const struct bayar_inbox *inbox, size_t index);
int32_t bayar_inbox_is_known(const struct bayar_inbox *inbox, size_t index);
const char *bayar_inbox_first_came(const struct bayar_inbox *inbox, size_t index);
const char *bayar_inbox_last_came(const struct bayar_inbox *inbox, size_t index);
int64_t bayar_inbox_times(const struct bayar_inbox *inbox, size_t index);
const char *bayar_inbox_json(const struct bayar_inbox *inbox, size_t index);
void bayar_inbox_free(struct bayar_inbox *inbox);
int32_t bayar_client_poll_log(const struct bayar_client *client,
                              struct bayar_log_entry **entry,
                              struct bayar_error **error);
int32_t bayar_log_entry_level(const struct bayar_log_entry *log_entry);
int64_t bayar_log_entry_unix_ms(const struct bayar_log_entry *log_entry);
const char *bayar_log_entry_message(const struct bayar_log_entry *log_entry);
void bayar_log_entry_free(struct bayar_log_entry *log_entry);
int32_t bayar_request_sign(const char *client_secret,
                           const char *method,
                           const char *path,
                           const char *token,
                           const uint8_t *body,
                           size_t body_length,
                           const char *timestamp,
                           struct bayar_text **signature,
                           struct bayar_error **error);
int32_t bayar_request_string_to_sign(const char *method,
                                     const char *path,
                                     const char *token,
                                     const uint8_t *body,
                                     size_t body_length,
                                     const char *timestamp,
                                     struct bayar_text **result,
                                     struct bayar_error **error);
int32_t bayar_request_verify(const char *client_secret,
                             const char *method,
                             const char *path,
                             const char *token,
                             const uint8_t *body,
                             size_t body_length,
                             const char *timestamp,
                             const char *signature,
                             struct bayar_error **error);
int32_t bayar_token_request_sign(const char *private_key_pem,
                                 const char *passphrase,
                                 const char *client_id,
                                 const char *timestamp,
                                 struct bayar_text **signature,
                                 struct bayar_error **error);
int32_t bayar_token_request_verify(const char *public_key_pem,
                                   const char *client_id,
                                   const char *timestamp,
                                   const char *signature,
                                   struct bayar_error **error);
int32_t bayar_json_minify(const uint8_t *json,
                          size_t json_length,
                          struct bayar_text **minified,
                          struct bayar_error **error);
int32_t bayar_timestamp_format(int64_t unix_ms, struct bayar_text **timestamp, struct bayar_error **error);
int32_t bayar_external_id_new(struct bayar_text **external_id, struct bayar_error **error);
const char *bayar_text_value(const struct bayar_text *text);
size_t bayar_text_length(const struct bayar_text *text);
void bayar_text_free(struct bayar_text *text);
