package dev.coracle.events;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * A JSON value read by the streaming parser. Data binding would do the same, but loading it costs a cold start more than
 * the rest of the event's way together.
 */
sealed interface JsonValue {
    /** The word for this type of value in a message. */
    String typeName();

    record Text(String value) implements JsonValue {
        @Override
        public String typeName() {
            return "a string";
        }
    }

    record Numeral(BigDecimal value) implements JsonValue {
        @Override
        public String typeName() {
            return "a number";
        }
    }

    record Bool(boolean value) implements JsonValue {
        @Override
        public String typeName() {
            return "a boolean";
        }
    }

    record Null() implements JsonValue {
        @Override
        public String typeName() {
            return "null";
        }
    }

    record Array(List<JsonValue> values) implements JsonValue {
        @Override
        public String typeName() {
            return "a list";
        }
    }

    record Members(Map<String, JsonValue> values) implements JsonValue {
        @Override
        public String typeName() {
            return "an object";
        }
    }
}
