package dev.coracle.cli.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.cli.lambda.LambdaVariables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the handler answers in the sandbox, with one image of this machine's programs. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersInLambdaTest {
    private static final String PROGRAMS =
            "sh,cat,env,id,ls,sleep,setsid,seq,wc,head,tail,sort,sha256sum,touch,chmod,tr,yes,stat";

    private Function function;

    @BeforeAll
    void startTheFunction(@TempDir Path directory) {
        function = Function.start(Function.settings(new RealLayers(directory).ofHostPrograms(PROGRAMS)));
    }

    @AfterAll
    void endTheFunction() {
        if (function != null) {
            function.close();
        }
    }

    @Test
    void answersWithEveryKeyOfTheContract() {
        JsonNode answer = function.run("echo out; echo err >&2; exit 3");

        assertThat(answer.get("exitCode").asInt()).isEqualTo(3);
        assertThat(answer.get("signal").isNull()).isTrue();
        assertThat(answer.get("timedOut").asBoolean()).isFalse();
        assertThat(answer.get("stdout").asText()).isEqualTo("out\n");
        assertThat(answer.get("stderr").asText()).isEqualTo("err\n");
        assertThat(answer.get("stdoutTruncated").asBoolean()).isFalse();
        assertThat(answer.at("/engine/mode").asText()).isEqualTo("F3");
        assertThat(answer.at("/engine/reason").asText()).isNotEmpty();
        assertThat(answer.at("/timingsMs/total").isNumber()).isTrue();
        assertThat(answer.get("coldStart").isBoolean()).isTrue();
    }

    @Test
    void givesTheCommandItsInputVariablesDirectoryAndUser() {
        ObjectNode event = Function.script("pwd; id -u; id -g; echo \"$WORD\"; sort");
        event.put("stdin", "b\nä\na\n").put("workdir", "/data/new").put("user", "1234:56");
        event.putObject("env").put("WORD", "two words").put("LC_ALL", "C");

        assertThat(function.answer(event).get("stdout").asText())
                .isEqualTo("/data/new\n1234\n56\ntwo words\na\nb\nä\n");
    }

    @Test
    void tellsSignalsFromExitCodes() {
        JsonNode killed = function.run("kill -KILL $$");
        assertThat(killed.get("exitCode").asInt()).isEqualTo(137);
        assertThat(killed.get("signal").asInt()).isEqualTo(9);

        JsonNode exited = function.run("exit 137");
        assertThat(exited.get("exitCode").asInt()).isEqualTo(137);
        assertThat(exited.get("signal").isNull()).isTrue();
    }

    @Test
    void saysWhatIsNotThereAndWhatIsNoProgram() {
        ObjectNode missing = Function.script("");
        missing.putArray("command").add("no-such-program");
        JsonNode answer = function.answer(missing);
        assertThat(answer.get("exitCode").asInt()).isEqualTo(127);
        assertThat(answer.get("stderr").asText()).contains("no-such-program");

        ObjectNode data = Function.script("");
        data.putArray("command").add("/etc/passwd");
        assertThat(function.answer(data).get("exitCode").asInt()).isEqualTo(126);
    }

    @Test
    void keepsTheTreeAndTheFunctionWarm() {
        function.run("touch /tmp/kept");
        Set<Integer> before = function.processes();

        JsonNode warm = function.run("ls /tmp/kept");

        assertThat(warm.get("stdout").asText()).isEqualTo("/tmp/kept\n");
        assertThat(warm.get("coldStart").asBoolean()).isFalse();
        assertThat(function.processes()).isEqualTo(before);
    }

    @Test
    void replacesBytesThatAreNoTextAndSaysSo() {
        JsonNode answer = function.run("printf 'a\\377b\\303'");

        assertThat(answer.get("stdout").asText()).isEqualTo("a\uFFFDb\uFFFD");
        assertThat(answer.get("stdoutReplaced").asBoolean()).isTrue();
    }

    @Test
    void cutsOutputThatNoAnswerCarriesAndKeepsItWhole() throws IOException {
        JsonNode answer = function.run("seq 1 2000000; echo short >&2");

        assertThat(answer.toString().length()).isLessThanOrEqualTo(6_291_556);
        assertThat(answer.get("stdoutTruncated").asBoolean()).isTrue();
        assertThat(answer.get("stdoutBytes").asInt()).isEqualTo(14_888_896);
        assertThat(answer.get("stdout").asText()).startsWith("1\n2\n");
        // A line end is two bytes in JSON.
        assertThat(answer.toString().length()).isGreaterThan(6_280_000);
        assertThat(answer.get("stderr").asText()).isEqualTo("short\n");
        String kept = answer.get("stdoutFile").asText();
        assertThat(kept).startsWith("/tmp/");
        assertThat(Files.size(function.file(kept))).isEqualTo(14_888_896);
    }

    @Test
    void givesTheGuestACleanEnvironment() {
        String variables = function.printed("env | sort");

        assertThat(variables)
                .isEqualTo("HOME=/root\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nPWD=/\n");
        assertThat(function.printed("cd \"$HOME\" && touch it && ls")).isEqualTo("it\n");
    }

    @Test
    void hidesTheFunctionsCredentialsFromTheGuest() {
        String all = function.run("cat /proc/[0-9]*/environ /proc/*/task/*/environ | tr '\\0' '\\n'")
                .get("stdout")
                .asText();

        assertThat(all)
                .contains("PATH=")
                .doesNotContain(
                        LambdaVariables.SECRET_KEY,
                        LambdaVariables.ACCESS_KEY,
                        LambdaVariables.SESSION_TOKEN,
                        "LD_LIBRARY_PATH");
    }

    @Test
    void endsEverythingOnTheDeadline() {
        function.run("true");
        Set<Integer> before = function.processes();
        ObjectNode event = Function.script(
                "echo begun; setsid sh -c 'sleep 4711 & setsid sleep 4711' & (sleep 4711 &) ; trap '' TERM; sleep 4711");

        JsonNode answer = function.answer(event.put("timeoutSeconds", 0.8));

        assertThat(answer.get("timedOut").asBoolean()).isTrue();
        assertThat(answer.get("exitCode").asInt()).isEqualTo(137);
        assertThat(answer.get("signal").asInt()).isEqualTo(9);
        assertThat(answer.get("stdout").asText()).isEqualTo("begun\n");
        assertThat(answer.at("/timingsMs/run").asInt()).isBetween(800, 5000);
        assertThat(function.processes()).isEqualTo(before);
    }

    @Test
    void leavesNothingRunningAfterTheAnswer() {
        function.run("true");
        Set<Integer> before = function.processes();

        JsonNode answer =
                function.run("sleep 4712 & setsid sleep 4712 & (setsid sh -c 'sleep 4712 & sleep 4712' &) ; echo done");

        assertThat(answer.get("stdout").asText()).isEqualTo("done\n");
        assertThat(answer.get("exitCode").asInt()).isZero();
        assertThat(function.processes()).isEqualTo(before);
    }

    @Test
    void keepsTheGuestInItsTree() {
        assertThat(function.printed("ls -d /var/task /opt/coracle 2>&1 | wc -l; ls /proc/self/root/"))
                .startsWith("2\n")
                .doesNotContain("opt");
        assertThat(function.run("cat ../../../../../../var/task/lib/*")
                        .get("exitCode")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void refusesEventsThatItDoesNotUnderstand() {
        assertThat(function.failure("{\"comand\":[\"ls\"],\"timeoutSeconds\":-1}")
                        .get("errorMessage")
                        .asText())
                .contains("comand", "command", "timeoutSeconds");
        assertThat(function.failure("[1]").get("errorType").asText()).contains("BadRequest");
        assertThat(function.failure("{\"image\":\"other\"}").get("errorMessage").asText())
                .contains("\"other\"", "host");
        assertThat(function.printed("echo still here")).isEqualTo("still here\n");
    }
}
