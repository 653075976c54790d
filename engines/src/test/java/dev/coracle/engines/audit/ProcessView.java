package dev.coracle.engines.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the recording shows of one process: where it is, and what its descriptors are. Host paths throughout. */
final class ProcessView {
    private String workingDirectory;
    private final Map<Integer, String> descriptors;

    ProcessView(String workingDirectory) {
        this(workingDirectory, Map.of());
    }

    private ProcessView(String workingDirectory, Map<Integer, String> descriptors) {
        this.workingDirectory = workingDirectory;
        this.descriptors = new HashMap<>(descriptors);
    }

    /** What a forked child starts with. */
    ProcessView copy() {
        return new ProcessView(workingDirectory, descriptors);
    }

    String workingDirectory() {
        return workingDirectory;
    }

    void moveTo(String directory) {
        workingDirectory = directory;
    }

    void learn(int descriptor, String path) {
        descriptors.put(descriptor, path);
    }

    Optional<String> descriptor(int number) {
        return Optional.ofNullable(descriptors.get(number));
    }
}
