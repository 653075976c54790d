package dev.coracle.events;

import java.util.Optional;

/**
 * One output stream of a job as it is shown in the answer.
 *
 * @param text the beginning of the output, as far as it fits the answer
 * @param truncated whether there was more than {@code text} shows
 * @param replaced whether bytes that are not UTF-8 were replaced by U+FFFD in {@code text}
 * @param bytes how much the job wrote
 * @param file where the whole output is kept, when {@code text} does not say it all
 * @param lost why the file does not hold the whole output, for example because the disk was full
 */
public record JobOutput(
        String text, boolean truncated, boolean replaced, long bytes, Optional<String> file, Optional<String> lost) {

    /** Output that is shown whole. */
    public static JobOutput whole(String text, long bytes) {
        return new JobOutput(text, false, false, bytes, Optional.empty(), Optional.empty());
    }
}
