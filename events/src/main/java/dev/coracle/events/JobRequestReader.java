package dev.coracle.events;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the members of a direct event and collects every problem before it says no. */
final class JobRequestReader {
    static final List<String> KEYS = List.of("image", "command", "env", "stdin", "workdir", "user", "timeoutSeconds");

    /** Bytes of one argument or variable: Linux takes 128 KiB with the engine's own prefix and the closing NUL. */
    static final int LONGEST_STRING = 128 * 1024 - 64;

    /** Bytes of all arguments and variables together: half of what Linux takes with the usual stack of 8 MiB. */
    static final int LARGEST_COMMAND = 1024 * 1024;

    static final BigDecimal LONGEST_TIMEOUT =
            BigDecimal.valueOf(Duration.ofDays(1).toSeconds());
    private static final int LONGEST_PATH = 4095;
    private static final Pattern USER = Pattern.compile("\\d{1,10}:\\d{1,10}");
    private static final long LARGEST_ID = 4294967294L;

    private final List<String> problems = new ArrayList<>();

    JobRequest read(JsonValue.Members event) {
        for (String key : event.values().keySet()) {
            if (!KEYS.contains(key)) {
                problems.add("unknown key " + quoted(key)
                        + NearestName.among(KEYS, key)
                                .map(near -> ", did you mean \"" + near + "\"?")
                                .orElse(""));
            }
        }
        JobRequest request = new JobRequest(
                text(event, "image").filter(this::isImage),
                command(event),
                env(event),
                text(event, "stdin"),
                text(event, "workdir").filter(this::isWorkdir),
                text(event, "user").filter(this::isUser),
                timeout(event));
        limitTotal(request);
        if (!problems.isEmpty()) {
            throw new EventException(
                    EventException.Kind.INVALID,
                    "reading the event",
                    problems,
                    "Known keys: " + String.join(", ", KEYS) + ".");
        }
        return request;
    }

    private List<String> command(JsonValue.Members event) {
        List<String> command = new ArrayList<>();
        switch (member(event, "command")) {
            case JsonValue.Null ignored -> {}
            case JsonValue.Array array -> {
                if (array.values().isEmpty()) {
                    problems.add("\"command\" must not be empty; leave it out to run the image's own");
                }
                for (int i = 0; i < array.values().size(); i++) {
                    string("command[" + i + "]", array.values().get(i)).ifPresent(command::add);
                }
                if (!command.isEmpty() && command.getFirst().isEmpty()) {
                    problems.add("\"command[0]\" must name a program, it is empty");
                }
            }
            case JsonValue other -> wrongType("command", "a list of strings", other);
        }
        return command;
    }

    private Map<String, String> env(JsonValue.Members event) {
        Map<String, String> env = new LinkedHashMap<>();
        switch (member(event, "env")) {
            case JsonValue.Null ignored -> {}
            case JsonValue.Members members ->
                members.values().forEach((name, value) -> {
                    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                        problems.add("\"env\" has the name " + quoted(name) + ", which no variable can have");
                        return;
                    }
                    string("env." + name, value).ifPresent(text -> env.put(name, text));
                });
            case JsonValue other -> wrongType("env", "an object of strings", other);
        }
        return env;
    }

    private Optional<Duration> timeout(JsonValue.Members event) {
        return switch (member(event, "timeoutSeconds")) {
            case JsonValue.Null ignored -> Optional.empty();
            case JsonValue.Numeral(BigDecimal seconds) -> timeout(seconds);
            case JsonValue other -> {
                wrongType("timeoutSeconds", "a number", other);
                yield Optional.empty();
            }
        };
    }

    private Optional<Duration> timeout(BigDecimal seconds) {
        if (seconds.signum() <= 0 || seconds.compareTo(LONGEST_TIMEOUT) > 0) {
            problems.add("\"timeoutSeconds\" must be more than 0 and at most " + LONGEST_TIMEOUT);
            return Optional.empty();
        }
        long millis = Math.max(1, seconds.movePointRight(3).longValue());
        return Optional.of(Duration.ofMillis(millis));
    }

    private Optional<String> text(JsonValue.Members event, String key) {
        return switch (member(event, key)) {
            case JsonValue.Null ignored -> Optional.empty();
            case JsonValue.Text(String value) -> Optional.of(value);
            case JsonValue other -> {
                wrongType(key, "a string", other);
                yield Optional.empty();
            }
        };
    }

    /** A string that the kernel can take as an argument or variable. */
    private Optional<String> string(String where, JsonValue value) {
        if (!(value instanceof JsonValue.Text(String text))) {
            wrongType(where, "a string", value);
            return Optional.empty();
        }
        if (text.indexOf('\0') >= 0) {
            problems.add("\"" + where + "\" has a NUL character");
            return Optional.empty();
        }
        if (size(text) > LONGEST_STRING) {
            problems.add("\"" + where + "\" is longer than " + LONGEST_STRING + " bytes; use stdin for large input");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private boolean isImage(String image) {
        return check(!image.isBlank(), "\"image\" must be a name, it is blank");
    }

    private boolean isWorkdir(String workdir) {
        boolean usable = workdir.startsWith("/") && workdir.indexOf('\0') < 0 && size(workdir) <= LONGEST_PATH;
        return check(usable, "\"workdir\" must be an absolute path, it is " + quoted(workdir));
    }

    private boolean isUser(String user) {
        boolean usable = USER.matcher(user).matches()
                && List.of(user.split(":")).stream().mapToLong(Long::parseLong).allMatch(id -> id <= LARGEST_ID);
        return check(usable, "\"user\" must be uid:gid in numbers, it is " + quoted(user));
    }

    private void limitTotal(JobRequest request) {
        long total =
                request.command().stream().mapToLong(JobRequestReader::size).sum()
                        + request.env().entrySet().stream()
                                .mapToLong(variable -> size(variable.getKey()) + size(variable.getValue()))
                                .sum();
        check(
                total <= LARGEST_COMMAND,
                "\"command\" and \"env\" together are longer than " + LARGEST_COMMAND + " bytes");
    }

    private boolean check(boolean fine, String problem) {
        if (!fine) {
            problems.add(problem);
        }
        return fine;
    }

    private void wrongType(String where, String wanted, JsonValue found) {
        problems.add("\"" + where + "\" must be " + wanted + ", it is " + found.typeName());
    }

    /** The member, where an explicit null means the same as absence. */
    private static JsonValue member(JsonValue.Members event, String key) {
        return event.values().getOrDefault(key, new JsonValue.Null());
    }

    private static long size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Quotes what a stranger wrote: shortened, and without characters that could forge log lines. */
    private static String quoted(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
