/* See growth.h. */
#define _POSIX_C_SOURCE 200809L
#include "growth.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>
#include <valgrind/valgrind.h>

long growth_allowed_kib(void)
{
#ifdef __SANITIZE_ADDRESS__
    return 512 * 1024;
#else
    return RUNNING_ON_VALGRIND ? 64 * 1024 : 1024;
#endif
}

long resident_kib(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long whole, resident;
    int found;

    if (file == NULL)
        return -1;
    found = fscanf(file, "%ld %ld", &whole, &resident);
    fclose(file);
    return found == 2 ? resident * (sysconf(_SC_PAGESIZE) / 1024) : -1;
}

/* With "." and ".."; -1 if it cannot be read. */
static long entries(const char *path)
{
    DIR *folder = opendir(path);
    long found = 0;

    if (folder == NULL)
        return -1;
    while (readdir(folder) != NULL)
        found++;
    closedir(folder);
    return found;
}

long open_descriptors(void)
{
    long found = entries("/proc/self/fd");

    return found < 0 ? -1 : found - 3; /* The folder's own is among them. */
}

long threads(void)
{
    long found = entries("/proc/self/task");

    return found < 0 ? -1 : found - 2;
}
