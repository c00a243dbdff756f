/* What a process holds of its machine, for the programs that prove that it does not grow. Linux. */
#ifndef GROWTH_H
#define GROWTH_H

/*
 * As much as the allocator's own habits may add between two looks. AddressSanitizer and valgrind hold freed memory back,
 * 256 MiB and 20 MB of it, and keep books of their own; there, their leak check says what was not freed.
 */
long growth_allowed_kib(void);

/* Resident memory in KiB, open descriptors, and threads; -1 if /proc does not tell. */
long resident_kib(void);
long open_descriptors(void);
long threads(void);

#endif
