/* Good: reads its configuration again on SIGHUP.
   expect: nothing */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void null(void) {
	int fd = open("/dev/null", O_RDWR);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static volatile sig_atomic_t again;

static void on_hup(int sig) { again = sig; }

int main(void) {
	struct sigaction act = {.sa_handler = on_hup};
	if (fork() > 0)
		exit(0);
	if (setsid() == -1)
		return 1;
	if (fork() > 0)
		exit(0);
	umask(027);
	if (chdir("/") == -1)
		return 1;
	null();
	sigaction(SIGHUP, &act, 0);
	for (;;)
		pause();
}
