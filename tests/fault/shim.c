/* Disk faults on demand, loaded by LD_PRELOAD. README.md beside this file says how to use it.
 *
 * Counts the calls named in CALLS whose file's path contains NT2_FAULT_PATH_CONTAINS; at call NT2_FAULT_AT (from 1) it does what
 * NT2_FAULT_MODE says. Single-threaded programs only: the counter is not shared between threads.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { EXIT_CODE = 86 };

enum verdict { PASS, FAIL, TEAR, SHORT, TEAR_EXIT, EXIT_AFTER };

static const char *only_call, *mode, *path_contains;
static long at, times = 1, n_seen;
static int log_fd = -1;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);

/* Aborts rather than run without a fault: a test that injects nothing would pass. */
static void *must_find(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void start(void) {
    real_write = must_find("write");
    real_pwrite = must_find("pwrite");
    real_pwrite64 = must_find("pwrite64");
    real_fsync = must_find("fsync");
    real_fdatasync = must_find("fdatasync");
    real_ftruncate = must_find("ftruncate");
    real_ftruncate64 = must_find("ftruncate64");
    real_rename = must_find("rename");
    real_unlink = must_find("unlink");

    const char *value;
    only_call = getenv("NT2_FAULT_CALL");
    mode = getenv("NT2_FAULT_MODE");
    path_contains = getenv("NT2_FAULT_PATH_CONTAINS");
    if ((value = getenv("NT2_FAULT_AT"))) at = atol(value);
    if ((value = getenv("NT2_FAULT_TIMES"))) times = atol(value);
    if ((value = getenv("NT2_FAULT_LOG"))) {
        log_fd = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (log_fd < 0) abort();
    }
}

/* Whether the call is one of those that count. */
static int counts(const char *call, const char *path) {
    if (only_call && *only_call && strcmp(only_call, call) != 0) return 0;
    return !path_contains || strstr(path, path_contains) != NULL;
}

static enum verdict judge(const char *call, const char *path) {
    if (!real_write || !counts(call, path)) return PASS;
    n_seen++;
    if (log_fd >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%ld %s %s\n", n_seen, call, path);
        if (length < 0 || real_write(log_fd, line, (size_t)length) != length) abort();
    }
    if (at == 0 || n_seen < at || (times != 0 && n_seen >= at + times)) return PASS;
    if (!mode) abort();
    if (strcmp(mode, "enospc") == 0) { errno = ENOSPC; return FAIL; }
    if (strcmp(mode, "eio") == 0) { errno = EIO; return FAIL; }
    if (strcmp(mode, "tear") == 0) return TEAR;
    if (strcmp(mode, "short") == 0) return SHORT;
    if (strcmp(mode, "tear-exit") == 0) return TEAR_EXIT;
    if (strcmp(mode, "exit-after") == 0) return EXIT_AFTER;
    if (strcmp(mode, "exit") == 0) _exit(EXIT_CODE);
    abort();
}

static enum verdict judge_fd(const char *call, int fd) {
    char link[64], path[PATH_MAX];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = saved;
    if (length < 0) return PASS;
    path[length] = 0;
    return judge(call, path);
}

/* Calls without bytes can't be torn: tearing fails them, a short one is a whole one. */
#define WHOLE(verdict, call)                                          \
    switch (verdict) {                                                \
    case TEAR: errno = EIO; return -1;                                \
    case FAIL: return -1;                                             \
    case TEAR_EXIT: _exit(EXIT_CODE);                                 \
    case EXIT_AFTER: if (call) {} _exit(EXIT_CODE);                   \
    case SHORT: case PASS: return call;                               \
    }                                                                 \
    abort()

/* `half` writes the first half of the bytes. */
#define BYTES(verdict, call, half)                                    \
    switch (verdict) {                                                \
    case FAIL: return -1;                                             \
    case TEAR: if (half < 0) return -1; errno = EIO; return -1;       \
    case SHORT: return half;                                          \
    case TEAR_EXIT: if (half) {} _exit(EXIT_CODE);                    \
    case EXIT_AFTER: if (call) {} _exit(EXIT_CODE);                   \
    case PASS: return call;                                           \
    }                                                                 \
    abort()

ssize_t write(int fd, const void *bytes, size_t n) {
    BYTES(judge_fd("write", fd), real_write(fd, bytes, n), real_write(fd, bytes, (n + 1) / 2));
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset) {
    BYTES(judge_fd("pwrite", fd), real_pwrite(fd, bytes, n, offset), real_pwrite(fd, bytes, (n + 1) / 2, offset));
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t offset) {
    BYTES(judge_fd("pwrite64", fd), real_pwrite64(fd, bytes, n, offset), real_pwrite64(fd, bytes, (n + 1) / 2, offset));
}

int fsync(int fd) { WHOLE(judge_fd("fsync", fd), real_fsync(fd)); }

int fdatasync(int fd) { WHOLE(judge_fd("fdatasync", fd), real_fdatasync(fd)); }

int ftruncate(int fd, off_t length) { WHOLE(judge_fd("ftruncate", fd), real_ftruncate(fd, length)); }

int ftruncate64(int fd, off64_t length) { WHOLE(judge_fd("ftruncate64", fd), real_ftruncate64(fd, length)); }

int rename(const char *from, const char *to) { WHOLE(judge("rename", to), real_rename(from, to)); }

int unlink(const char *path) { WHOLE(judge("unlink", path), real_unlink(path)); }
