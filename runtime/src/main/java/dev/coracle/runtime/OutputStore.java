package dev.coracle.runtime;

import dev.coracle.engines.RunId;
import dev.coracle.engines.TreeRemoval;
import dev.coracle.layers.FileProblem;
import dev.coracle.runtime.JobException.Kind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One directory for each job's outputs. What a job has kept stays until the next job begins, so that warm starts do not
 * fill the disk. Threads may share a store: the directory of a running job is never removed.
 */
final class OutputStore {
    private static final Logger LOG = System.getLogger(OutputStore.class.getName());
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final Path directory;
    private final Set<Path> running = new HashSet<>();

    OutputStore(Path directory) {
        this.directory = directory;
    }

    /** An empty directory for the job; those of jobs that have ended are removed. */
    synchronized Path open(String requestId) {
        String name =
                NAME.matcher(requestId).matches() ? requestId : RunId.random().value();
        try {
            Files.createDirectories(directory);
            removeEnded();
            Path place = directory.resolve(name);
            if (running.contains(place)) {
                place = directory.resolve(RunId.random().value());
            }
            Files.createDirectory(place);
            running.add(place);
            return place;
        } catch (IOException e) {
            throw new JobException(
                    Kind.IO, "making room for the outputs in " + directory, FileProblem.of(e), "free some of /tmp", e);
        }
    }

    /** The job has ended; a directory in which it kept nothing goes away now. */
    synchronized void close(Path place) {
        running.remove(place);
        try {
            Files.deleteIfExists(place.resolve("status"));
            Files.deleteIfExists(place);
        } catch (DirectoryNotEmptyException e) {
            LOG.log(Level.DEBUG, "outputs are kept in {0}", place);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "removing {0} failed: {1}", place, e);
        }
    }

    private void removeEnded() throws IOException {
        try (DirectoryStream<Path> places = Files.newDirectoryStream(directory, place -> !running.contains(place))) {
            for (Path place : places) {
                TreeRemoval.remove(place);
            }
        }
    }
}
