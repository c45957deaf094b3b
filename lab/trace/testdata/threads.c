/* Threads that start and end; then one of them runs another program. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void *quick(void *p) { return p; }
static void *slow(void *p) { for (;;) pause(); return p; }
static void *becomes(void *p) {
	execl("/bin/true", "true", (char *)0);
	return p;
}

int main(int argc, char **argv) {
	pthread_t t[20], s, b;
	for (int i = 0; i < 20; i++)
		pthread_create(&t[i], 0, quick, 0);
	for (int i = 0; i < 20; i++)
		pthread_join(t[i], 0);
	if (argc > 1) {
		pthread_create(&s, 0, slow, 0);
		pthread_create(&b, 0, becomes, 0);
		pthread_join(b, 0);
		return 1;
	}
	return 5;
}
