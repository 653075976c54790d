package dev.coracle.cli;

import dev.coracle.cli.lambda.SandboxKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --sandbox}: the names of the sandboxes in lower case. */
final class SandboxConverter implements ITypeConverter<SandboxKind> {
    @Override
    public SandboxKind convert(String value) {
        return switch (value) {
            case "auto" -> SandboxKind.AUTO;
            case "runc" -> SandboxKind.RUNC;
            case "none" -> SandboxKind.NONE;
            default -> throw new TypeConversionException("'" + value + "' is not auto, runc or none");
        };
    }
}
