package dev.coracle.architecture;

import dev.coracle.architecture.CloudFormationYaml.Tagged;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a SAM template against the property names and types that this project uses. A name that is not on the lists is a
 * problem even where SAM knows it: the lists grow with the template.
 */
final class SamTemplate {
    private enum Kind {
        TEXT,
        NUMBER,
        TEXTS,
        REFERENCES,
        SIZE
    }

    private static final Map<String, Kind> FUNCTION = Map.of(
            "Description", Kind.TEXT,
            "Runtime", Kind.TEXT,
            "Handler", Kind.TEXT,
            "CodeUri", Kind.TEXT,
            "Architectures", Kind.TEXTS,
            "MemorySize", Kind.NUMBER,
            "Timeout", Kind.NUMBER,
            "EphemeralStorage", Kind.SIZE,
            "Layers", Kind.REFERENCES);
    private static final Map<String, Kind> LAYER = Map.of(
            "LayerName", Kind.TEXT,
            "Description", Kind.TEXT,
            "ContentUri", Kind.TEXT,
            "CompatibleRuntimes", Kind.TEXTS,
            "CompatibleArchitectures", Kind.TEXTS,
            "RetentionPolicy", Kind.TEXT);
    private static final Map<String, Map<String, Kind>> TYPES =
            Map.of("AWS::Serverless::Function", FUNCTION, "AWS::Serverless::LayerVersion", LAYER);
    private static final Map<String, Set<String>> REQUIRED = Map.of(
            "AWS::Serverless::Function", Set.of("Runtime", "Handler", "CodeUri"),
            "AWS::Serverless::LayerVersion", Set.of("ContentUri"));
    private static final Set<String> SECTIONS =
            Set.of("AWSTemplateFormatVersion", "Transform", "Description", "Parameters", "Resources", "Outputs");
    private static final Set<String> PARAMETER = Set.of("Type", "Default", "MinValue", "MaxValue", "Description");
    private static final Pattern NAME_IN_TEXT = Pattern.compile("\\$\\{([A-Za-z0-9:]+)[.A-Za-z0-9]*}");

    private final List<String> problems = new ArrayList<>();
    private final Map<?, ?> parameters;
    private final Map<?, ?> resources;

    private SamTemplate(Map<?, ?> root) {
        parameters = section(root, "Parameters");
        resources = section(root, "Resources");
        checkNames("template", root, SECTIONS);
        if (!"AWS::Serverless-2016-10-31".equals(root.get("Transform"))) {
            problems.add("Transform is not SAM's");
        }
        parameters.forEach((name, parameter) -> checkParameter("Parameters." + name, parameter));
        resources.forEach((name, resource) -> checkResource("Resources." + name, resource));
        checkReferences("template", root);
    }

    /** Everything that is wrong with the template; empty when nothing is. */
    static List<String> problems(String yaml) {
        return CloudFormationYaml.parse(yaml) instanceof Map<?, ?> root
                ? new SamTemplate(root).problems
                : List.of("the template is not a map");
    }

    private void checkParameter(String where, Object parameter) {
        if (!(parameter instanceof Map<?, ?> map)) {
            problems.add(where + " is not a map");
            return;
        }
        checkNames(where, map, PARAMETER);
        if (!Set.of("String", "Number").contains(String.valueOf(map.get("Type")))) {
            problems.add(where + ".Type is " + map.get("Type"));
        }
        if ("Number".equals(map.get("Type")) && !inRange(map)) {
            problems.add(where + ".Default is not a number between MinValue and MaxValue");
        }
    }

    private static boolean inRange(Map<?, ?> parameter) {
        return parameter.get("Default") instanceof Integer value
                && (!(parameter.get("MinValue") instanceof Integer least) || least <= value)
                && (!(parameter.get("MaxValue") instanceof Integer most) || value <= most);
    }

    private void checkResource(String where, Object resource) {
        if (!(resource instanceof Map<?, ?> map) || !(map.get("Properties") instanceof Map<?, ?> properties)) {
            problems.add(where + " has no Properties");
            return;
        }
        checkNames(where, map, Set.of("Type", "Properties"));
        var type = String.valueOf(map.get("Type"));
        var kinds = TYPES.get(type);
        if (kinds == null) {
            problems.add(where + ".Type is " + type);
            return;
        }
        checkNames(where, properties, kinds.keySet());
        REQUIRED.getOrDefault(type, Set.of()).stream()
                .filter(name -> !properties.containsKey(name))
                .forEach(name -> problems.add(where + "." + name + " is missing"));
        kinds.forEach((name, kind) -> {
            var value = properties.get(name);
            if (value != null && !is(kind, value)) {
                problems.add(where + "." + name + " is not a " + kind + ": " + value);
            }
        });
    }

    private boolean is(Kind kind, @Nullable Object value) {
        return switch (kind) {
            case TEXT ->
                value instanceof String
                        || (value instanceof Tagged tagged && tagged.tag().equals("Sub"));
            case NUMBER -> value instanceof Integer || (value instanceof Tagged tagged && isNumber(tagged));
            case TEXTS -> value instanceof List<?> items && items.stream().allMatch(String.class::isInstance);
            case REFERENCES -> value instanceof List<?> items && items.stream().allMatch(Tagged.class::isInstance);
            case SIZE -> value instanceof Map<?, ?> map && map.size() == 1 && is(Kind.NUMBER, map.get("Size"));
        };
    }

    private boolean isNumber(Tagged tagged) {
        return parameters.get(tagged.argument()) instanceof Map<?, ?> parameter
                && "Number".equals(parameter.get("Type"));
    }

    /** Every name that a tag mentions has to be a parameter, a resource or one of CloudFormation's own. */
    private void checkReferences(String where, Object node) {
        switch (node) {
            case Map<?, ?> map -> map.forEach((name, value) -> checkReferences(where + "." + name, value));
            case List<?> items -> items.forEach(item -> checkReferences(where, item));
            case Tagged tagged ->
                names(tagged).stream()
                        .filter(name -> !parameters.containsKey(name) && !resources.containsKey(name))
                        .filter(name -> !name.startsWith("AWS::"))
                        .forEach(name -> problems.add(where + " refers to " + name + ", which is not there"));
            default -> {}
        }
    }

    private Set<String> names(Tagged tagged) {
        var names = new HashSet<String>();
        switch (tagged.tag()) {
            case "Ref" -> names.add(tagged.argument());
            case "GetAtt" -> names.add(tagged.argument().replaceFirst("\\..*", ""));
            case "Sub" -> NAME_IN_TEXT.matcher(tagged.argument()).results().forEach(found -> names.add(found.group(1)));
            default -> problems.add("the tag !" + tagged.tag() + " is not known");
        }
        return names;
    }

    private void checkNames(String where, Map<?, ?> map, Set<String> known) {
        map.keySet().stream()
                .filter(name -> !known.contains(String.valueOf(name)))
                .forEach(name -> problems.add(where + "." + name + " is not known"));
    }

    private static Map<?, ?> section(Map<?, ?> root, String name) {
        return root.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }
}
