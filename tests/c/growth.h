/* What a process holds of its machine, for the programs that prove that it does not grow. Linux. */
#ifndef GROWTH_H
#define GROWTH_H

/* As much as the allocator's own habits may add between two looks. */
#define GROWTH_ALLOWED_KIB 1024

/* Resident memory in KiB, and open descriptors; -1 if /proc does not tell. */
long resident_kib(void);
long open_descriptors(void);

#endif
