/* Fault: descriptors 0 to 2 stay on the terminal.
   expect: A1 C4 C8 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
	if (fork() > 0)
		return 0;
	setsid();
	if (fork() > 0)
		return 0;
	chdir("/");
	umask(0);
	for (;;)
		pause();
}
