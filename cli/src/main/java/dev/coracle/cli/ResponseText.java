package dev.coracle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A function's response as a person reads it: a line for each member, and text of several lines as a terminal would show
 * it. Programs are given the JSON itself.
 */
final class ResponseText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARGIN = "  | ";

    private ResponseText() {}

    /** The text, without a final line end; a response that is no JSON object is shown as it is. */
    static String of(String payload) {
        JsonNode response;
        try {
            response = JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            return payload;
        }
        if (!response.isObject() || response.isEmpty()) {
            return response.toPrettyString();
        }
        int width = response.propertyStream()
                .mapToInt(member -> member.getKey().length())
                .max()
                .orElse(0);
        return response.propertyStream().map(member -> member(member, width)).collect(Collectors.joining("\n"));
    }

    private static String member(Map.Entry<String, JsonNode> member, int width) {
        String name = member.getKey();
        JsonNode value = member.getValue();
        String text = value.isTextual() ? printable(value.asText()) : value.toString();
        if (text.lines().count() > 1) {
            return name + "\n" + text.lines().map(line -> MARGIN + line).collect(Collectors.joining("\n"));
        }
        return (name + " ".repeat(width - name.length()) + "  " + text).stripTrailing();
    }

    /** What a guest prints must not move the cursor of whoever reads it. */
    private static String printable(String text) {
        return text.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\uFFFD");
    }
}
