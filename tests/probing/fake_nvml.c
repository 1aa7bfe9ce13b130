/* A libnvidia-ml.so.1 without a driver: what it says is named by FAKE_NVML. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOT_SUPPORTED 3
typedef struct { unsigned long long total, free, used; } Memory;
typedef struct {
    unsigned field, scope;
    long long timestamp, latency;
    unsigned type, result;
    union { double d; unsigned u; unsigned long long ull; } value;
} Field;
typedef struct {
    unsigned version;
    unsigned char uuid[16];
    unsigned status, clique;
    unsigned char state;
    unsigned health;
} Fabric;

static int is(const char *name) {
    const char *said = getenv("FAKE_NVML");
    return said && strstr(said, name) != NULL;
}
static int number(void *gpu) { return (int)((long)gpu - 100); }
static int bad(void *gpu) { return number(gpu) == 1; }

int nvmlInitWithFlags(unsigned flags) {
    printf("a library may print what it likes\n");
    fflush(stdout);
    if (is("mismatch")) return 18;
    if (is("unknown")) return 999;
    if (is("noperm")) return 4;
    if (is("unloaded")) return 9;
    if (is("crash")) abort();
    return 0;
}
int nvmlSystemGetDriverVersion(char *text, unsigned size) {
    snprintf(text, size, is("odd") ? "\xff;\n v" : "535.104.05");
    return 0;
}
int nvmlSystemGetCudaDriverVersion_v2(int *version) {
    *version = is("odd") ? -2147483647 : 12020;
    return 0;
}
int nvmlDeviceGetCount_v2(unsigned *count) {
    if (is("uncounted")) return 999;
    *count = is("many") ? 4000000000u : is("none") ? 0 : 8;
    return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **gpu) {
    if (is("lost") && index == 1) return 15;
    *gpu = (void *)(long)(100 + index);
    return 0;
}
int nvmlDeviceGetName(void *gpu, char *text, unsigned size) {
    if (is("bytes")) snprintf(text, size, "NVIDIA \xff\xfe\x1b[31m");
    else snprintf(text, size, "NVIDIA H100 80GB HBM3");
    return 0;
}
int nvmlDeviceGetMemoryInfo(void *gpu, Memory *memory) {
    if (is("hang") && bad(gpu)) for (;;) sleep(1);
    memory->total = is("odd") ? ~0ULL : 81559ULL << 20;
    memory->free = memory->total;
    memory->used = 0;
    return 0;
}
int nvmlDeviceGetCudaComputeCapability(void *gpu, int *major, int *minor) {
    *major = is("odd") ? 2147483647 : 9;
    *minor = is("odd") ? -1 : 0;
    return 0;
}
int nvmlDeviceGetEccMode(void *gpu, unsigned *now, unsigned *later) {
    if (is("unsupported")) return NOT_SUPPORTED;
    *now = *later = !is("ecc-off");
    return 0;
}
int nvmlDeviceGetTotalEccErrors(void *gpu, int kind, int since, unsigned long long *count) {
    if (is("unsupported")) return NOT_SUPPORTED;
    *count = is("ecc-errors") && bad(gpu) ? (since ? 40 : 3) : 0;
    return 0;
}
int nvmlDeviceGetRemappedRows(void *gpu, unsigned *few, unsigned *many, unsigned *pending,
                              unsigned *failed) {
    if (is("unsupported")) return NOT_SUPPORTED;
    *few = 0;
    *many = *pending = *failed = is("ecc-errors") && bad(gpu);
    return 0;
}
int nvmlDeviceGetRetiredPages(void *gpu, int cause, unsigned *count, unsigned long long *pages) {
    if (!is("retired")) return NOT_SUPPORTED;
    if (!pages) { *count = 2; return 7; }
    *count = 2; pages[0] = 1; pages[1] = 2;
    return 0;
}
int nvmlDeviceGetRetiredPagesPendingStatus(void *gpu, unsigned *pending) {
    if (!is("retired")) return NOT_SUPPORTED;
    *pending = 1;
    return 0;
}
int nvmlDeviceGetFieldValues(void *gpu, int count, Field *fields) {
    for (int at = 0; at < count; at++) {
        fields[at].result = is("unsupported") ? NOT_SUPPORTED : 0;
        fields[at].value.u = is("odd") ? 4000000000u : is("ecc-errors") && bad(gpu) ? 1 : 0;
    }
    return 0;
}
int nvmlDeviceGetMigMode(void *gpu, unsigned *now, unsigned *later) {
    if (is("unsupported")) return NOT_SUPPORTED;
    *now = is("mig-on");
    *later = *now || is("mig-later");
    return 0;
}
int nvmlDeviceGetMigDeviceHandleByIndex(void *gpu, unsigned index, void **instance) {
    *instance = gpu;
    return index < 2 ? 0 : 6;
}
int nvmlDeviceGetComputeMode(void *gpu, unsigned *mode) {
    *mode = is("odd") ? 77 : is("prohibited") ? 2 : is("exclusive") ? 3 : 0;
    return 0;
}
int nvmlDeviceGetPersistenceMode(void *gpu, unsigned *mode) { *mode = !is("lazy"); return 0; }
int nvmlDeviceGetCurrPcieLinkWidth(void *gpu, unsigned *width) {
    *width = is("narrow") && bad(gpu) ? 8 : 16;
    return 0;
}
int nvmlDeviceGetMaxPcieLinkWidth(void *gpu, unsigned *width) { *width = 16; return 0; }
int nvmlDeviceGetNvLinkState(void *gpu, unsigned link, unsigned *active) {
    *active = !(is("narrow") && bad(gpu) && link == 17);
    return 0;
}
int nvmlDeviceGetGpuFabricInfoV(void *gpu, Fabric *fabric) {
    if (is("unsupported")) return NOT_SUPPORTED;
    fabric->state = is("odd") ? 255 : is("no-fabric") ? 2 : 3;
    fabric->status = is("fabric-failed") ? 999 : 0;
    return 0;
}
