/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_walk.c - a directory as a list of files worth reading, each with its role. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "airlock/file.h"
#include "host/lib/doctor.h"

#define DEPTH_MAX   8
#define ENTRIES_MAX 20000u
#define FILES_MAX   600u
#define TEXT_MAX    (2u << 20)
#define PROGRAM_MAX (16u << 20)

static bool ends(const char *s, const char *suffix)
{
    return alk_file_suffix(s, suffix);
}

static bool begins(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Does the path have this as one of its directories (not as its last word)? */
static bool below(const char *rel, const char *dir)
{
    size_t len = strlen(dir);

    for (const char *p = rel; p != NULL; p = strchr(p, '/')) {
        p += *p == '/';
        if (strncmp(p, dir, len) == 0 && p[len] == '/') {
            return true;
        }
    }
    return false;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static const struct {
    const char *name;
    enum alk_file_kind kind;
} by_name[] =
    {
        {".config", ALK_FILE_FINAL},
        {"partitions.yml", ALK_FILE_BUILT},
        {"west.yml", ALK_FILE_WEST},
        {"CMakeCache.txt", ALK_FILE_CACHE},
        {"domains.yaml", ALK_FILE_DOMAINS},
        {"VERSION", ALK_FILE_VERSION},
        {"zephyr.dts", ALK_FILE_DTS},
        {"Kconfig", ALK_FILE_KCONFIG},
        {"Kconfig.sysbuild", ALK_FILE_KCONFIG},
},
  by_suffix[] = {
      {".conf", ALK_FILE_CONF}, {".config", ALK_FILE_FINAL}, {".overlay", ALK_FILE_DTS},
      {".pem", ALK_FILE_KEY},   {".hex", ALK_FILE_PROGRAM},  {".bin", ALK_FILE_PROGRAM},
      {".zip", ALK_FILE_ZIP},   {".c", ALK_FILE_SOURCE},     {".dts", ALK_FILE_DTS},
};

static enum alk_file_kind kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof by_name / sizeof by_name[0]; i++) {
        if (strcmp(name, by_name[i].name) == 0) {
            return by_name[i].kind;
        }
    }
    if (begins(name, "pm_static") && ends(name, ".yml")) {
        return ALK_FILE_STATIC;
    }
    for (size_t i = 0; i < sizeof by_suffix / sizeof by_suffix[0]; i++) {
        if (ends(name, by_suffix[i].name)) {
            return by_suffix[i].kind;
        }
    }
    return ALK_FILE_OTHER;
}

/* The image that a name stands for: "mcuboot.conf", "child_image/mcuboot/...", "b0/zephyr/.config". */
static enum alk_role role_of_image(const char *name, size_t len)
{
    static const struct {
        const char *name;
        enum alk_role role;
    } rows[] = {
        {"mcuboot", ALK_ROLE_BOOT},
        {"b0", ALK_ROLE_B0},
        {"b0n", ALK_ROLE_NET},
        {"s1_image", ALK_ROLE_OTHER},
        {"hci_ipc", ALK_ROLE_NET},
        {"hci_rpmsg", ALK_ROLE_NET},
        {"ipc_radio", ALK_ROLE_NET},
        {"empty_net_core", ALK_ROLE_NET},
        {"multiprotocol_rpmsg", ALK_ROLE_NET},
        {"802154_rpmsg", ALK_ROLE_NET},
        {"remote", ALK_ROLE_NET},
        {"firmware_loader", ALK_ROLE_OTHER},
        {"mcuboot_secondary_app", ALK_ROLE_OTHER},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0) {
            return rows[i].role;
        }
    }
    return ALK_ROLE_NONE;
}

/* In child_image/ or sysbuild/: X.conf, X.overlay or X/... belong to image X. */
static enum alk_role role_in(const char *rel, const char *dir)
{
    const char *p = strstr(rel, dir) + strlen(dir);
    enum alk_role role = role_of_image(p, strcspn(p, "./"));

    return role == ALK_ROLE_NONE ? ALK_ROLE_OTHER : role;
}

/* Sources: of the application, unless a directory says otherwise. */
static void classify_source(struct alk_file *f, const char *name)
{
    f->child = below(f->rel, "child_image");
    f->sysbuild = below(f->rel, "sysbuild") || begins(name, "sysbuild");
    if (f->child) {
        f->role = role_in(f->rel, "child_image/");
    } else if (below(f->rel, "sysbuild")) {
        f->role = role_in(f->rel, "sysbuild/");
    } else if (f->sysbuild) {
        f->role = ALK_ROLE_SYSBUILD;
    } else {
        f->role = role_of_image(name, strcspn(name, "."));
        f->role = f->role == ALK_ROLE_NONE ? ALK_ROLE_APP : f->role;
    }
    f->main = strcmp(name, "prj.conf") == 0 || strcmp(name, "sysbuild.conf") == 0 ||
              strcmp(name, "mcuboot.conf") == 0;
}

/* Build files: IMAGE/zephyr/..., zephyr/... of the application or of sysbuild. */
static void classify_built(struct alk_file *f)
{
    const char *p = f->rel, *zephyr = strstr(f->rel, "zephyr/");
    enum alk_role role = ALK_ROLE_APP;

    for (const char *end = strchr(p, '/'); end != NULL && role == ALK_ROLE_APP; end = strchr(p, '/')) {
        enum alk_role named = role_of_image(p, (size_t)(end - p));

        role = named != ALK_ROLE_NONE ? named : role;
        p = end + 1;
    }
    if (zephyr == NULL && role == ALK_ROLE_APP) {
        role = role_of_image(base_of(f->rel), strcspn(base_of(f->rel), "."));
        role = role == ALK_ROLE_NONE ? ALK_ROLE_APP : role;
    }
    f->role = role;
}

static void classify(struct alk_file *f)
{
    const char *name = base_of(f->rel);

    f->kind = f->kind != ALK_FILE_OTHER ? f->kind : kind_of(name);
    if (f->build != 0 || f->kind == ALK_FILE_FINAL) {
        classify_built(f);
    } else {
        classify_source(f, name);
    }
}

static int take_file(struct alk_doctor *d, unsigned file)
{
    struct alk_file *f = &d->files[file];
    struct alk_why why;
    int e;

    if (f->kind == ALK_FILE_PROGRAM) {
        return alk_doctor_take_program(d, file);
    }
    e = alk_file_read(&f->text, f->path, &why);
    if (e != ALK_OK) {
        return e;
    }
    alk_buf_put8(&f->text, 0);
    if (f->text.failed) {
        return ALK_E_MEMORY;
    }
    f->text.len--;
    return f->kind == ALK_FILE_ZIP ? alk_doctor_take_zip(d, file) : alk_doctor_take_text(d, file);
}

static int add_file(struct alk_doctor *d, const char *path, size_t root, unsigned build)
{
    struct alk_file *f = alk_doctor_grow(d, &d->files, &d->n_files, sizeof *f);

    if (f == NULL || (f->path = strdup(path)) == NULL) {
        d->failed = true;
        return ALK_E_MEMORY;
    }
    f->rel = f->path + root;
    f->build = build;
    classify(f);
    return ALK_OK;
}

/* Its index if it has been read already, under whatever name; else -1. */
static int find_inode(const struct alk_doctor *d, const struct stat *st)
{
    for (size_t i = 0; i < d->n_files; i++) {
        if (d->files[i].inode == (uint64_t)st->st_ino) {
            return (int)i;
        }
    }
    return -1;
}

int alk_doctor_add(struct alk_doctor *d, const char *path, size_t root, unsigned build)
{
    struct stat st;
    struct alk_file *f;
    bool program;
    int known;

    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || d->n_files >= FILES_MAX) {
        return -1;
    }
    known = find_inode(d, &st);
    if (known >= 0 || add_file(d, path, root, build) != ALK_OK) {
        return known;
    }
    known = (int)d->n_files - 1;
    f = &d->files[known];
    f->inode = (uint64_t)st.st_ino;
    program = f->kind == ALK_FILE_PROGRAM || f->kind == ALK_FILE_ZIP;
    f->damaged = st.st_size > (program ? PROGRAM_MAX : TEXT_MAX) || take_file(d, (unsigned)known) != ALK_OK;
    return known;
}

/* Not worth a look, or another program's affair. */
static bool passed_over(const char *name)
{
    static const char *const dirs[] = {".git",    "CMakeFiles",  "node_modules", "modules", "include", "doc",
                                       ".vscode", "__pycache__", "libc",         "isrList", "Kconfig"};

    for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
        if (strcmp(name, dirs[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool has(const char *dir, const char *name)
{
    char path[4096];

    return (size_t)snprintf(path, sizeof path, "%s/%s", dir, name) < sizeof path && alk_file_exists(path);
}

static bool is_build(const char *dir)
{
    return has(dir, "CMakeCache.txt") || has(dir, "build_info.yml") || has(dir, "zephyr/.config") ||
           has(dir, "mcuboot/zephyr/.config");
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

struct walk {
    struct alk_doctor *d;
    size_t root;
    unsigned build, depth;
};

static void visit(const struct walk *w, const char *dir);

static void visit_entry(const struct walk *w, const char *path, const char *name)
{
    struct walk deeper = *w;
    struct stat st;

    if (lstat(path, &st) != 0) {
        return;
    }
    if (S_ISDIR(st.st_mode) && !passed_over(name) && w->depth < DEPTH_MAX) {
        deeper.depth++;
        if (w->build == 0 && is_build(path)) {
            deeper.build = ++w->d->builds;
            deeper.root = strlen(path) + 1;
        }
        visit(&deeper, path);
        return;
    }
    if (!S_ISDIR(st.st_mode) && kind_of(name) != ALK_FILE_OTHER) {
        alk_doctor_add(w->d, path, w->root, w->build);
    }
}

/* In the order of names, so that findings come in the same order everywhere. */
static void visit(const struct walk *w, const char *dir)
{
    struct dirent **names;
    int n = scandir(dir, &names, NULL, compare_names);

    for (int i = 0; i < n; i++) {
        char path[4096];

        if (w->d->entries++ < ENTRIES_MAX && strcmp(names[i]->d_name, ".") != 0 &&
            strcmp(names[i]->d_name, "..") != 0 &&
            (size_t)snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name) < sizeof path) {
            visit_entry(w, path, names[i]->d_name);
        }
        free(names[i]);
    }
    if (n >= 0) {
        free(names);
    }
}

/* The last three words of a path: enough to tell whose .config it is. */
static size_t tail_of(const char *path)
{
    size_t at = strlen(path);

    for (int slashes = 0; at > 0 && slashes < 3; at--) {
        slashes += path[at - 1] == '/';
        if (slashes == 3) {
            break;
        }
    }
    return at;
}

static int take_alone(struct alk_doctor *d, const char *path, struct alk_why *why)
{
    int file;

    if (kind_of(base_of(path)) == ALK_FILE_OTHER) {
        return alk_why(
            why, ALK_E_SUPPORT,
            "is none of .conf, .config, .yml, .overlay, .pem, .hex, .bin, .zip: nothing to look at");
    }
    file = alk_doctor_add(d, path, tail_of(path), 0);
    if (file < 0) {
        return alk_why(why, ALK_E_IO, "cannot be read");
    }
    return d->files[file].damaged ? alk_why(why, ALK_E_FORMAT, "is not what its name says, or too large")
                                  : ALK_OK;
}

int alk_doctor_walk(struct alk_doctor *d, const char *path, struct alk_why *why)
{
    struct walk w = {.d = d};
    struct stat st;
    char dir[4096];
    size_t len = strlen(path);

    if (stat(path, &st) != 0) {
        return alk_why(why, ALK_E_IO, "cannot be opened: %s", strerror(errno));
    }
    if (!S_ISDIR(st.st_mode)) {
        return S_ISREG(st.st_mode) ? take_alone(d, path, why)
                                   : alk_why(why, ALK_E_SUPPORT, "is neither a file nor a directory");
    }
    while (len > 1 && path[len - 1] == '/') {
        len--;
    }
    if (len >= sizeof dir) {
        return alk_why(why, ALK_E_IO, "the name is too long");
    }
    snprintf(dir, sizeof dir, "%.*s", (int)len, path);
    w.root = len + 1;
    if (is_build(dir)) {
        w.build = ++d->builds;
    } else if (d->root == NULL) {
        d->root = strdup(dir);
    }
    if (access(dir, R_OK | X_OK) != 0) {
        return alk_why(why, ALK_E_IO, "cannot be listed: %s", strerror(errno));
    }
    visit(&w, dir);
    return ALK_OK;
}
