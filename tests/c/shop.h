/* What several test programs do: a client from the environment, a payment in one step, the customer at the checkout. */
#ifndef SHOP_H
#define SHOP_H

#include <bayar.h>

/* Settings or a client from the environment's BAYAR_ variables; the program ends if that fails. */
bayar_config *config_from_environment(void);
bayar_client *client_from_environment(void);

/* The same, with one setting replaced. */
bayar_client *client_with(const char *name, const char *value);

/* Pays or refunds; returns what the call returned. */
int32_t pay(const bayar_client *client, const char *reference, const char *amount, bayar_payment **payment,
            bayar_error **error);
int32_t refund(const bayar_client *client, const char *reference, const char *amount, const char *refund_no,
               bayar_refund **refund, bayar_error **error);

/*
 * Has the customer do something and waits until it is done: customer("approves", "INV-1"), customer("declines", "INV-1").
 * Also customer("network", "slow"): answers come later than any limit, until it is "fast"; "lazy" is a second later.
 * customer("awaits", "INV-1"): until DOKU has made the payment, or the refund of that number. customer("time", "passes"): all
 * that is open in the journal's file is to be asked about now. customer("journal", "breaks"): its file loses the table of
 * records, until it "is mended".
 */
void customer(const char *does, const char *reference);

#endif
