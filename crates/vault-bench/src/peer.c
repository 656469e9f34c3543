/* The other side of the benchmark: libsodium's primitives, and a runner that measures a whole process.
 *
 *   peer aead LEN MS      one line: nanoseconds of CPU per sealed and per opened message of LEN bytes
 *   peer argon2           one line: nanoseconds of CPU for one Argon2id of 64 MiB and 3 passes
 *   peer run PROGRAM ...  one line: elapsed ns, CPU ns (user + system), peak resident KiB; standard input is passed on
 *
 * Build: cc -O2 -o peer peer.c -lsodium
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int aead(size_t len, double budget_ns) {
    unsigned char key[32], nonce[24] = {7};
    unsigned char *plain = calloc(1, len + 1), *sealed = malloc(len + 16);
    unsigned long long n;
    double start, seal_ns, open_ns;
    long count = 0;

    if (!plain || !sealed) return 1;
    randombytes_buf(key, sizeof key);
    start = now(CLOCK_THREAD_CPUTIME_ID);
    do {
        crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, &n, plain, len, NULL, 0, NULL, nonce, key);
        count++;
    } while ((seal_ns = now(CLOCK_THREAD_CPUTIME_ID) - start) < budget_ns);
    seal_ns /= (double)count;
    count = 0;
    start = now(CLOCK_THREAD_CPUTIME_ID);
    do {
        if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &n, NULL, sealed, len + 16, NULL, 0, nonce, key)) return 1;
        count++;
    } while ((open_ns = now(CLOCK_THREAD_CPUTIME_ID) - start) < budget_ns);
    printf("%.0f %.0f\n", seal_ns, open_ns / (double)count);
    return 0;
}

static int argon2(void) {
    unsigned char out[32], salt[crypto_pwhash_SALTBYTES] = {7};
    const char *password = "correct horse battery staple";
    double start = now(CLOCK_THREAD_CPUTIME_ID);

    if (crypto_pwhash(out, sizeof out, password, strlen(password), salt, 3, 64u << 20, crypto_pwhash_ALG_ARGON2ID13)) return 1;
    printf("%.0f\n", now(CLOCK_THREAD_CPUTIME_ID) - start);
    return 0;
}

static int run(char **argv) {
    double start = now(CLOCK_MONOTONIC), cpu_ns;
    struct rusage usage;
    int status;
    pid_t child = fork();

    if (child < 0) return 1;
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return 1;
    cpu_ns = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
    printf("%.0f %.0f %ld\n", now(CLOCK_MONOTONIC) - start, cpu_ns, usage.ru_maxrss);
    return 0;
}

int main(int argc, char **argv) {
    if (sodium_init() < 0) return 1;
    if (argc == 4 && !strcmp(argv[1], "aead")) return aead(strtoul(argv[2], NULL, 10), strtod(argv[3], NULL) * 1e6);
    if (argc == 2 && !strcmp(argv[1], "argon2")) return argon2();
    if (argc > 2 && !strcmp(argv[1], "run")) return run(argv + 2);
    return 2;
}
