// ZeroMQ, the transport of Jupyter's messages.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// NULL once ZeroMQ is loaded, otherwise why it is not.
const char *fx_zmq_missing(void);

/// "4.3.4"; NULL when ZeroMQ is missing.
const char *fx_zmq_version(void);

/// A context, or NULL. All sockets of it are closed before it is ended.
void *fx_zmq_context(void);
void fx_zmq_end(void *context);

enum fx_zmq_kind { FX_ZMQ_SUB = 2, FX_ZMQ_DEALER = 5, FX_ZMQ_ROUTER = 6, FX_ZMQ_XPUB = 9 };

/// A socket that waits `linger` ms for what is unsent when it is closed; NULL with errno set.
void *fx_zmq_socket(void *context, int kind, int linger);
void fx_zmq_close(void *socket);

/// Sets ZMQ_MAXMSGSIZE: a peer that sends a longer frame loses its connection.
int fx_zmq_limit_frames(void *socket, int64_t bytes);
/// Sets ZMQ_SNDHWM, how many messages wait for a slow peer.
int fx_zmq_limit_queue(void *socket, int messages);
/// An XPUB socket tells of every subscriber, and says when one is too slow instead of dropping its messages.
int fx_zmq_tell_subscribers(void *socket);
/// Whether an XPUB socket waits for slow subscribers (1) or drops their messages (0).
int fx_zmq_wait_for_subscribers(void *socket, int waits);
/// A SUB socket takes everything.
int fx_zmq_subscribe_all(void *socket);

/// 0, or -1 with errno set.
int fx_zmq_bind(void *socket, const char *endpoint);
int fx_zmq_connect(void *socket, const char *endpoint);

/// Takes the next frame without waiting and hands its bytes to `take`; `more` says whether the message goes on, `source` is the
/// descriptor of the connection that it came over.
/// 0, or the code of the error: EAGAIN when there is none.
int fx_zmq_receive(void *socket, void (*take)(const void *bytes, size_t count, void *context), void *context, int *more, int *source);

/// A socket that tells of the connections of another one; NULL with errno set. `endpoint` is a name of its own, `inproc://…`.
void *fx_zmq_monitor(void *context, void *socket, const char *endpoint);
/// What a monitor tells next, without waiting: the descriptor of a connection, new or gone. False when there is nothing.
bool fx_zmq_connection(void *monitor, int *connection, bool *is_new);

/// Sends a frame without waiting. 0, or the code of the error.
int fx_zmq_send(void *socket, const void *bytes, size_t count, int more);

/// What `fx_zmq_poll` waits for: a socket, or a file descriptor when `socket` is NULL. The layout is ZeroMQ's.
struct fx_zmq_item {
  void *socket;
  int descriptor;
  short events;   // 1 readable
  short found;
};

/// Waits at most so many ms (-1: for ever) and fills `found`; how many items are ready, or -1.
int fx_zmq_poll(struct fx_zmq_item *items, int count, long milliseconds);

/// The text of an error's code.
const char *fx_zmq_reason(int code);
