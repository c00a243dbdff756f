/* See fixtures.h. */
#include "fixtures.h"

#include "check.h"
#include "shop.h"

void make_fixtures(struct fixtures *made)
{
    bayar_error *error = NULL;

    check_about("making one of every object");
    made->config = config_from_environment();
    CHECK_WORKS(bayar_config_set(made->config, "log_level", "debug", &error), error);
    CHECK_WORKS(bayar_client_new(made->config, &made->client, &error), error);
    CHECK_WORKS(bayar_cancel_new(&made->cancel, &error), error);
    CHECK_WORKS(bayar_payment_request_new("FIX-1", "10000", &made->payment_request, &error), error);
    CHECK_WORKS(bayar_refund_request_new("FIX-1", "10000", "FIX-1-R", &made->refund_request, &error), error);
    CHECK_WORKS(bayar_payment_request_set_return_url(made->payment_request, "https://toko.example/", &error), error);
    CHECK_WORKS(bayar_client_pay(made->client, made->payment_request, &made->payment, &error), error);
    CHECK_WORKS(bayar_client_wait(made->client, "FIX-1", 60000, &made->status, &error), error);
    CHECK_WORKS(bayar_client_refund(made->client, made->refund_request, &made->refund, &error), error);
    CHECK_WORKS(bayar_client_records(made->client, BAYAR_RECORDS_ALL, NULL, &made->records, &error), error);
    CHECK_WORKS(bayar_records_next(made->records, &made->record, &error), error);
    CHECK(made->record != NULL);
    /* Of nobody's: that is refused, and has all the objects that a genuine one has. */
    CHECK_WORKS(bayar_incoming_new("POST", "/", NULL, 0, &made->incoming, &error), error);
    CHECK_WORKS(bayar_client_webhook_token(made->client, made->incoming, &made->answer, &error), error);
    CHECK_WORKS(bayar_client_notification(made->client, made->incoming, &made->delivery, &error), error);
    CHECK_WORKS(bayar_client_inbox(made->client, &made->inbox, &error), error);
    CHECK_WORKS(bayar_client_poll_log(made->client, &made->log_entry, &error), error);
    CHECK(bayar_log_entry_message(made->log_entry) != NULL && bayar_log_entry_level(made->log_entry) > 0);
    CHECK(bayar_log_entry_unix_ms(made->log_entry) > 0);
}

void free_fixtures(struct fixtures *made)
{
    bayar_log_entry_free(made->log_entry);
    bayar_inbox_free(made->inbox);
    bayar_delivery_free(made->delivery);
    bayar_answer_free(made->answer);
    bayar_incoming_free(made->incoming);
    bayar_record_free(made->record);
    bayar_records_free(made->records);
    bayar_status_free(made->status);
    bayar_refund_free(made->refund);
    bayar_refund_request_free(made->refund_request);
    bayar_payment_free(made->payment);
    bayar_payment_request_free(made->payment_request);
    bayar_cancel_free(made->cancel);
    bayar_client_free(made->client);
    bayar_config_free(made->config);
}
