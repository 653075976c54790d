package dev.coracle.engines.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Where the kernel gets to from a path: component by component, through the symbolic links that are on the host now, and through
 * /proc's magic links as the recorded process has them. What is missing is taken for a directory.
 */
final class KernelWalk {
    private static final int MOST_LINKS = 40;

    private final ProcessView process;
    private final String engine;
    private final Deque<String> rest = new ArrayDeque<>();
    private List<String> at = new ArrayList<>();
    private final DiskLinks links;
    private int followed;

    private KernelWalk(ProcessView process, String engine, DiskLinks links) {
        this.process = process;
        this.engine = engine;
        this.links = links;
    }

    /**
     * Walks.
     *
     * @param from where a relative path starts, absolute
     * @param path as given to the kernel
     * @param follow whether a link at the end is followed
     * @param process whose view of /proc counts
     * @param engine what {@code /proc/self/exe} is for every process
     * @param links of the host
     */
    static String of(String from, String path, boolean follow, ProcessView process, String engine, DiskLinks links) {
        KernelWalk walk = new KernelWalk(process, engine, links);
        walk.jump(path.startsWith("/") ? "/" : from);
        walk.push(path);
        boolean dirWanted = path.endsWith("/") || path.endsWith("/.");
        while (!walk.rest.isEmpty()) {
            walk.step(follow || dirWanted);
        }
        return walk.here();
    }

    private String here() {
        return "/" + String.join("/", at);
    }

    private void push(String path) {
        String[] components = path.split("/", -1);
        for (int i = components.length - 1; i >= 0; i--) {
            if (!components[i].isEmpty() && !components[i].equals(".")) {
                rest.addFirst(components[i]);
            }
        }
    }

    private void jump(String absolute) {
        at = new ArrayList<>();
        for (String component : absolute.split("/", -1)) {
            if (!component.isEmpty()) {
                at.add(component);
            }
        }
    }

    private void step(boolean followLast) {
        String component = rest.removeFirst();
        if (component.equals("..")) {
            if (!at.isEmpty()) {
                at.removeLast();
            }
            return;
        }
        at.add(component);
        if (rest.isEmpty() && !followLast) {
            return;
        }
        if (at.getFirst().equals("proc")) {
            followInProc();
        } else {
            followOnDisk();
        }
    }

    /** The process is gone by now, so its links are taken from the recording. */
    private void followInProc() {
        if (at.size() == 2 && (component(1).equals("self") || component(1).equals("thread-self"))) {
            at.set(1, "PID");
        } else if (at.size() == 3 && component(2).equals("root")) {
            jump("/");
        } else if (at.size() == 3 && component(2).equals("cwd")) {
            jump(process.workingDirectory());
        } else if (at.size() == 3 && component(2).equals("exe")) {
            jump(engine);
        } else if (at.size() == 4 && component(2).equals("fd")) {
            followDescriptor(component(3));
        } else if (at.size() > 4 && component(2).equals("task")) {
            List<String> inTask = new ArrayList<>(List.of("proc", "PID"));
            inTask.addAll(at.subList(4, at.size()));
            at = inTask;
            followInProc();
        }
    }

    private void followDescriptor(String number) {
        if (number.chars().allMatch(Character::isDigit)) {
            process.descriptor(Integer.parseInt(number))
                    .filter(path -> path.startsWith("/"))
                    .ifPresent(this::jump);
        }
    }

    private String component(int index) {
        return at.get(index);
    }

    private void followOnDisk() {
        Optional<String> body = links.body(here());
        if (body.isEmpty() || ++followed > MOST_LINKS) {
            return;
        }
        at.removeLast();
        if (body.get().startsWith("/")) {
            jump("/");
        }
        push(body.get());
    }
}
