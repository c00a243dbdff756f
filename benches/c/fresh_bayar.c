/*
 * A fresh process that makes one payment through bayar and ends:
 *
 *     fresh_bayar BASE_URL CA_FILE KEY_FILE ROOTS
 *
 * Without arguments it is only loaded.
 */
#include "sides.h"

int main(int count, char **values)
{
    if (count == 1)
        return 0;
    if (count != 5 || bayar_side_open(values[1], values[2], values[3], values[4]) != 0)
        return 1;
    bayar_side_close();
    return 0;
}
