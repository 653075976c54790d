package dev.coracle.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamTemplateTest {
    @Test
    void theTemplateOfTheHouseIsValid() throws IOException {
        assertThat(SamTemplate.problems(template())).isEmpty();
    }

    @Test
    void itsHandlerIsAClassOfTheHouseAndItsLimitsAreParameters() throws IOException {
        assertThat(template())
                .contains("Handler: dev.coracle.handler.ContainerHandler")
                .contains("CodeUri: handler/target/coracle-function.zip")
                .contains("MemorySize: !Ref", "Timeout: !Ref", "Size: !Ref", "!Ref ToolsLayer", "!Ref ImageLayer");
    }

    @ParameterizedTest
    @CsvSource({
        "MemorySize:, MemorySizze:, MemorySizze is not known",
        "Timeout: !Ref TimeoutSeconds, Timeout: ten, Timeout is not a NUMBER",
        "!Ref TimeoutSeconds, !Ref TimeoutSecond, refers to TimeoutSecond",
        "Size: !Ref ScratchMegabytes, Sise: 512, EphemeralStorage is not a SIZE",
        "!GetAtt ContainerFunction.Arn, !GetAtt Nothing.Arn, refers to Nothing",
        "${AWS::StackName}-tools, ${Stack}-tools, refers to Stack",
        "!GetAtt Container, !Fetch Container, the tag !Fetch is not known",
        "AWS::Serverless::LayerVersion, AWS::Serverless::Layer, Type is AWS::Serverless::Layer",
        "Default: 300, Default: 3000, Default is not a number between",
        "Transform: AWS::Serverless-2016-10-31, Transform: None, Transform is not",
        "ContentUri: dist/demo-image-layer.zip, LicenseInfo: x, ContentUri is missing"
    })
    void mistakesAreFound(String right, String wrong, String problem) throws IOException {
        var broken = template().replace(right, wrong);
        assertThat(SamTemplate.problems(broken)).anyMatch(found -> found.contains(problem));
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() throws IOException {
        var twice = template().replace("Runtime: java21\n", "Runtime: java21\n      Runtime: java21\n");
        assertThatThrownBy(() -> SamTemplate.problems(twice)).hasMessageContaining("duplicate key");
    }

    private static String template() throws IOException {
        return Files.readString(Checkout.HOME.resolve("template.yaml"));
    }
}
