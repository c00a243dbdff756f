/*
 * See counting.h. The libraries' calls come here because a program's own functions are found before libc's.
 */
#include "counting.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *place, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *place);

static __thread struct counted counted;
static __thread long held;
static __thread int counting;

static void hold(void *place)
{
    held += (long)malloc_usable_size(place);
    if (held > (long)counted.peak)
        counted.peak = (unsigned long)held;
}

static void *taken(void *place, size_t size)
{
    if (counting && place != NULL) {
        counted.allocations++;
        counted.bytes += size;
        hold(place);
    }
    return place;
}

static void let_go(void *place)
{
    if (counting)
        held -= (long)malloc_usable_size(place);
}

void counting_begin(void)
{
    const struct counted nothing = {0, 0, 0};

    counted = nothing;
    held = 0;
    counting = 1;
}

struct counted counting_end(void)
{
    counting = 0;
    return counted;
}

void *malloc(size_t size)
{
    return taken(__libc_malloc(size), size);
}

void *calloc(size_t count, size_t size)
{
    return taken(__libc_calloc(count, size), count * size);
}

void *realloc(void *place, size_t size)
{
    void *moved;

    let_go(place);
    moved = __libc_realloc(place, size);
    /* The old one is still there when nothing came of it. */
    if (moved == NULL && counting && size != 0)
        hold(place);
    return taken(moved, size);
}

void *memalign(size_t alignment, size_t size)
{
    return taken(__libc_memalign(alignment, size), size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **place, size_t alignment, size_t size)
{
    void *found = memalign(alignment, size);

    if (found == NULL)
        return ENOMEM;
    *place = found;
    return 0;
}

void free(void *place)
{
    let_go(place);
    __libc_free(place);
}
