/* What a process holds of its machine, for the programs that prove that it does not grow. Linux. */
#ifndef GROWTH_H
#define GROWTH_H

/*
 * As much as the allocator's own habits may add between two looks. AddressSanitizer holds freed memory back, 256 MiB of
 * it; there, its leak check says what was not freed.
 */
#ifdef __SANITIZE_ADDRESS__
#define GROWTH_ALLOWED_KIB (512 * 1024)
#else
#define GROWTH_ALLOWED_KIB 1024
#endif

/* Resident memory in KiB, open descriptors, and threads; -1 if /proc does not tell. */
long resident_kib(void);
long open_descriptors(void);
long threads(void);

#endif
