package dev.coracle.cli.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.cli.lambda.functions.Behaviour;
import dev.coracle.cli.lambda.functions.BrokenInit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of execution environments, in whatever sandbox this machine has. */
class LocalLambdaTest {
    private final LambdaSettings settings;

    LocalLambdaTest(@TempDir Path folder) throws IOException {
        settings = LambdaSettings.of(FunctionZip.ofTestFunctions(folder)).withHandler(Behaviour.class.getName());
    }

    @Test
    void answersColdThenWarmInTheSameEnvironment() {
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            Invocation cold = invoke(lambda, "hello");
            Invocation warm = invoke(lambda, "again");

            assertThat(cold.outcome()).isEqualTo(new Outcome.Answered("\"hello 1\""));
            assertThat(cold.coldStart()).isTrue();
            assertThat(cold.timings().init()).isPositive();
            assertThat(cold.log()).isEqualTo("call 1 does hello\n");
            assertThat(warm.outcome()).isEqualTo(new Outcome.Answered("\"again 2\""));
            assertThat(warm.coldStart()).isFalse();
            assertThat(warm.timings().init()).isZero();
            assertThat(warm.log()).isEqualTo("call 2 does again\n");
            assertThat(warm.maxMemoryBytes()).isPositive();
        }
    }

    @Test
    void reportsAnExceptionAndKeepsTheEnvironment() {
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            Invocation failed = invoke(lambda, "fail");

            assertThat(failed.outcome()).isInstanceOf(Outcome.Failed.class);
            assertThat(failed.outcome().payload()).contains("as asked").contains("IllegalStateException");
            assertThat(invoke(lambda, "next").coldStart()).isFalse();
        }
    }

    @Test
    void reportsAFailedInit() {
        try (LocalLambda lambda = LocalLambda.start(settings.withHandler(BrokenInit.class.getName()))) {
            Invocation failed = invoke(lambda, "hello");

            assertThat(failed.outcome()).isInstanceOf(Outcome.Failed.class);
            assertThat(failed.outcome().payload()).contains("no init today");
            assertThat(invoke(lambda, "hello").coldStart()).isTrue();
        }
    }

    @Test
    void reportsATimeOutAndStartsAfresh() {
        try (LocalLambda lambda = LocalLambda.start(settings.withTimeout(Duration.ofMillis(1500)))) {
            Invocation late = invoke(lambda, "hang");

            assertThat(late.outcome().payload())
                    .isEqualTo("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: " + late.requestId()
                            + " Error: Task timed out after 1.50 seconds\"}");
            Invocation next = invoke(lambda, "hello");
            assertThat(next.coldStart()).isTrue();
            assertThat(next.outcome().payload()).isEqualTo("\"hello 1\"");
        }
    }

    @Test
    void reportsACrashWithItsStatusAndStartsAfresh() {
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            Invocation exited = invoke(lambda, "exit");
            Invocation killed = invoke(lambda, "kill");

            assertThat(exited.outcome().payload())
                    .isEqualTo("{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: "
                            + exited.requestId() + " Error: Runtime exited with error: exit status 7\"}");
            assertThat(killed.coldStart()).isTrue();
            assertThat(killed.outcome().payload()).contains("Runtime exited with error: signal: killed");
            assertThat(invoke(lambda, "hello").coldStart()).isTrue();
        }
    }

    @Test
    void refusesAResponseOverSixMegabytes() {
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            Invocation big = invoke(lambda, "big");

            assertThat(big.outcome().payload())
                    .contains("Function.ResponseSizeTooLarge")
                    .contains("6291556 bytes");
            assertThat(invoke(lambda, "hello").failed()).isFalse();
        }
    }

    @Test
    void givesTheContextRequestIdDeadlineArnAndTrace() {
        try (LocalLambda lambda = LocalLambda.start(settings.withTimeout(Duration.ofSeconds(30)))) {
            Invocation invocation = invoke(lambda, "context");

            String[] words = invocation.outcome().payload().replace("\"", "").split(" ", -1);
            assertThat(words[0]).isEqualTo(invocation.requestId());
            assertThat(Integer.parseInt(words[1])).isBetween(1, 30_000);
            assertThat(words[2]).isEqualTo("arn:aws:lambda:us-east-1:123456789012:function:coracle-local");
            assertThat(words[3]).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0");
        }
    }

    @Test
    void repeatsAnInitThatTookTooLong() {
        try (LocalLambda lambda = LocalLambda.start(settings).withLongestInit(Duration.ofMillis(1))) {
            assertThat(invoke(lambda, "hello").outcome()).isEqualTo(new Outcome.Answered("\"hello 1\""));
        }
    }

    @Test
    void runsUnconfinedWithANotice() {
        try (LocalLambda lambda = LocalLambda.start(settings.withSandbox(SandboxKind.NONE))) {
            assertThat(lambda.notices()).anyMatch(notice -> notice.contains("unconfined"));
            assertThat(invoke(lambda, "hello").failed()).isFalse();
            assertThat(lambda.processes())
                    .isNotEmpty()
                    .allSatisfy(pid -> assertThat(ProcessTable.state(pid)).isEqualTo('T'));
            assertThat(invoke(lambda, "run test -d $CORACLE_OPT -a -d $LAMBDA_TASK_ROOT")
                            .outcome()
                            .payload())
                    .isEqualTo("\"0\"");
            assertThat(invoke(lambda, "exit").outcome().payload()).contains("exit status 7");
        }
    }

    @Test
    void refusesEventsThatAreNoJson() {
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            assertThatThrownBy(() -> lambda.invoke("{".getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(LambdaException.class)
                    .hasMessageContaining("not JSON");
            assertThatThrownBy(() -> lambda.invoke("{} {}".getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(LambdaException.class);
            assertThatThrownBy(() -> lambda.invoke(new byte[0])).isInstanceOf(LambdaException.class);
            assertThatThrownBy(() -> lambda.invoke(new byte[7 << 20])).hasMessageContaining("more than the 6291556");
        }
    }

    private static Invocation invoke(LocalLambda lambda, String event) {
        return lambda.invoke(('"' + event + '"').getBytes(StandardCharsets.UTF_8));
    }
}
