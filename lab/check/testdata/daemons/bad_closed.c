/* Fault: closes descriptors 0 to 2 and opens nothing in their place.
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
	close(0);
	close(1);
	close(2); /* C4 */
	for (;;)
		pause();
}
