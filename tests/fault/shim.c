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
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { EXIT_CODE = 86 };

enum verdict { PASS, FAIL, TEAR, SHORT, TEAR_EXIT, EXIT_AFTER };

static const char *only_call, *mode, *path_contains;
static long at, times = 1, seed, n_seen;
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
    if ((value = getenv("NT2_FAULT_SEED"))) seed = atol(value);
    if ((value = getenv("NT2_FAULT_LOG"))) {
        log_fd = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (log_fd < 0) abort();
    }
}

static int counts(const char *call, const char *path);

/* What a power cut undoes: changes since the file's last flush, and names since their folder's. */
struct change {
    char *path;
    off64_t offset, old_size;
    unsigned char *old_bytes, *new_bytes;
    size_t n_old, n_new;
};

static struct change *changes;
static size_t n_changes;
static char **new_names, **known_names;
static size_t n_new_names, n_known_names;

static void *grown(void *list, size_t n, size_t item) {
    void *larger = realloc(list, (n + 1) * item);
    if (!larger) abort();
    return larger;
}

static int in_list(char **list, size_t n, const char *path) {
    for (size_t i = 0; i < n; i++)
        if (list[i] && strcmp(list[i], path) == 0) return 1;
    return 0;
}

static int cuts_power(void) { return mode && strcmp(mode, "power-cut") == 0; }

/* Notes what is at `offset` before `n` bytes are written there, or before the file is cut to `offset` (then `bytes` is null). */
static void note_change(const char *path, const void *bytes, size_t n, off64_t offset) {
    if (!cuts_power() || !counts(NULL, path)) return;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat64 file;
    if (fd < 0 || fstat64(fd, &file) != 0) abort();
    if (file.st_size == 0 && !in_list(known_names, n_known_names, path)) {
        new_names = grown(new_names, n_new_names, sizeof *new_names);
        new_names[n_new_names++] = strdup(path);
    }
    if (!in_list(known_names, n_known_names, path)) {
        known_names = grown(known_names, n_known_names, sizeof *known_names);
        known_names[n_known_names++] = strdup(path);
    }
    struct change change = {strdup(path), offset, file.st_size, NULL, NULL, 0, n};
    if (offset < file.st_size) {
        size_t there = (size_t)(file.st_size - offset);
        change.n_old = bytes && n < there ? n : there;
        if (!(change.old_bytes = malloc(change.n_old + 1))) abort();
        if (pread64(fd, change.old_bytes, change.n_old, offset) != (ssize_t)change.n_old) abort();
    }
    if (bytes) {
        if (!(change.new_bytes = malloc(n + 1))) abort();
        memcpy(change.new_bytes, bytes, n);
    }
    close(fd);
    changes = grown(changes, n_changes, sizeof *changes);
    changes[n_changes++] = change;
}

/* A flushed file keeps its changes, a flushed folder the names in it. */
static void note_flush(const char *path) {
    size_t length = strlen(path);
    for (size_t i = 0; i < n_changes; i++)
        if (changes[i].path && strcmp(changes[i].path, path) == 0) changes[i].path = NULL;
    for (size_t i = 0; i < n_new_names; i++) {
        char *name = new_names[i];
        if (name && strncmp(name, path, length) == 0 && name[length] == '/' && !strchr(name + length + 1, '/')) new_names[i] = NULL;
    }
}

/* Seed 0 keeps nothing that was not flushed; another keeps about half, as a disk that reorders does. */
static int kept(void) {
    if (seed == 0) return 0;
    seed = (long)((unsigned long)seed * 6364136223846793005UL + 1442695040888963407UL);
    return (int)((unsigned long)seed >> 63);
}

static void cut_power(void) {
    for (size_t i = n_changes; i-- > 0;) {
        struct change *change = &changes[i];
        int fd = change->path ? open(change->path, O_RDWR | O_CLOEXEC) : -1;
        if (fd < 0) continue;
        if (change->n_old && real_pwrite64(fd, change->old_bytes, change->n_old, change->offset) < 0) abort();
        if (real_ftruncate64(fd, change->old_size) != 0) abort();
        close(fd);
    }
    for (size_t i = 0; i < n_changes; i++) {
        struct change *change = &changes[i];
        int fd = change->path && kept() ? open(change->path, O_RDWR | O_CLOEXEC) : -1;
        if (fd < 0) continue;
        if (change->new_bytes) {
            if (real_pwrite64(fd, change->new_bytes, change->n_new, change->offset) < 0) abort();
        } else if (real_ftruncate64(fd, change->offset) != 0) {
            abort();
        }
        close(fd);
    }
    for (size_t i = 0; i < n_new_names; i++)
        if (new_names[i] && !kept()) real_unlink(new_names[i]);
    _exit(EXIT_CODE);
}

/* Whether the call is one of those that count; without a name, whether the path alone does. */
static int counts(const char *call, const char *path) {
    if (call && only_call && *only_call && strcmp(only_call, call) != 0) return 0;
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
    if (cuts_power()) cut_power();
    abort();
}

/* The path behind `fd`; empty if it has none. */
static const char *path_of(int fd) {
    static char path[PATH_MAX];
    char link[64];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = saved;
    path[length < 0 ? 0 : length] = 0;
    return path;
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
    const char *path = path_of(fd);
    enum verdict verdict = judge("write", path);
    if (cuts_power()) note_change(path, bytes, n, lseek64(fd, 0, SEEK_CUR));
    BYTES(verdict, real_write(fd, bytes, n), real_write(fd, bytes, (n + 1) / 2));
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset) {
    const char *path = path_of(fd);
    enum verdict verdict = judge("pwrite", path);
    note_change(path, bytes, n, offset);
    BYTES(verdict, real_pwrite(fd, bytes, n, offset), real_pwrite(fd, bytes, (n + 1) / 2, offset));
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t offset) {
    const char *path = path_of(fd);
    enum verdict verdict = judge("pwrite64", path);
    note_change(path, bytes, n, offset);
    BYTES(verdict, real_pwrite64(fd, bytes, n, offset), real_pwrite64(fd, bytes, (n + 1) / 2, offset));
}

int fsync(int fd) {
    const char *path = path_of(fd);
    enum verdict verdict = judge("fsync", path);
    if (verdict == PASS) note_flush(path);
    WHOLE(verdict, real_fsync(fd));
}

int fdatasync(int fd) {
    const char *path = path_of(fd);
    enum verdict verdict = judge("fdatasync", path);
    if (verdict == PASS) note_flush(path);
    WHOLE(verdict, real_fdatasync(fd));
}

int ftruncate(int fd, off_t length) {
    const char *path = path_of(fd);
    enum verdict verdict = judge("ftruncate", path);
    note_change(path, NULL, 0, length);
    WHOLE(verdict, real_ftruncate(fd, length));
}

int ftruncate64(int fd, off64_t length) {
    const char *path = path_of(fd);
    enum verdict verdict = judge("ftruncate64", path);
    note_change(path, NULL, 0, length);
    WHOLE(verdict, real_ftruncate64(fd, length));
}

int rename(const char *from, const char *to) { WHOLE(judge("rename", to), real_rename(from, to)); }

int unlink(const char *path) { WHOLE(judge("unlink", path), real_unlink(path)); }
