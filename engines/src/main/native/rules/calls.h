#ifndef CORACLE_RULES_CALLS_H
#define CORACLE_RULES_CALLS_H

#include "intercept/slot.h"

/* The odd ones: a function for each system call that a row of rules.def cannot describe. */

/* guest/exec.c */
enum slot_action exec_execve(struct slot *slot);
enum slot_action exec_execveat(struct slot *slot);

/* guest/files.c */
enum slot_action files_openat2(struct slot *slot);
enum slot_action files_readlink(struct slot *slot);
enum slot_action files_readlinkat(struct slot *slot);
enum slot_action files_getcwd(struct slot *slot);

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
enum slot_action identity_set_groups(struct slot *slot);
enum slot_action identity_fchown(struct slot *slot);
enum slot_action identity_fstat(struct slot *slot);
enum slot_action identity_leave_chown(struct slot *slot);
enum slot_action identity_leave_stat1(struct slot *slot);
enum slot_action identity_leave_stat2(struct slot *slot);
enum slot_action identity_leave_statx(struct slot *slot);

/* guest/sockets.c */
enum slot_action sockets_bind(struct slot *slot);
enum slot_action sockets_connect(struct slot *slot);
enum slot_action sockets_sendto(struct slot *slot);
enum slot_action sockets_sendmsg(struct slot *slot);
enum slot_action sockets_sendmmsg(struct slot *slot);
enum slot_action sockets_name(struct slot *slot);
enum slot_action sockets_accept(struct slot *slot);
enum slot_action sockets_recvfrom(struct slot *slot);
enum slot_action sockets_recvmsg(struct slot *slot);

/* intercept/memory.c */
enum slot_action memory_mmap(struct slot *slot);
enum slot_action memory_mprotect(struct slot *slot);

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
enum slot_action signals_mask_fourth(struct slot *slot);
enum slot_action signals_mask_fifth(struct slot *slot);
enum slot_action signals_pselect6(struct slot *slot);

#endif
