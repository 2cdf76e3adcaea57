// How many bytes have come over TCP connections that somebody else reads.
#pragma once
#include <stdint.h>

/// A descriptor that is readable when bytes have come over a connection of `fx_arrivals_add`; -1 with errno set.
int fx_arrivals_open(void);

/// Adds a connection under a number; gives a descriptor of our own for it, or -1 where it is no TCP connection.
int fx_arrivals_add(int arrivals, int connection, int number);

/// The numbers of connections over which something has come since the last call: how many, at most `most`.
int fx_arrivals_take(int arrivals, int *numbers, int most);

/// Resets a connection: its peer learns at once that nobody listens any more.
void fx_arrivals_end(int connection);

/// Gives memory that was freed back to the system.
void fx_arrivals_trim(void);

/// Bytes that have come over a connection since it was made; -1 where it is none.
int64_t fx_arrivals_bytes(int connection);
