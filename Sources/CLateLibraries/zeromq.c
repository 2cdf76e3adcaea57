#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "CLateLibraries.h"
#include "late.h"

// `zmq_msg_t` of all 4.x: 64 bytes, aligned as a pointer.
typedef struct { _Alignas(void *) unsigned char bytes[64]; } message;

static void *(*ctx_new)(void);
static int (*ctx_term)(void *);
static void *(*open_socket)(void *, int);
static int (*close_socket)(void *);
static int (*setsockopt_)(void *, int, const void *, size_t);
static int (*bind_)(void *, const char *);
static int (*connect_)(void *, const char *);
static int (*msg_init)(message *);
static int (*msg_init_size)(message *, size_t);
static int (*msg_recv)(message *, void *, int);
static int (*msg_send)(message *, void *, int);
static void *(*msg_data)(message *);
static size_t (*msg_size)(const message *);
static int (*msg_more)(const message *);
static int (*msg_get)(const message *, int);
static int (*monitor_)(void *, const char *, int);
static int (*msg_close)(message *);
static int (*poll_)(struct fx_zmq_item *, int, long);
static int (*errno_)(void);
static const char *(*strerror_)(int);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char missing[256] = "not looked for";
static int is_missing = 1;
static char version_text[32];

// The numbers of zmq.h.
enum { DONTWAIT = 1, SNDMORE = 2, SOURCE = 2, PAIR = 0 };
enum { ACCEPTED = 0x20, CLOSED = 0x80, DISCONNECTED = 0x200 };
enum { SUBSCRIBE = 6, LINGER = 17, MAXMSGSIZE = 22, SNDHWM = 23, XPUB_VERBOSE = 40, XPUB_NODROP = 69 };

static void load(void) {
  void (*version)(int *, int *, int *) = 0;
  const struct late_symbol symbols[] = {
    {"zmq_ctx_new", (void **)&ctx_new}, {"zmq_ctx_term", (void **)&ctx_term}, {"zmq_socket", (void **)&open_socket},
    {"zmq_close", (void **)&close_socket}, {"zmq_setsockopt", (void **)&setsockopt_}, {"zmq_bind", (void **)&bind_},
    {"zmq_connect", (void **)&connect_}, {"zmq_msg_init", (void **)&msg_init}, {"zmq_msg_init_size", (void **)&msg_init_size},
    {"zmq_msg_recv", (void **)&msg_recv}, {"zmq_msg_send", (void **)&msg_send}, {"zmq_msg_data", (void **)&msg_data},
    {"zmq_msg_size", (void **)&msg_size}, {"zmq_msg_more", (void **)&msg_more}, {"zmq_msg_close", (void **)&msg_close},
    {"zmq_msg_get", (void **)&msg_get}, {"zmq_socket_monitor", (void **)&monitor_},
    {"zmq_poll", (void **)&poll_}, {"zmq_errno", (void **)&errno_}, {"zmq_strerror", (void **)&strerror_},
    {"zmq_version", (void **)&version},
  };
  const char *const names[] = {"libzmq.so.5", "libzmq.so", 0};
  if (!late_open(names, symbols, sizeof symbols / sizeof *symbols, "ZeroMQ 4.2 or newer", missing, sizeof missing)) return;
  int major = 0, minor = 0, patch = 0;
  version(&major, &minor, &patch);
  snprintf(version_text, sizeof version_text, "%d.%d.%d", major, minor, patch);
  if (major != 4 || minor < 2) {
    snprintf(missing, sizeof missing, "it is version %s: ZeroMQ 4.2 or newer is needed", version_text);
    return;
  }
  is_missing = 0;
}

const char *fx_zmq_missing(void) {
  pthread_once(&once, load);
  return is_missing ? missing : 0;
}

const char *fx_zmq_version(void) { return fx_zmq_missing() ? 0 : version_text; }

void *fx_zmq_context(void) { return fx_zmq_missing() ? 0 : ctx_new(); }

void fx_zmq_end(void *context) {
  while (ctx_term(context) != 0 && errno_() == EINTR) {}
}

static int set(void *socket, int option, int value) { return setsockopt_(socket, option, &value, sizeof value); }

void *fx_zmq_socket(void *context, int kind, int linger) {
  void *socket = open_socket(context, kind);
  if (socket) set(socket, LINGER, linger);
  return socket;
}

void fx_zmq_close(void *socket) { close_socket(socket); }

int fx_zmq_limit_frames(void *socket, int64_t bytes) { return setsockopt_(socket, MAXMSGSIZE, &bytes, sizeof bytes); }

int fx_zmq_limit_queue(void *socket, int messages) { return set(socket, SNDHWM, messages); }

int fx_zmq_tell_subscribers(void *socket) { return set(socket, XPUB_VERBOSE, 1) | set(socket, XPUB_NODROP, 1); }

int fx_zmq_wait_for_subscribers(void *socket, int waits) { return set(socket, XPUB_NODROP, waits); }

int fx_zmq_subscribe_all(void *socket) { return setsockopt_(socket, SUBSCRIBE, "", 0); }

static int told(int status) {
  if (status != 0) errno = errno_();
  return status;
}

int fx_zmq_bind(void *socket, const char *endpoint) { return told(bind_(socket, endpoint)); }

int fx_zmq_connect(void *socket, const char *endpoint) { return told(connect_(socket, endpoint)); }

int fx_zmq_receive(void *socket, void (*take)(const void *, size_t, void *), void *context, int *more, int *source) {
  message frame;
  msg_init(&frame);
  int received;
  do received = msg_recv(&frame, socket, DONTWAIT);
  while (received < 0 && errno_() == EINTR);
  int code = received < 0 ? errno_() : 0;
  if (code == 0) {
    *more = msg_more(&frame);
    *source = msg_get(&frame, SOURCE);
    take(msg_data(&frame), msg_size(&frame), context);
  }
  msg_close(&frame);
  return code;
}

int fx_zmq_send(void *socket, const void *bytes, size_t count, int more) {
  message frame;
  if (msg_init_size(&frame, count) != 0) return errno_();
  if (count > 0) memcpy(msg_data(&frame), bytes, count);
  int sent;
  do sent = msg_send(&frame, socket, DONTWAIT | (more ? SNDMORE : 0));
  while (sent < 0 && errno_() == EINTR);
  if (sent >= 0) return 0;
  int code = errno_();
  msg_close(&frame);
  return code;
}

void *fx_zmq_monitor(void *context, void *socket, const char *endpoint) {
  if (monitor_(socket, endpoint, ACCEPTED | CLOSED | DISCONNECTED) != 0) return told(-1), NULL;
  void *events = open_socket(context, PAIR);
  if (events == NULL) return told(-1), NULL;
  set(events, LINGER, 0);
  if (connect_(events, endpoint) == 0) return events;
  told(-1);
  close_socket(events);
  return NULL;
}

bool fx_zmq_connection(void *monitor, int *connection, bool *is_new) {
  for (;;) {
    message event, address;
    msg_init(&event);
    msg_init(&address);
    bool is_here = msg_recv(&event, monitor, DONTWAIT) >= 0 && msg_recv(&address, monitor, DONTWAIT) >= 0;
    struct __attribute__((packed)) { uint16_t kind; uint32_t value; } what = {0, 0};
    if (is_here && msg_size(&event) == sizeof what) memcpy(&what, msg_data(&event), sizeof what);
    msg_close(&event);
    msg_close(&address);
    if (!is_here) return false;
    if (!(what.kind & (ACCEPTED | CLOSED | DISCONNECTED))) continue;
    *connection = (int)what.value;
    *is_new = what.kind == ACCEPTED;
    return true;
  }
}

int fx_zmq_poll(struct fx_zmq_item *items, int count, long milliseconds) { return poll_(items, count, milliseconds); }

const char *fx_zmq_reason(int code) { return fx_zmq_missing() ? "" : strerror_(code); }
