/* One living object of every type, for programs that try every function. Needs a customer who pays at once. */
#ifndef FIXTURES_H
#define FIXTURES_H

#include <bayar.h>

struct fixtures {
    bayar_config *config;
    bayar_client *client;
    bayar_cancel *cancel;
    bayar_payment_request *payment_request;
    bayar_payment *payment;
    bayar_refund_request *refund_request;
    bayar_refund *refund;
    bayar_status *status;
    bayar_records *records;
    bayar_record *record;
    bayar_incoming *incoming;
    bayar_answer *answer;
    bayar_delivery *delivery;
    bayar_inbox *inbox;
    bayar_log_entry *log_entry;
};

void make_fixtures(struct fixtures *made);
void free_fixtures(struct fixtures *made);

#endif
