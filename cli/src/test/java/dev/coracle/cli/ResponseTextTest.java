package dev.coracle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResponseTextTest {
    @Test
    void showsALineForEachMemberAndLongTextAsATerminalWould() {
        assertThat(ResponseText.of("""
                {"exitCode":0,"signal":null,"stdout":"one\\n\\ttwo\\n","stderr":"oh\\n","engine":{"mode":"F1"}}""")).isEqualTo("""
                        exitCode  0
                        signal    null
                        stdout
                          | one
                          | \ttwo
                        stderr    oh
                        engine    {"mode":"F1"}""");
    }

    @Test
    void whatMovesATerminalsCursorIsReplaced() {
        assertThat(ResponseText.of("{\"stdout\":\"a\\u001b[2Jb\\rc\"}")).isEqualTo("stdout  a\uFFFD[2Jb\uFFFDc");
    }

    @Test
    void whatIsNoObjectIsShownAsItIs() {
        assertThat(ResponseText.of("\"text\"")).isEqualTo("\"text\"");
        assertThat(ResponseText.of("[1,2]")).isEqualTo("[ 1, 2 ]");
        assertThat(ResponseText.of("{}")).isEqualTo("{ }");
        assertThat(ResponseText.of("no JSON")).isEqualTo("no JSON");
    }
}
