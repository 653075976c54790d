package dev.coracle.engines.container;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The {@code config.json} of a rootless container, after the OCI runtime specification: the host's network and name, and
 * users, processes and mounts of its own. What it may do inside is what Docker's containers may.
 *
 * @param specification version of the specification
 * @param root the tree, absolute
 * @param ids its users and groups
 * @param first its first process
 */
public record OciConfig(String specification, Path root, List<Mount> mounts, IdMaps ids, FirstProcess first) {
    private static final List<String> CAPABILITIES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");
    private static final List<String> NAMESPACES = List.of("pid", "ipc", "mount", "user");

    /**
     * What the container is started with.
     *
     * @param environment {@code NAME=VALUE}
     * @param terminal whether it gets a terminal of its own, which the runtime joins to the one that it is started on
     */
    public record FirstProcess(List<String> arguments, List<String> environment, boolean terminal) {
        /** Copies the lists. */
        public FirstProcess {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
        }
    }

    /** Copies the list. */
    public OciConfig {
        mounts = List.copyOf(mounts);
    }

    /** Writes it into a new directory, which then is the container's bundle. */
    public void write(Path bundle) throws IOException {
        Files.createDirectories(bundle);
        try (OutputStream file = Files.newOutputStream(bundle.resolve("config.json"));
                JsonGenerator json = new JsonFactory().createGenerator(file)) {
            json.writeStartObject();
            json.writeStringField("ociVersion", specification);
            writeProcess(json);
            json.writeObjectFieldStart("root");
            json.writeStringField("path", root.toString());
            json.writeBooleanField("readonly", false);
            json.writeEndObject();
            json.writeArrayFieldStart("mounts");
            for (Mount mount : mounts) {
                write(json, mount);
            }
            json.writeEndArray();
            writeLinux(json);
            json.writeEndObject();
        }
    }

    private void writeProcess(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("process");
        json.writeBooleanField("terminal", first.terminal());
        json.writeObjectFieldStart("user");
        json.writeNumberField("uid", 0);
        json.writeNumberField("gid", 0);
        json.writeEndObject();
        writeWords(json, "args", first.arguments());
        writeWords(json, "env", first.environment());
        json.writeStringField("cwd", "/");
        json.writeObjectFieldStart("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            writeWords(json, set, CAPABILITIES);
        }
        json.writeEndObject();
        // A set-user-id program of the tree has to work; outside it has the caller's rights at most.
        json.writeBooleanField("noNewPrivileges", false);
        json.writeEndObject();
    }

    private void writeLinux(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("linux");
        writeMap(json, "uidMappings", ids.users());
        writeMap(json, "gidMappings", ids.groups());
        json.writeArrayFieldStart("namespaces");
        for (String namespace : NAMESPACES) {
            json.writeStartObject();
            json.writeStringField("type", namespace);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeMap(JsonGenerator json, String name, List<IdMaps.Row> rows) throws IOException {
        json.writeArrayFieldStart(name);
        for (IdMaps.Row row : rows) {
            json.writeStartObject();
            json.writeNumberField("containerID", row.inside());
            json.writeNumberField("hostID", row.outside());
            json.writeNumberField("size", row.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Mount mount) throws IOException {
        json.writeStartObject();
        json.writeStringField("destination", mount.destination());
        json.writeStringField("type", mount.type());
        json.writeStringField("source", mount.source());
        writeWords(json, "options", mount.options());
        json.writeEndObject();
    }

    private static void writeWords(JsonGenerator json, String name, List<String> words) throws IOException {
        json.writeArrayFieldStart(name);
        for (String word : words) {
            json.writeString(word);
        }
        json.writeEndArray();
    }
}
