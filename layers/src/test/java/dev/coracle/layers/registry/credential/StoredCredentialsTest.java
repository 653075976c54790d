package dev.coracle.layers.registry.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.registry.credential.Credential.IdentityToken;
import dev.coracle.layers.registry.credential.Credential.Password;
import dev.coracle.layers.registry.credential.Credential.RegistryToken;
import dev.coracle.layers.registry.credential.CredentialProgram.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredCredentialsTest {
    private static final Password ME = new Password("me", "pa:ss");

    @TempDir
    Path temp;

    private static String auth(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String json) throws IOException {
        Path file = Files.writeString(temp.resolve("logins.json"), json);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private Path login(String address) throws IOException {
        return file("{\"auths\":{\"" + address + "\":{\"auth\":\"" + auth("me:pa:ss") + "\"}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://index.docker.io/v1/",
                "docker.io",
                "index.docker.io",
                "https://registry-1.docker.io",
                "https://docker.io"
            })
    void dockerHubIsFoundUnderAllItsNames(String address) throws Exception {
        assertThat(new DockerConfig(login(address)).find("docker.io")).isEqualTo(ME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:5000", "https://host:5000", "http://host:5000/v2/", "host:5000/"})
    void registriesAreFoundInEverySpelling(String address) throws Exception {
        DockerConfig config = new DockerConfig(login(address));
        assertThat(config.find("host:5000")).isEqualTo(ME);
        assertThat(config.find("host")).isEqualTo(Credential.ANONYMOUS);
    }

    @Test
    void everyFormOfALoginIsRead() throws Exception {
        DockerConfig config = new DockerConfig(file("""
                {"auths":{"a":{"identitytoken":"id","auth":"%s"},"b":{"registrytoken":"r"},"c":{"username":"u","password":"p"},
                 "d":{},"e":{"auth":"%s"}}}""".formatted(auth("x:y"), auth("me:pa:ss\0\0"))));
        assertThat(config.find("a")).isEqualTo(new IdentityToken("id"));
        assertThat(config.find("b")).isEqualTo(new RegistryToken("r"));
        assertThat(config.find("c")).isEqualTo(new Password("u", "p"));
        assertThat(config.find("d")).isEqualTo(Credential.ANONYMOUS);
        assertThat(config.find("e")).isEqualTo(ME);
    }

    @Test
    void aMissingFileKnowsNobody() {
        assertThat(new DockerConfig(temp.resolve("none")).find("a")).isEqualTo(Credential.ANONYMOUS);
        assertThat(new UdockerKeystore(temp.resolve("none")).find("a")).isEqualTo(Credential.ANONYMOUS);
    }

    @Test
    void aDamagedFileIsNamedWithoutItsSecrets() throws Exception {
        assertThatThrownBy(() -> new DockerConfig(file("{\"auths\":{\"a\":{\"auth\":SECRET}}}")).find("a"))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("logins.json")
                .hasMessageNotContaining("SECRET")
                .hasNoCause();
        assertThatThrownBy(() -> new DockerConfig(file("{\"auths\":{\"a\":{\"auth\":\"U0VDUkVU\"}}}")).find("a"))
                .hasMessageContaining("the login for a")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void helpersAreAskedFirstAndOnlyForTheirOwn() throws Exception {
        Path file = file("""
                {"credsStore":"all","credHelpers":{"own":"special"},"auths":{"x":{"auth":"%s"}}}""".formatted(auth("me:pa:ss")));
        List<String> asked = new ArrayList<>();
        DockerConfig config = new DockerConfig(file, (program, input) -> {
            asked.add(program + " " + input);
            return input.equals("x")
                    ? new Answer(1, "credentials not found in native keychain\n")
                    : new Answer(
                            0, "{\"Username\":\"" + (input.equals("own") ? "<token>" : "u") + "\",\"Secret\":\"s\"}");
        });
        assertThat(config.find("own")).isEqualTo(new IdentityToken("s"));
        assertThat(config.find("docker.io")).isEqualTo(new Password("u", "s"));
        assertThat(config.find("x")).isEqualTo(ME);
        assertThat(asked)
                .containsExactly(
                        "docker-credential-special own",
                        "docker-credential-all https://index.docker.io/v1/",
                        "docker-credential-all x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/b", "", "-x", "a b"})
    void helpersWithOddNamesAreNotRun(String name) throws Exception {
        CredentialProgram helper = new CredentialProgram(name, (program, input) -> {
            throw new AssertionError("was run: " + program);
        });
        assertThatThrownBy(() -> helper.find("a")).hasMessageContaining("no program can be called so");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECRET{", "\"SECRET"})
    void whatAHelperSaysIsNotShown(String output) {
        CredentialProgram helper = new CredentialProgram("h", (program, input) -> new Answer(0, output));
        assertThatThrownBy(() -> helper.find("a")).hasMessageNotContaining("SECRET");
        CredentialProgram failing = new CredentialProgram("h", (program, input) -> new Answer(3, output));
        assertThatThrownBy(() -> failing.find("a"))
                .hasMessageContaining("ended with 3")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void aHelperThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new CredentialProgram("none-such-as-this", CredentialProgram.RUN).find("a"))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("docker-credential-none-such-as-this");
    }

    @Test
    void udockersKeystoreIsReadWhenItIsPrivate() throws Exception {
        Path file = file("{\"https://registry-1.docker.io\":{\"auth\":\"" + auth("me:pa:ss") + "\",\"email\":\"\"}}");
        assertThat(new UdockerKeystore(file).find("docker.io")).isEqualTo(ME);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> new UdockerKeystore(file).find("docker.io")).hasMessageContaining("chmod 600");
    }

    @Test
    void loginsAreKeptAndForgottenInFilesThatNobodyElseReads() throws Exception {
        Path file = temp.resolve("keystore");
        UdockerKeystore keystore = new UdockerKeystore(file);
        keystore.keep("docker.io", ME);
        keystore.keep("https://host:5000", new Password("other", "ö"));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(file).content().contains("\"https://docker.io\":{\"auth\":\"" + auth("me:pa:ss") + "\"");
        assertThat(keystore.find("docker.io")).isEqualTo(ME);
        assertThat(keystore.find("host:5000")).isEqualTo(new Password("other", "ö"));
        assertThat(keystore.forget("docker.io")).isTrue();
        assertThat(keystore.forget("docker.io")).isFalse();
        assertThat(keystore.find("docker.io")).isEqualTo(Credential.ANONYMOUS);
        assertThat(keystore.forgetAll()).isTrue();
        assertThat(keystore.forgetAll()).isFalse();
    }

    @Test
    void theFirstSourceThatKnowsCounts() {
        CredentialSource none = CredentialSource.NONE;
        assertThat(CredentialSource.firstOf(List.of(none, registry -> ME, registry -> new RegistryToken("x")))
                        .find("a"))
                .isEqualTo(ME);
        assertThat(CredentialSource.firstOf(List.of(none)).find("a")).isEqualTo(Credential.ANONYMOUS);
    }
}
