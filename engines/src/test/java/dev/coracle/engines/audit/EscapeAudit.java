package dev.coracle.engines.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Goes through a recording and finds every system call whose path the kernel would have looked for outside of the allowed places,
 * every descriptor that is of something outside, every call that may not succeed, and every call it does not know.
 */
final class EscapeAudit {
    private static final Pattern DESCRIPTOR = Pattern.compile("^(\\d+)<");
    private static final Pattern SOCKET_NAME = Pattern.compile("sun_path=(\"(?:[^\"\\\\]|\\\\.)*\")");
    private static final Set<String> NEW_PROCESS = Set.of("clone", "clone3", "fork", "vfork");

    private final CallTables tables = CallTables.load();
    private final DiskLinks links = new DiskLinks();
    private final AllowedPlaces allowed;
    private final Map<Integer, ProcessView> processes = new HashMap<>();
    private final Map<Integer, TracedCall> births = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int paths;

    private EscapeAudit(AllowedPlaces allowed) {
        this.allowed = allowed;
    }

    /**
     * What an audit says.
     *
     * @param findings empty when everything stayed inside
     * @param paths how many paths were looked at, so that an empty recording is no proof
     * @param calls the names of the calls that were recorded
     * @param processes how many processes and threads
     */
    record Report(List<Finding> findings, int paths, Set<String> calls, int processes) {
        Report {
            findings = List.copyOf(findings);
            calls = Set.copyOf(calls);
        }
    }

    /** Audits a recording whose first process started in the given directory. */
    static Report of(TraceReader.Recording recording, AllowedPlaces allowed, String startDirectory) {
        EscapeAudit audit = new EscapeAudit(allowed);
        TraceReader.read(recording, call -> audit.noteBirth(call, startDirectory));
        for (String note : TraceReader.read(recording, audit::call)) {
            TracedCall unread = new TracedCall(0, "note", List.of(), "?", note);
            audit.findings.add(new Finding("a line of the recording is not understood", unread));
        }
        return new Report(audit.findings, audit.paths, audit.seen, audit.processes.size());
    }

    private void noteBirth(TracedCall call, String startDirectory) {
        if (processes.isEmpty()) {
            processes.put(call.pid(), new ProcessView(startDirectory));
        }
        if (NEW_PROCESS.contains(call.name()) && call.succeeded()) {
            births.put(Integer.parseInt(call.result().split("[ <]", 2)[0]), call);
        }
    }

    /** A child may be recorded before its parent's call has ended. */
    private ProcessView view(int pid) {
        return Optional.ofNullable(processes.get(pid)).orElseGet(() -> {
            TracedCall birth = births.get(pid);
            ProcessView parent = birth == null ? new ProcessView("/") : view(birth.pid());
            boolean shares = birth != null && birth.line().contains("CLONE_FS");
            ProcessView born = shares ? parent : parent.copy();
            processes.put(pid, born);
            return born;
        });
    }

    private void call(TracedCall call) {
        ProcessView process = view(call.pid());
        seen.add(call.name());
        call.arguments().forEach(argument -> learn(process, argument));
        if (!tables.knows(call.name())) {
            findings.add(new Finding("the call is in no table", call));
        }
        if (tables.refused().contains(call.name()) && call.succeeded()) {
            findings.add(new Finding("the call may not succeed", call));
        }
        tables.paths().getOrDefault(call.name(), List.of()).forEach(argument -> path(call, argument, process));
        socketNames(call, process);
        result(call, process);
    }

    private static void learn(ProcessView process, String argument) {
        Optional<String> annotation = ArgumentText.annotation(argument);
        Matcher descriptor = DESCRIPTOR.matcher(argument);
        if (annotation.isPresent() && descriptor.find()) {
            process.learn(Integer.parseInt(descriptor.group(1)), annotation.get());
        } else if (annotation.isPresent()) {
            process.moveTo(annotation.get());
        }
    }

    private void path(TracedCall call, PathArgument argument, ProcessView process) {
        String text = call.argument(argument.path());
        Optional<String> path = ArgumentText.string(text);
        if (path.isEmpty()) {
            return;
        }
        if (ArgumentText.isCut(text)) {
            findings.add(new Finding("the path is longer than what was recorded", call));
            return;
        }
        String from = start(call, argument, process);
        if (!from.startsWith("/") && !path.get().startsWith("/")) {
            // A pipe, a socket, memory, or no descriptor at all: nothing can be looked up below it.
            return;
        }
        if (argument.namesTheRoot(call)) {
            return;
        }
        if (argument.keptByKernel(call)) {
            check(call, from, "starts outside");
            return;
        }
        boolean follows = argument.follows(call);
        String reached = KernelWalk.of(from, path.get(), follows, process, allowed.engine(), links);
        String unfollowed = KernelWalk.of(from, path.get(), false, process, allowed.engine(), links);
        if (cameLater(call, reached, unfollowed)) {
            reached = unfollowed;
        }
        // The engine is executed again and again, and looks once whether it still is the file that was started.
        boolean ownProgram = reached.equals(allowed.engine())
                && (call.name().startsWith("execve") || call.name().equals("newfstatat"));
        if (!ownProgram) {
            check(call, reached, "leads to " + reached);
        }
        if (call.name().equals("chdir") && call.succeeded()) {
            process.moveTo(reached);
        }
    }

    /** A call that found nothing did not follow a link to something that exists: the guest made the link afterwards. */
    private static boolean cameLater(TracedCall call, String reached, String unfollowed) {
        return call.result().startsWith("-1 ENOENT") && !reached.equals(unfollowed) && Files.exists(Path.of(reached));
    }

    private static String start(TracedCall call, PathArgument argument, ProcessView process) {
        return argument.directory().isEmpty()
                ? process.workingDirectory()
                : ArgumentText.annotation(call.argument(argument.directory().getAsInt()))
                        .filter(from -> !from.startsWith("/memfd:"))
                        .orElse("");
    }

    private void socketNames(TracedCall call, ProcessView process) {
        Matcher matcher = SOCKET_NAME.matcher(String.join(", ", call.arguments()));
        boolean given =
                Set.of("bind", "connect", "sendto", "sendmsg", "sendmmsg").contains(call.name());
        while (given && matcher.find()) {
            String name = ArgumentText.string(matcher.group(1)).orElseThrow();
            String reached = KernelWalk.of(process.workingDirectory(), name, true, process, allowed.engine(), links);
            check(call, reached, "the socket's name leads to " + reached);
        }
    }

    private void result(TracedCall call, ProcessView process) {
        if (call.name().equals("fchdir") && call.succeeded()) {
            ArgumentText.annotation(call.argument(0)).ifPresent(process::moveTo);
        }
        String result = call.result().replaceFirst("> .*$", ">");
        Optional<String> opened = ArgumentText.annotation(result);
        if (opened.isEmpty()) {
            return;
        }
        learn(process, result);
        boolean file = opened.get().startsWith("/") && !opened.get().startsWith("/memfd:");
        if (file && tables.paths().containsKey(call.name())) {
            check(call, opened.get(), "opened " + opened.get());
        }
    }

    private void check(TracedCall call, String reached, String why) {
        paths++;
        if (!allowed.contains(reached)) {
            findings.add(new Finding(why, call));
        }
    }
}
