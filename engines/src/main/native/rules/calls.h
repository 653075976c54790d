#ifndef CORACLE_RULES_CALLS_H
#define CORACLE_RULES_CALLS_H

#include "intercept/slot.h"

/* The odd ones: a function for each system call that a row of rules.def cannot describe. */

/* guest/confine.c */
enum slot_action confine_prctl(struct slot *slot);
enum slot_action confine_seccomp(struct slot *slot);

/* guest/debugging.c */
enum slot_action debugging_ptrace(struct slot *slot);

/* guest/exec.c */
enum slot_action exec_execve(struct slot *slot);
enum slot_action exec_execveat(struct slot *slot);

/* guest/files.c */
/* guest/openat2.c */
enum slot_action files_openat2(struct slot *slot);
enum slot_action files_open_tree(struct slot *slot);
enum slot_action files_readlink(struct slot *slot);
enum slot_action files_readlinkat(struct slot *slot);
enum slot_action files_getcwd(struct slot *slot);
enum slot_action here_chdir(struct slot *slot);
enum slot_action links_link(struct slot *slot);
enum slot_action here_fchdir(struct slot *slot);

/* guest/attributes.c */
enum slot_action attributes_name(struct slot *slot);
enum slot_action attributes_name_at(struct slot *slot);
enum slot_action attributes_get(struct slot *slot);
enum slot_action attributes_get_at(struct slot *slot);
enum slot_action attributes_list(struct slot *slot);
enum slot_action attributes_list_at(struct slot *slot);

/* guest/creation.c */
enum slot_action ownership_make(struct slot *slot);
enum slot_action ownership_mknod(struct slot *slot);
enum slot_action ownership_mknodat(struct slot *slot);
enum slot_action ownership_remove(struct slot *slot);
enum slot_action ownership_replace(struct slot *slot);
enum slot_action ownership_replace_flags(struct slot *slot);

/* guest/credentials.c */
enum slot_action identity_get_groups(struct slot *slot);
enum slot_action identity_set_groups(struct slot *slot);
enum slot_action identity_get_capabilities(struct slot *slot);
enum slot_action identity_set_capabilities(struct slot *slot);
enum slot_action identity_prctl(struct slot *slot);

/* guest/ownership.c */
enum slot_action ownership_chown(struct slot *slot);
enum slot_action ownership_chown_at(struct slot *slot);
enum slot_action ownership_chmod(struct slot *slot);
enum slot_action ownership_chmod_at(struct slot *slot);
enum slot_action ownership_leave_access(struct slot *slot);
enum slot_action ownership_leave_access_at(struct slot *slot);
enum slot_action ownership_leave_access_flags(struct slot *slot);

/* intercept/opens.c */
enum slot_action opens_open(struct slot *slot);
enum slot_action opens_openat(struct slot *slot);
enum slot_action opens_creat(struct slot *slot);

/* guest/stats.c */
enum slot_action stats_stat(struct slot *slot);
enum slot_action stats_lstat(struct slot *slot);
enum slot_action stats_newfstatat(struct slot *slot);
enum slot_action stats_statx(struct slot *slot);

/* guest/identity.c */
enum slot_action identity_get_user(struct slot *slot);
enum slot_action identity_get_group(struct slot *slot);
enum slot_action identity_get_effective_user(struct slot *slot);
enum slot_action identity_get_effective_group(struct slot *slot);
enum slot_action identity_get_three_users(struct slot *slot);
enum slot_action identity_get_three_groups(struct slot *slot);
enum slot_action identity_set_user(struct slot *slot);
enum slot_action identity_set_group(struct slot *slot);
enum slot_action identity_set_one_user(struct slot *slot);
enum slot_action identity_set_one_group(struct slot *slot);
enum slot_action identity_set_two_users(struct slot *slot);
enum slot_action identity_set_two_groups(struct slot *slot);
enum slot_action identity_set_file_user(struct slot *slot);
enum slot_action identity_set_file_group(struct slot *slot);

/* guest/status.c */
enum slot_action identity_fstat(struct slot *slot);

/* guest/peers.c */
enum slot_action peers_getsockopt(struct slot *slot);

/* guest/release.c */
enum slot_action release_uname(struct slot *slot);

/* guest/socket_messages.c */
enum slot_action sockets_sendmsg(struct slot *slot);
enum slot_action sockets_sendmmsg(struct slot *slot);

/* guest/sockets.c */
enum slot_action sockets_bind(struct slot *slot);
enum slot_action sockets_connect(struct slot *slot);
enum slot_action sockets_sendto(struct slot *slot);
enum slot_action sockets_name(struct slot *slot);
enum slot_action sockets_accept(struct slot *slot);
enum slot_action sockets_recvfrom(struct slot *slot);
enum slot_action sockets_recvmsg(struct slot *slot);
enum slot_action sockets_recvmmsg(struct slot *slot);

/* intercept/advice.c */
enum slot_action advice_madvise(struct slot *slot);
enum slot_action advice_process_madvise(struct slot *slot);

/* intercept/memory.c */
enum slot_action memory_mmap(struct slot *slot);
enum slot_action memory_mprotect(struct slot *slot);
enum slot_action memory_munmap(struct slot *slot);
enum slot_action memory_mremap(struct slot *slot);
enum slot_action memory_shmat(struct slot *slot);
enum slot_action memory_personality(struct slot *slot);

/* intercept/namespaces.c */
enum slot_action namespaces_unshare(struct slot *slot);
enum slot_action namespaces_setns(struct slot *slot);

/* intercept/process.c */
enum slot_action process_clone(struct slot *slot);
enum slot_action process_clone3(struct slot *slot);
enum slot_action process_fork(struct slot *slot);
enum slot_action process_vfork(struct slot *slot);

/* intercept/signals.c */
enum slot_action signals_sigaction(struct slot *slot);
enum slot_action signals_sigprocmask(struct slot *slot);
enum slot_action signals_sigpending(struct slot *slot);
enum slot_action signals_mask_first(struct slot *slot);
enum slot_action signals_mask_second(struct slot *slot);
enum slot_action signals_wait_first(struct slot *slot);
enum slot_action signals_wait_fourth(struct slot *slot);
enum slot_action signals_wait_fifth(struct slot *slot);
enum slot_action signals_pselect6(struct slot *slot);

/* overlay/listing.c */
enum slot_action listing_getdents(struct slot *slot);
enum slot_action listing_getdents64(struct slot *slot);

#endif
