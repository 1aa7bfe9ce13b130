/* A libcuda.so.1 without a driver: cuInit answers with the code in FAKE_CUDA. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cuInit(unsigned flags) {
    const char *said = getenv("FAKE_CUDA");
    if (said && !strcmp(said, "hang")) for (;;) sleep(1);
    if (said && !strcmp(said, "crash")) abort();
    if (said && !strcmp(said, "escape")) {  /* what holds the pipe is in no group that is killed */
        if (!fork()) { setsid(); sleep(9); _exit(0); }
        for (;;) sleep(1);
    }
    return said ? atoi(said) : 0;
}
int cuDriverGetVersion(int *version) { *version = 12040; return 0; }
int cuDeviceGetCount(int *count) { *count = 8; return 0; }
