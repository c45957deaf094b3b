/* Fault: no setsid, so it keeps the session and the terminal of the shell.
   expect: A1 C3 C8 */
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
	if (fork() > 0) /* C3 */
		return 0;
	chdir("/");
	umask(0);
	null();
	for (;;)
		pause();
}
