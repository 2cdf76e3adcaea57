#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>  // glibc's tcp_info ends before tcpi_bytes_received
#include <malloc.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "arrivals.h"

int fx_arrivals_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int64_t fx_arrivals_bytes(int connection) {
  struct tcp_info info;
  memset(&info, 0, sizeof info);
  socklen_t size = sizeof info;
  if (getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return -1;
  if (size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) return -1;  // before Linux 4.1
  return (int64_t)info.tcpi_bytes_received;
}

int fx_arrivals_add(int arrivals, int connection, int number) {
  int own = fcntl(connection, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return -1;
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = number};
  if (fx_arrivals_bytes(own) < 0 || epoll_ctl(arrivals, EPOLL_CTL_ADD, own, &event) != 0) {
    close(own);
    return -1;
  }
  return own;
}

int fx_arrivals_take(int arrivals, int *numbers, int most) {
  struct epoll_event events[64];
  int count = epoll_wait(arrivals, events, most < 64 ? most : 64, 0);
  for (int i = 0; i < count; i++) numbers[i] = events[i].data.fd;
  return count < 0 ? 0 : count;
}

void fx_arrivals_end(int connection) {
  struct linger none = {.l_onoff = 1, .l_linger = 0};  // a plain end would let a peer with much to send wait for a minute
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  shutdown(connection, SHUT_RDWR);
}

void fx_arrivals_trim(void) { malloc_trim(0); }
