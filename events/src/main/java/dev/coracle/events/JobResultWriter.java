package dev.coracle.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Writes a {@link JobResult} as the JSON that callers see. Every key of the documented shape is always there; keys that
 * speak of unusual output ({@code stdoutBytes}, {@code stdoutFile}, {@code stdoutReplaced}, {@code stdoutLost} and the
 * same for stderr) only when they have something to say.
 */
public final class JobResultWriter {
    /** Characters beyond the first plane as four bytes of UTF-8, not as twelve bytes of escapes. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private JobResultWriter() {}

    /** The result as UTF-8 JSON. */
    public static byte[] json(JobResult result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            write(json, result);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, JobResult result) throws IOException {
        json.writeStartObject();
        json.writeNumberField("exitCode", result.exitCode());
        if (result.signal().isPresent()) {
            json.writeNumberField("signal", result.signal().getAsInt());
        } else {
            json.writeNullField("signal");
        }
        json.writeBooleanField("timedOut", result.timedOut());
        json.writeStringField("stdout", result.stdout().text());
        json.writeStringField("stderr", result.stderr().text());
        json.writeBooleanField("stdoutTruncated", result.stdout().truncated());
        json.writeBooleanField("stderrTruncated", result.stderr().truncated());
        unusual(json, "stdout", result.stdout());
        unusual(json, "stderr", result.stderr());
        json.writeObjectFieldStart("engine");
        json.writeStringField("mode", result.engine().mode());
        json.writeStringField("reason", result.engine().reason());
        json.writeEndObject();
        json.writeObjectFieldStart("timingsMs");
        for (Map.Entry<String, Long> timing : result.timingsMs().entrySet()) {
            json.writeNumberField(timing.getKey(), timing.getValue());
        }
        json.writeEndObject();
        json.writeBooleanField("coldStart", result.coldStart());
        json.writeEndObject();
    }

    private static void unusual(JsonGenerator json, String stream, JobOutput output) throws IOException {
        if (output.truncated()) {
            json.writeNumberField(stream + "Bytes", output.bytes());
        }
        if (output.replaced()) {
            json.writeBooleanField(stream + "Replaced", true);
        }
        if (output.file().isPresent()) {
            json.writeStringField(stream + "File", output.file().get());
        }
        if (output.lost().isPresent()) {
            json.writeStringField(stream + "Lost", output.lost().get());
        }
    }
}
