package dev.coracle.architecture;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** YAML with CloudFormation's short tags; a key that stands twice is an error. */
final class CloudFormationYaml extends SafeConstructor {
    /** A short tag with its argument: {@code !Ref Name} is {@code ("Ref", "Name")}. */
    record Tagged(String tag, String argument) {}

    private CloudFormationYaml(LoaderOptions options) {
        super(options);
        yamlMultiConstructors.put("!", new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
                if (node instanceof ScalarNode scalar) {
                    return new Tagged(node.getTag().getValue().substring(1), scalar.getValue());
                }
                throw new IllegalArgumentException("a tag on something else than text: " + node.getTag());
            }
        });
    }

    static Object parse(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new CloudFormationYaml(options)).load(text);
    }
}
