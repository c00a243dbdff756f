/* Counts what this thread takes from malloc, also from within libraries. For glibc: its functions are replaced by ours, which
 * call it by its other names. */
#ifndef COUNTING_H
#define COUNTING_H

struct counted {
    unsigned long allocations;
    /* As asked for; of one that grows, what it grew to. */
    unsigned long bytes;
    /* The most that was held at once beyond what was held at the beginning. */
    unsigned long peak;
};

void counting_begin(void);
struct counted counting_end(void);

#endif
