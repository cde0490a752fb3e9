// The mark that the kernel sets: an echo that receives and sends many datagrams with one call each.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 32, LONGEST = 4096 };

static char data[BATCH][LONGEST];

int main(int count, char **words) {
  if (count != 2) return 2;
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int size = 1 << 22;
  int port = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(port, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(port, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (bind(port, (struct sockaddr *)&own, sizeof own) != 0) {
    perror("bind");
    return 1;
  }
  static struct mmsghdr messages[BATCH];
  static struct sockaddr_in peers[BATCH];
  static struct iovec parts[BATCH];
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){.iov_base = data[i], .iov_len = LONGEST};
      messages[i].msg_hdr = (struct msghdr){.msg_name = &peers[i], .msg_namelen = sizeof peers[i],
                                            .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int came = recvmmsg(port, messages, BATCH, MSG_WAITFORONE, NULL);
    if (came < 0) continue;
    for (int i = 0; i < came; i++) parts[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < came;) {
      int now = sendmmsg(port, messages + sent, came - sent, 0);
      sent += now > 0 ? now : 1;
    }
  }
}
