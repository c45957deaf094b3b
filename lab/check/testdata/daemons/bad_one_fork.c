/* Fault: no second fork, so it still leads its session.
   expect: C7 */
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

int main(void) {
	if (fork() > 0)
		return 0;
	setsid(); /* C7 */
	chdir("/");
	umask(0);
	null();
	for (;;)
		pause();
}
