#include "config.h"
#include <stdio.h>

int main(int argc, char **argv) {
	printf(GREETING "%s (%d-byte long, %s)\n", argc > 1 ? argv[1] : "World", SIZEOF_LONG,
#ifdef WORDS_BIGENDIAN
	       "big-endian"
#else
	       "little-endian"
#endif
	);
	return 0;
}
