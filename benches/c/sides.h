/* The two sides that side_by_side.c and allocations.c measure: each is opened once, makes one payment at a time, and is closed. All return 0
 * for success and have then said why not. Every payment has a number of its own, from which its reference is made. */
#ifndef SIDES_H
#define SIDES_H

/* The reference of a payment: always this long, so that both sides send equally many bytes. */
#define REFERENCE_BEGIN "BENCH-"
#define REFERENCE_FORMAT REFERENCE_BEGIN "%010lu"
#define REFERENCE_LENGTH 16

/* Bayar's C API, `roots` being its setting tls_roots. The first payment is made at once: the token is fetched and the server
 * has a request to show. */
int bayar_side_open(const char *base_url, const char *ca_file, const char *key_file, const char *roots);
int bayar_side_pay(unsigned long number);
void bayar_side_close(void);

/* libcurl with one easy handle that is kept. It sends what the server recorded of bayar's first payment. */
int libcurl_side_open(const char *base_url, const char *ca_file);
int libcurl_side_pay(unsigned long number);
void libcurl_side_close(void);

#endif
