/*
 * Two processes with one journal in a file, each with a client of its own: what both are asked for at the same moment is
 * paid once and told to both, and the list of all records is longer than one page.
 */
#define _DEFAULT_SOURCE
#include "check.h"
#include "shop.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 2
#define SHARED 40
#define OWN 90

/* What each process was told, seen by all. */
typedef char links[PROCESSES][SHARED][256];

static void pays(const bayar_client *client, const char *reference, char *link)
{
    bayar_payment *payment = NULL;
    bayar_error *error = UNWRITTEN;

    check_about(reference);
    CHECK_WORKS(pay(client, reference, "1000", &payment, &error), error);
    if (link != NULL && payment != NULL)
        snprintf(link, 256, "%s", bayar_payment_redirect_url(payment));
    bayar_payment_free(payment);
}

static int process(int which, links *told)
{
    bayar_client *client = client_from_environment();
    char reference[32];
    int number;

    for (number = 0; number < SHARED; number++) {
        snprintf(reference, sizeof reference, "BOTH-%d", number);
        pays(client, reference, (*told)[which][number]);
    }
    for (number = 0; number < OWN; number++) {
        snprintf(reference, sizeof reference, "OWN-%d-%d", which, number);
        pays(client, reference, NULL);
    }
    bayar_client_free(client);
    return check_result();
}

static void check_list(void)
{
    bayar_client *client = client_from_environment();
    bayar_records *records = NULL;
    bayar_record *record = NULL;
    bayar_error *error = UNWRITTEN;
    char before[64] = "";
    int all = 0;

    check_about("the list of all");
    CHECK_WORKS(bayar_client_records(client, BAYAR_RECORDS_ALL, NULL, &records, &error), error);
    for (;;) {
        CHECK_WORKS(bayar_records_next(records, &record, &error), error);
        if (record == NULL)
            break;
        all++;
        CHECK_NUMBER(bayar_record_state(record), BAYAR_RECORD_DONE);
        CHECK(strcmp(before, bayar_record_created(record)) <= 0);
        snprintf(before, sizeof before, "%s", bayar_record_created(record));
        bayar_record_free(record);
    }
    CHECK_NUMBER(all, SHARED + PROCESSES * OWN);
    bayar_records_free(records);
    bayar_client_free(client);
}

int main(void)
{
    links *told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t children[PROCESSES];
    int which, number, status;

    CHECK(told != MAP_FAILED);
    for (which = 0; which < PROCESSES; which++) {
        children[which] = fork();
        if (children[which] == 0)
            return process(which, told);
    }
    for (which = 0; which < PROCESSES; which++)
        CHECK(waitpid(children[which], &status, 0) == children[which] && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    for (number = 0; number < SHARED; number++) {
        CHECK((*told)[0][number][0] != '\0');
        CHECK_TEXT((*told)[0][number], (*told)[1][number]);
    }
    check_list();
    return check_result();
}
